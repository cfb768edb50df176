package subprocess

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"netql/query/schema"
	"netql/shell/remote"
	"netql/shell/remote/frame"
)

// child is a program that runs netql answer on a host.
type child struct {
	cmd     *exec.Cmd
	input   *input
	output  *os.File
	frames  *frame.Reader
	errors  tail
	stopped sync.Once
	ended   chan struct{} // closed when the program and what it has started are gone
	exit    *os.ProcessState
}

// start runs a program, in a process group of its own: Ctrl-C at the terminal is netql's, which ends the programs, and
// no program reads from the terminal. The kernel ends the program when the thread that calls start ends, and so with
// netql, by whatever it is ended (PR_SET_PDEATHSIG(2const)); it does not end what the program has started itself, nor
// one that has gained rights, such as sudo.
func start(words []string) (*child, error) {
	c := &child{cmd: exec.Command(words[0], words[1:]...), ended: make(chan struct{})}
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
	c.cmd.Stderr = &c.errors
	c.cmd.WaitDelay = killAfter // what a child of the program holds open does not hold us
	stdin, err := c.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	output, theirs, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	c.output, c.cmd.Stdout = output, theirs
	err = c.cmd.Start()
	theirs.Close()
	if err != nil {
		stdin.Close()
		output.Close()
		return nil, err
	}
	c.input, c.frames = newInput(stdin), frame.NewReader(output)
	go func() {
		defer close(c.ended)
		_ = c.cmd.Wait() // its status is looked at by the one who waits
		c.exit = c.cmd.ProcessState
	}()
	return c, nil
}

// killAfter is how long a program may take to end when it is told to.
const killAfter = time.Second

// stop ends the program and those that it has started, and does not wait.
func (c *child) stop() {
	c.stopped.Do(func() {
		c.input.close()
		c.signal(syscall.SIGTERM)
		go func() {
			select {
			case <-c.ended:
			case <-time.After(killAfter):
			}
			c.signal(syscall.SIGKILL)
			c.output.SetReadDeadline(time.Now())
		}()
	})
}

// signal sends a signal to all processes of the program's group. The group has its number for as long as one of them is
// there, or nobody has waited for the program.
func (c *child) signal(s syscall.Signal) { _ = syscall.Kill(-c.cmd.Process.Pid, s) }

// end waits for the end of the program. One that does not end by itself when its input has ended is ended.
func (c *child) end(politely bool) *os.ProcessState {
	if politely {
		select {
		case <-c.ended:
		case <-time.After(killAfter):
		}
	}
	select {
	case <-c.ended:
	case <-time.After(lingers):
	}
	c.stop()
	<-c.ended
	c.output.Close()
	return c.exit
}

// lingers is how long a program whose output has ended may take to tell why.
const lingers = 500 * time.Millisecond

// diagnosis tells why a program has ended before the host's answer.
func diagnosis(err error, greeted bool, exit *os.ProcessState, c *child) (remote.State, string) {
	said := c.errors.text()
	greeted = greeted || errors.Is(err, io.ErrUnexpectedEOF) && c.frames.BegunHello()
	switch {
	case errors.Is(err, frame.ErrBroken), errors.Is(err, io.ErrUnexpectedEOF) && !greeted:
		return remote.Failed, c.rubbish()
	case strings.Contains(said, `unknown table "answer"`):
		return remote.Older, "its netql is too old to be asked: copy this one there"
	case c.lacksNetql(exit):
		return remote.Failed, "netql is not there (" + said + "): copy the binary into a directory of its PATH, or " +
			"name it: --via 'ssh {} /PATH/netql answer'"
	case c.errors.crash() != "":
		return remote.Failed, "netql there has crashed (" + c.errors.crash() + "), which is a bug of it"
	case greeted && said == "":
		return remote.Failed, fmt.Sprintf("the answer broke off (%v)", exit)
	case greeted:
		return remote.Failed, "the answer broke off: " + said
	case said == "":
		return remote.Failed, fmt.Sprintf("%s ended without a word (%v)", c.cmd.Path, exit)
	}
	return remote.Failed, said
}

// rubbish tells what came in the place of frames.
func (c *child) rubbish() string {
	text := "it sends what is no answer"
	if start := c.frames.Begun(); len(start) > 0 {
		text += fmt.Sprintf(": %q", start)
	}
	return text + " (a start-up file of its shell must print nothing)"
}

// notFound is the status of a shell that does not find a command.
const notFound = 127

func (c *child) lacksNetql(exit *os.ProcessState) bool {
	said := c.errors.text()
	return exit.ExitCode() == notFound || strings.Contains(said, "command not found") ||
		strings.Contains(said, "executable file not found")
}

// permanent says that another attempt will not go better.
func (c *child) permanent(exit *os.ProcessState) bool {
	return c.lacksNetql(exit) || strings.Contains(c.errors.text(), "unknown table")
}

// tail keeps the last of what a program says on stderr.
type tail struct {
	lock    sync.Mutex
	last    []byte
	crashed string // how the trace begins that Go's runtime writes when a program crashes; "" before that
}

// longestSaid bounds what is kept of it, and longestReason what is shown.
const longestSaid, longestReason = 4 << 10, 300

func (t *tail) Write(b []byte) (int, error) {
	t.lock.Lock()
	defer t.lock.Unlock()
	t.last = append(t.last, b...)
	if t.crashed == "" {
		t.crashed = crashIn(t.last)
	}
	if extra := len(t.last) - longestSaid; extra > 0 {
		t.last = append(t.last[:0], t.last[extra:]...)
	}
	return len(b), nil
}

// crashIn is the first line of the trace of a crash in a text; "" where there is none.
func crashIn(text []byte) string {
	for line := range bytes.Lines(text) {
		if bytes.HasPrefix(line, []byte("panic: ")) || bytes.HasPrefix(line, []byte("fatal error: ")) {
			return string(line)
		}
	}
	return ""
}

// crash is the first line of the trace of a crash, without what a terminal would obey; "" where there is none.
func (t *tail) crash() string {
	t.lock.Lock()
	defer t.lock.Unlock()
	line := schema.Visible(strings.TrimSpace(t.crashed))
	if runes := []rune(line); len(runes) > longestReason {
		line = string(runes[:longestReason]) + " ..."
	}
	return line
}

// text is the last lines, as one, without what a terminal would obey.
func (t *tail) text() string {
	t.lock.Lock()
	defer t.lock.Unlock()
	text := schema.Visible(strings.Join(strings.Fields(string(t.last)), " "))
	if runes := []rune(text); len(runes) > longestReason {
		text = "... " + string(runes[len(runes)-longestReason:])
	}
	return text
}
