package shell

import (
	"cmp"
	"context"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"netql/query"
	"netql/shell/remote/answer"
	"netql/shell/remote/frame"
	"netql/shell/tty"
	"netql/sources"
)

// answerName is the command by which netql answers the questions that another netql asks over stdin.
const answerName = "answer"

// answerAsks answers what another netql asks, until its input ends. It writes nothing but frames to stdout.
func (s *session) answerAsks(words []string) int {
	switch {
	case len(words) > 0:
		return s.usageFailure("", usagef("netql answer takes no argument"))
	case tty.Is(s.in):
		return s.usageFailure("", usagef("netql answer is for another netql, which asks over stdin").
			withHint("netql --hosts web1,web2 'QUERY' runs it on each host"))
	}
	host := answer.Host{Hello: s.hello, Open: s.openAsked}
	if err := host.Serve(context.Background(), s.in, s.out); err != nil {
		s.message("error", "%v", err)
		return failed
	}
	return done
}

// hello says who answers.
func (s *session) hello() frame.Hello {
	h := frame.Hello{Proto: frame.Proto, Version: moduleVersion(), UID: os.Getuid(), Time: time.Now()}
	h.Host, _ = os.Hostname() // "" where it has none
	var name unix.Utsname
	if unix.Uname(&name) == nil {
		h.Kernel = unix.ByteSliceToString(name.Release[:])
	}
	return h
}

// moduleVersion is the version alone.
func moduleVersion() string {
	_, version, _ := strings.Cut(strings.TrimSpace(version()), " ")
	version, _, _ = strings.Cut(version, " ")
	return version
}

// openAsked is what a question is about: what this netql itself asks by its flags, or a network namespace that the
// question names.
func (s *session) openAsked(ask *frame.Ask) (answer.Target, error) {
	t := s.borrowed()
	if ask.Namespace != "" {
		if s.system == nil || !s.system.Live {
			return answer.Target{}, usagef("it has no network namespaces to choose from")
		}
		if err := t.useNamespace(ask.Namespace); err != nil {
			return answer.Target{}, err
		}
	}
	name, _ := os.Hostname()
	return answer.Target{
		Name: cmp.Or(name, "localhost"), Catalog: t.catalog,
		State: func() query.State { return t.state() },
		Close: func() {
			t.releaseAnswer()
			t.closeTarget()
		},
	}, nil
}

// AnswerHost answers about this machine. It is for a program that carries questions in another way than by stdin, and
// may be used by several goroutines.
func AnswerHost() answer.Host {
	s := newSession(strings.NewReader(""), io.Discard, io.Discard)
	s.use(sources.Live())
	return answer.Host{Hello: s.hello, Open: s.openAsked}
}
