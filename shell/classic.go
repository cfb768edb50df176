package shell

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"netql/query"
	"netql/shell/netstat"
)

// isClassic says whether the words of the command line are netstat's: its name, or one of its flags.
func isClassic(words []string) bool {
	if len(words) == 0 {
		return false
	}
	first := words[0]
	return first == netstatName || len(first) > 1 && first[0] == '-' || len(first) == 2 && first[0] == '/'
}

// netstatName is the word before flags, and what a link to the program may be called.
const netstatName = "netstat"

// calledNetstat says whether the program was started by that name.
func calledNetstat(name string) bool { return filepath.Base(name) == netstatName }

// netstat answers a line of the prompt that starts with netstat. Long flags are for this line alone.
func (s *session) netstat(words []string) int {
	o := *s.options
	o.capture, o.netns = "", "" // what answers the prompt answers this, too
	o, words, err := o.with(words)
	if err != nil {
		return s.reject("", err)
	}
	options, target := *s.options, s.target
	*s.options, s.target = o, target.borrowed()
	status := s.classic(words)
	s.closeTarget()
	*s.options, s.target = options, target
	s.releaseAnswer()
	return status
}

// classic answers what netstat's flags ask for; the word before them may be there or not.
func (s *session) classic(words []string) int {
	about := ""
	if words[0] == netstatName {
		words = words[1:]
	} else if len(words) == 1 && words[0] == "/?" {
		about = help() + "\n" // nobody said what it is about
	}
	command, err := netstat.Parse(words, s.options.dialect, s.state().Protocol)
	if err != nil {
		return s.rejectFlags(err)
	}
	if command.Help || s.options.help {
		return s.print(about + netstatUsage(command.Dialect))
	}
	if err := s.useNamed(command); err != nil {
		return s.refuse(err)
	}
	defer s.releaseAnswer()
	state := s.state() // one for all displays: what names they may wait for is counted together
	displays := make([]display, len(command.Displays))
	for i, d := range command.Displays {
		plan, err := query.Compile(d.Query, s.catalog, state)
		if err != nil {
			return s.reject(d.Query, err)
		}
		if err := s.rejectIfLive(plan); err != nil && !s.options.explain {
			return s.reject("", err)
		}
		displays[i] = display{plan, d.Layout}
	}
	if s.options.explain {
		return s.print(explained(displays))
	}
	return untilSignal(func(ctx context.Context) int {
		if status := s.requireInterface(ctx, state, command.Interface); status != done {
			return status
		}
		for _, note := range command.Notes {
			s.complain("note", "%s", note)
		}
		return s.run(ctx, displays)
	}, os.Interrupt)
}

// useNamed lets the capture or the namespace answer that the flags name, those of netstat (-M, -N) and our own.
func (s *session) useNamed(command *netstat.Command) error {
	if command.Capture != "" {
		s.options.capture = command.Capture
	}
	if command.Namespace != "" {
		s.options.netns = command.Namespace
	}
	err := s.useOptions(s.options)
	var usage *usageError
	if errors.As(err, &usage) && command.Placed {
		usage.hint += "; an interval is a whole number of seconds"
	}
	return err
}

// explained are the queries, each with its plan.
func explained(displays []display) string {
	parts := make([]string, len(displays))
	for i, d := range displays {
		parts[i] = visibleLines(d.plan.Query() + "\n\n" + d.plan.Explain() + "\n")
	}
	return strings.Join(parts, "\n")
}

// rejectFlags shows what is wrong with netstat's flags.
func (p *printer) rejectFlags(err error) int {
	var inFlags *netstat.Error
	if !errors.As(err, &inFlags) {
		return p.reject("", err)
	}
	wrong := usagef("%s", inFlags.Message)
	if inFlags.Usage && inFlags.Hint == "" {
		wrong.hint = "netql netstat --help lists the flags"
	} else {
		wrong.hint = inFlags.Hint
	}
	status := p.reject("", wrong)
	if inFlags.Usage {
		_, _ = p.err.Write([]byte(netstat.Synopsis(dialectOrAll(inFlags.Dialect)...)))
	}
	return status
}

func dialectOrAll(d *netstat.Dialect) []*netstat.Dialect {
	if d == nil {
		return nil
	}
	return []*netstat.Dialect{d}
}

func netstatUsage(d *netstat.Dialect) string { return netstat.Usage(dialectOrAll(d)...) }

// requireInterface finds out, before anything else is read, whether there is the interface that was named.
func (s *session) requireInterface(ctx context.Context, state query.State, name string) int {
	if name == "" {
		return done
	}
	plan, err := query.Compile("interfaces | sort index | select name", s.catalog, state)
	if err != nil {
		return s.reject("", err)
	}
	column := plan.Schema().Visible()[0]
	var names []string
	for row, err := range plan.Rows(ctx) {
		if err != nil {
			return s.verdict(ctx, err)
		}
		there, _ := column.Get(row).(string)
		if there == name {
			return done
		}
		names = append(names, there)
	}
	return s.reject("", usagef("there is no interface %s", strconv.Quote(name)).
		withHint("there are %s", strings.Join(names, ", ")))
}

// run shows the displays once, or again and again.
func (p *printer) run(ctx context.Context, displays []display) int {
	ctx, cancel := p.options.limited(ctx)
	defer cancel()
	ctx, release := p.whileRead(ctx, displays[0].plan)
	defer release()
	defer p.endWhenBlocked(ctx)()
	told := map[string]bool{}
	err := p.showDisplays(ctx, displays, func(warning string) {
		told[warning] = true
		p.complain("warning", "%s", warning)
	})
	status := p.verdict(ctx, err)
	var left []string
	for _, d := range displays {
		for _, warning := range d.plan.Warnings() {
			if !told[warning] {
				left = append(left, warning)
				told[warning] = true
			}
		}
	}
	if p.closed {
		return status
	}
	return p.warn(left, status)
}
