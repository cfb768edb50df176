package shell

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"
)

// hostLists reads the files that --hosts @FILE and use hosts @FILE name. They may be pipes, such as a shell's
// <(COMMAND).
type hostLists struct {
	stdin   io.Reader     // what @- reads; nil where queries are read from it
	pipes   bool          // pipes are read, which may take for ever, and takes away what is in them
	timeout time.Duration // how long a pipe is waited for; 0 for no limit
}

// listsFor are the lists of hosts that may be read beside a query that stands in words or a file.
func (s *session) listsFor(words []string, file string) hostLists {
	l := hostLists{pipes: true, timeout: s.options.timeout}
	if len(words) > 0 && words[0] != answerName || file != "" && file != "-" {
		l.stdin = s.in
	}
	return l
}

// read reads a file of hosts; "-" is stdin. Its error is an *unheardError where Ctrl-C or the time limit has ended the
// wait for a pipe: nobody may write into it.
func (l hostLists) read(file string) (string, error) {
	path := expandHome(file)
	open := func() (string, error) { return readTextFile(path) }
	info, err := os.Stat(path)
	switch {
	case file == "-" && l.stdin == nil:
		return "", usagef("queries are read from stdin, and hosts cannot be").
			withHint("netql --hosts @- 'QUERY', or name a file: --hosts @FILE")
	case file == "-":
		path, open = "stdin", func() (string, error) { return readText(l.stdin, path) }
	case err != nil || info.Mode().IsRegular():
		return open()
	}
	if !l.pipes {
		return "", fmt.Errorf("%s is no regular file", path)
	}
	return l.await(path, open)
}

// await waits for what open gives. Where the wait is ended, open goes on until the program ends.
func (l hostLists) await(path string, open func() (string, error)) (string, error) {
	type content struct {
		text string
		err  error
	}
	read := make(chan content, 1)
	go func() {
		text, err := open()
		read <- content{text, err}
	}()
	ctx, stop := (&options{timeout: l.timeout}).limited(context.Background())
	defer stop()
	ctx, forget := signal.NotifyContext(ctx, os.Interrupt)
	defer forget()
	select {
	case c := <-read:
		return c.text, c.err
	case <-ctx.Done():
		return "", &unheardError{path, ctx.Err()}
	}
}

// unheardError says that the wait for a list of hosts was ended.
type unheardError struct {
	path string
	err  error
}

func (e *unheardError) Error() string {
	return fmt.Sprintf("cannot read the hosts: the list in %s has not ended", e.path)
}

// status is the exit status of the program.
func (e *unheardError) status() int {
	if errors.Is(e.err, context.DeadlineExceeded) {
		return timedOut
	}
	return interrupted
}

func isUnheard(err error) bool {
	_, is := errors.AsType[*unheardError](err)
	return is
}
