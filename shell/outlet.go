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

// errUnread says that nobody will ever read the output.
var errUnread = errors.New("nobody reads the output any more")

// blockedPatience is how long one write may take when the query that it belongs to has been ended.
const blockedPatience = time.Second

// outlet is the output, and knows whether a write waits for its reader.
type outlet struct {
	io.Writer
	writes atomic.Int64 // begun and ended; an odd number while there is one
}

func (o *outlet) Write(b []byte) (int, error) {
	o.writes.Add(1)
	defer o.writes.Add(1)
	return o.Writer.Write(b)
}

// SyscallConn implements syscall.Conn, for what asks whether the output is a terminal.
func (o *outlet) SyscallConn() (syscall.RawConn, error) {
	if conn, ok := o.Writer.(syscall.Conn); ok {
		return conn.SyscallConn()
	}
	return nil, os.ErrInvalid
}

// endWhenBlocked ends the program if the context ends while a write waits for a reader that does not read: nothing
// else could end it. At the prompt a person holds the output back (Ctrl-S), and goes on reading later.
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
				os.Exit(p.unread(ctx))
			}
		}
	})
	return sync.OnceFunc(func() {
		stop()
		close(over)
	})
}

// unread says that nobody reads the output, but waits no longer for somebody who reads the messages. It gives the
// status.
func (p *printer) unread(ctx context.Context) int {
	status, why := interrupted, "interrupted"
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		status, why = timedOut, "stopped after "+p.options.timeout.String()
	}
	said := make(chan struct{})
	go func() {
		if tty.MovesCursor(p.err) {
			io.WriteString(p.err, eraseLine)
		}
		p.complain("warning", "%s: the answer is not complete, because nobody reads it", why)
		close(said)
	}()
	select {
	case <-said:
	case <-time.After(blockedPatience):
	}
	return status
}

// whileRead ends the context of what waits for something to happen when the other end of a pipe is closed. A write
// would notice it, too, but the next one may be hours away.
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

// closed waits until the other end of an output is closed, or that of a pipe that wakes us.
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
