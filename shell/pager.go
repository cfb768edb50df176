package shell

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"netql/shell/render"
	"netql/shell/tty"
)

// errPagerQuit is the cause of a context that was ended because the person left the pager.
var errPagerQuit = errors.New("the pager has quit")

// The pager where the user has chosen none, and its options: quit if all fits the screen (F), let colours through (R),
// leave the text on the screen (X), and for tables cut long lines (S) instead of wrapping them.
const (
	usualPager   = "less"
	lessForTable = "FRSX"
	lessForText  = "FRX"
)

// noPager is the word for no pager in a setting.
const noPager = "none"

// pagerCommand is that of the flag, else $NETQL_PAGER, where empty turns paging off, else that of the settings, else
// $PAGER, else less.
func (o *options) pagerCommand() string {
	command, ok := os.LookupEnv("NETQL_PAGER")
	if !ok || slices.Contains(o.given, "pager") {
		command = cmp.Or(o.pager, command)
	}
	switch {
	case command == noPager:
		return ""
	case ok || command != "":
		return command
	}
	return cmp.Or(os.Getenv("PAGER"), usualPager)
}

// paged runs produce with a writer to the terminal, which starts the pager as soon as the text is longer than the
// screen. less are the options for less where $LESS is not set; before is called before the first text is shown. The
// context ends when the pager quits, which is no failure.
func (p *printer) paged(
	ctx context.Context, less string, before func() bool, produce func(ctx context.Context, out io.Writer) error,
) error {
	command := p.pagerFor()
	if command == "" {
		return produce(ctx, p.out)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	width, height, _ := tty.Size(p.out)
	pages := &pager{
		ctx: ctx, endHosts: p.endHosts, keyboard: p.in, out: p.out, err: p.err, command: command, less: less,
		width: width, height: height,
		heading: less == lessForTable && !p.options.noHeader, before: before, quit: cancel,
		typedAhead: p.typedAhead,
	}
	err := produce(ctx, pages)
	enough := errors.Is(err, errPagerQuit) || context.Cause(ctx) == errPagerQuit
	if failure := pages.close(); err == nil {
		err = failure
	}
	if enough {
		return nil
	}
	return err
}

// pagerFor is the command of the pager; "" where no person is there to turn pages, or paging is off, or keys wait that
// are not meant for a pager, which would obey them: less runs what follows an exclamation mark. A program that does
// not exist costs a warning, once.
func (p *printer) pagerFor() string {
	if !p.atPrompt || !tty.MovesCursor(p.out) || !tty.Is(p.in) || p.typedAhead() {
		return ""
	}
	command := p.options.pagerCommand()
	name, _, _ := strings.Cut(strings.TrimSpace(command), " ")
	if command == "" || strings.Contains(name, "=") ||
		exec.Command("sh", "-c", `command -v -- "$0"`, name).Run() == nil {
		return command
	}
	if command != usualPager && !p.pagerMissed {
		p.pagerMissed = true
		p.message("warning", "no pager is used: there is no program %q", name)
	}
	return ""
}

// scrollingRows are how many rows a screen has room for, if the answers that are longer go into a pager that scrolls
// sideways; else 0. less does so with the option S, which is ours where $LESS is not set.
func (p *printer) scrollingRows() int {
	name, _, _ := strings.Cut(strings.TrimSpace(p.pagerFor()), " ")
	if less := os.Getenv("LESS"); filepath.Base(name) != usualPager || less != "" && !strings.Contains(less, "S") {
		return 0
	}
	_, height, _ := tty.Size(p.out)
	return max(1, height-2)
}

// pager holds text back until it is clear whether it fits the screen, and then hands it on to the terminal or to the
// pager.
type pager struct {
	ctx           context.Context // of what writes the text
	keyboard      io.Reader
	out, err      io.Writer
	command, less string
	width, height int
	heading       bool // the first line is a heading
	before        func() bool
	typedAhead    func() bool
	quit          context.CancelCauseFunc // of ctx
	endHosts      func()                  // ends the programs that the text may come from

	head   []byte         // the text that is held back
	direct bool           // the terminal gets the text without a pager, because keys wait that are not for one
	in     io.WriteCloser // the pager's input; nil until it is started
	ended  chan struct{}  // closed when the pager has quit
}

func (p *pager) Write(b []byte) (int, error) {
	if p.direct {
		return p.out.Write(b)
	}
	if p.in != nil {
		n, err := p.in.Write(b)
		if err != nil {
			err = errPagerQuit
		}
		return n, err
	}
	p.head = append(p.head, b...)
	if linesOf(p.head, p.width) < p.height {
		return len(b), nil
	}
	if p.direct = p.typedAhead(); p.direct {
		p.before()
	} else if err := p.start(); err != nil {
		return 0, err
	}
	head := p.head
	p.head = nil
	_, err := p.Write(head)
	return len(b), err
}

// hasRoom says whether one more line would still be shown without the pager.
func (p *pager) hasRoom() bool {
	return p.direct || p.in == nil && linesOf(p.head, p.width)+1 < p.height
}

// linesOf is how many lines of a terminal of this width the text takes. Lines with colours take one each, because they
// are made to fit.
func linesOf(text []byte, width int) (n int) {
	for line := range bytes.Lines(text) {
		n++
		if len(line) > width && bytes.IndexByte(line, '\x1b') < 0 {
			n += (render.Width(strings.TrimRight(string(line), "\n")) - 1) / width
		}
	}
	return n
}

// start runs the pager on the terminal. Ctrl-C reaches it, too, and it decides for itself what that means.
func (p *pager) start() error {
	cmd := exec.Command("sh", "-c", p.command)
	cmd.Stdout, cmd.Stderr = p.out, p.err
	if out, ok := p.out.(*outlet); ok {
		cmd.Stdout = out.Writer // the terminal itself
	}
	cmd.Env = os.Environ()
	if os.Getenv("LESS") == "" {
		cmd.Env = append(cmd.Env, "LESS="+p.lessOptions())
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	p.before()
	tty.Discard(p.keyboard) // the beginning of a line, which typedAhead does not see
	started, dead := make(chan struct{}), make(chan struct{})
	var killed atomic.Bool
	release := tty.Guard(p.keyboard, func() { // the modes of before the pager changes them
		<-started
		killed.Store(true)
		terminate(cmd.Process.Pid)
		select {
		case <-dead:
		case <-time.After(time.Second):
		}
		p.quit(errPagerQuit)
		p.endHosts()
	})
	restore := tty.Keep(p.keyboard)
	if err := cmd.Start(); err != nil {
		release()
		return err
	}
	close(started)
	forget := context.AfterFunc(p.ctx, func() { // a signal that came before the guard did
		if p.ending() {
			terminate(cmd.Process.Pid)
		}
	})
	p.in, p.ended = in, make(chan struct{})
	go func() {
		_ = cmd.Wait() // its exit status says nothing about the answer
		forget()
		if p.ending() {
			restore()
		}
		if close(dead); killed.Load() {
			return // the program is about to end, and must not go on to use the terminal
		}
		release()
		p.quit(errPagerQuit)
		close(p.ended)
	}()
	return nil
}

// ending says that a signal ends the program when what writes the text has ended.
func (p *pager) ending() bool {
	_, ends := endingOf(p.ctx)
	return ends
}

// lessOptions are the options for less. Where it can, it keeps the names of a table's columns on the screen.
func (p *pager) lessOptions() string {
	if name, _, _ := strings.Cut(p.command, " "); p.heading && filepath.Base(name) == usualPager && holdsHeading(name) {
		return "-" + p.less + " --header=1"
	}
	return p.less
}

// holdsHeading says whether this less has the option --header: it came with version 600.
func holdsHeading(less string) bool {
	told, err := exec.Command(less, "--version").Output()
	var version int
	_, malformed := fmt.Sscanf(string(told), "less %d", &version)
	return err == nil && malformed == nil && version >= 600
}

// terminate ends a process and those that it has started (proc_pid_children(5)). Their process group is ours, and may
// be that of the shell that started us, so that it is not the group that is ended.
func terminate(pid int) {
	children, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid)) // none where the kernel has no list
	_ = unix.Kill(pid, unix.SIGTERM)
	for _, child := range strings.Fields(string(children)) {
		if pid, err := strconv.Atoi(child); err == nil {
			terminate(pid)
		}
	}
}

// close writes the text that was held back, or waits until the person leaves the pager.
func (p *pager) close() error {
	if p.in == nil {
		if len(p.head) == 0 {
			return nil
		}
		p.before()
		if _, err := p.out.Write(p.head); err != nil {
			return &render.WriteError{Err: err}
		}
		return nil
	}
	p.in.Close()
	<-p.ended
	return nil
}
