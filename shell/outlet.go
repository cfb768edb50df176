package shell

import (
	"context"
	"errors"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"netql/query"
	"netql/shell/tty"
)

// errUnread is the cause of a context that was ended because the other end of the output was closed.
var errUnread = errors.New("nobody reads the output any more")

// blockedPatience is how long one write may take after the context of its query has ended.
const blockedPatience = 300 * time.Millisecond

// outlet is the output; it counts writes, so that endWhenBlocked can tell whether one waits for its reader.
type outlet struct {
	io.Writer
	writes atomic.Int64 // beginnings and ends of writes: odd while a write is under way
}

func (o *outlet) Write(b []byte) (int, error) {
	o.writes.Add(1)
	defer o.writes.Add(1)
	return o.Writer.Write(b)
}

// SyscallConn implements syscall.Conn, by which package tty asks whether the output is a terminal.
func (o *outlet) SyscallConn() (syscall.RawConn, error) {
	if conn, ok := o.Writer.(syscall.Conn); ok {
		return conn.SyscallConn()
	}
	return nil, os.ErrInvalid
}

// endWhenBlocked ends the program if the context ends while a write waits for a reader that does not read: such a write
// cannot be interrupted. At the prompt it does nothing, because a person may hold the output back (Ctrl-S) and go on
// reading later. release stops watching.
func (p *printer) endWhenBlocked(ctx context.Context) (release func()) {
	out, ok := p.out.(*outlet)
	if !ok || p.atPrompt {
		return func() {}
	}
	over := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		for {
			writes := out.writes.Load()
			select {
			case <-over:
				return
			case <-time.After(blockedPatience):
			}
			if writes%2 == 1 && writes == out.writes.Load() {
				p.endUnread(ctx)
			}
		}
	})
	return sync.OnceFunc(func() {
		stop()
		close(over)
	})
}

// endUnread ends the program, by the signal that has ended the context, if that ends programs. The programs that reach
// hosts end before.
func (p *printer) endUnread(ctx context.Context) {
	status := p.unread(ctx)
	p.endHosts()
	if end, ok := endingOf(ctx); ok {
		tty.Die(end.signal)
	}
	os.Exit(status)
}

// unread writes a warning that nobody reads the output, and gives the status. It waits blockedPatience at most, because
// nobody may read the messages either.
func (p *printer) unread(ctx context.Context) int {
	status, why := interrupted, "interrupted"
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		status, why = timedOut, "stopped after "+p.options.timeout.String()
	}
	written := make(chan struct{})
	go func() {
		if tty.MovesCursor(p.err) {
			io.WriteString(p.err, eraseLine)
		}
		p.message("warning", "%s: the answer is not complete, because nobody reads it", why)
		close(written)
	}()
	select {
	case <-written:
	case <-time.After(blockedPatience):
	}
	return status
}

// whileRead is a context that ends, with errUnread, when the other end of the output is closed. Only a watch and events
// need it: they may not write for hours, and a write is where others notice. The function ends the watching.
func (p *printer) whileRead(ctx context.Context, plan *query.Plan) (context.Context, func()) {
	out, ok := p.out.(*outlet)
	if !ok || !plan.Follows() && plan.Watch() == nil {
		return ctx, func() {}
	}
	conn, err := out.SyscallConn()
	if err != nil {
		return ctx, func() {}
	}
	awake, wake, err := os.Pipe()
	if err != nil {
		return ctx, func() {} // the next write will notice
	}
	ctx, cancel := context.WithCancelCause(ctx)
	go func() {
		defer awake.Close()
		_ = conn.Control(func(fd uintptr) { // if it fails, the next write will notice
			if closed(int(fd), int(awake.Fd())) {
				cancel(errUnread)
			}
		})
	}()
	return ctx, func() {
		wake.Close()
		cancel(nil)
	}
}

// closed waits until the other end of the output is closed, and then is true; false where the other end of the pipe
// awake is closed first, or the output cannot be polled.
func closed(output, awake int) bool {
	fds := []unix.PollFd{{Fd: int32(output)}, {Fd: int32(awake)}}
	for {
		_, err := unix.Poll(fds, -1) // POLLERR and POLLHUP are always waited for (poll(2))
		switch {
		case err == unix.EINTR:
		case err != nil, fds[1].Revents != 0, fds[0].Revents&unix.POLLNVAL != 0:
			return false
		case fds[0].Revents&(unix.POLLERR|unix.POLLHUP) != 0:
			return true
		}
	}
}
