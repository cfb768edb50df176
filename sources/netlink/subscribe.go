package netlink

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"

	"netql/sources/multierror"
)

// A Subscriber receives the notifications of a network stack. Where some were lost, because they came faster than they
// were read, an *Overrun is among the messages; any other error is the last item. It ends with the context's error.
type Subscriber interface {
	Subscribe(context.Context, Subscription) iter.Seq2[Message, error]
}

// A Subscription says what to listen to.
type Subscription struct {
	Protocol int      // the netlink family, such as unix.NETLINK_ROUTE
	Groups   []uint32 // its multicast groups
	Joined   func()   // called, unless nil, when the groups are joined: changes after that are notified
}

// An Overrun says that messages were lost, because they came faster than they were read.
type Overrun struct{ Lost int } // how many; -1 if the kernel does not say

func (o *Overrun) Error() string {
	if o.Lost < 0 {
		return "some events were lost: they came faster than they were read"
	}
	return fmt.Sprintf("%d events were lost: they came faster than they were read", o.Lost)
}

// eventBuffer is how much the kernel may keep for us until we read it: some ten thousand events.
const eventBuffer = 8 << 20

// Subscribe implements Subscriber.
func (k Kernel) Subscribe(ctx context.Context, subscription Subscription) iter.Seq2[Message, error] {
	return func(yield func(Message, error) bool) {
		if err := k.listen(ctx, subscription, yield); err != nil {
			yield(Message{}, fmt.Errorf("netlink: %w", err))
		}
	}
}

// listen yields messages and returns an error only while the consumer still listens.
func (k Kernel) listen(ctx context.Context, subscription Subscription, yield func(Message, error) bool) error {
	s, err := k.dial(subscription.Protocol, false)
	if err != nil {
		return err
	}
	defer s.file.Close()
	defer s.interruptBy(ctx)()
	if err := s.join(subscription.Groups); err != nil {
		return err
	}
	if subscription.Joined != nil {
		subscription.Joined()
	}
	buffer, dropped, congested := make([]byte, bufferSize), uint32(0), false
	for ctx.Err() == nil {
		b, err := s.receive(buffer, receiveOne)
		if congested && err == nil { // the kernel goes on dropping until we have caught up, and says so only once
			if lost := s.dropsSince(&dropped); lost > 0 && !yield(Message{}, &Overrun{lost}) {
				return nil
			}
		}
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
		case errors.Is(err, unix.ENOBUFS):
			congested = true
			if !yield(Message{}, &Overrun{s.dropsSince(&dropped)}) {
				return nil
			}
		case err != nil:
			return err
		default:
			if stopped, err := notifications(b, yield); stopped || err != nil {
				return err
			}
		}
	}
	return context.Cause(ctx)
}

// notifications yields the messages of one datagram.
func notifications(b []byte, yield func(Message, error) bool) (stopped bool, err error) {
	for len(b) > 0 {
		h, body, rest, err := cutMessage(b)
		if err != nil {
			return false, err
		}
		if b = rest; h.kind < unix.NLMSG_MIN_TYPE {
			continue
		}
		if !yield(Message{Type: h.kind, Flags: h.flags, Data: body}, nil) {
			return true, nil
		}
	}
	return false, nil
}

// join enters multicast groups, and enlarges the receive buffer to eventBuffer or, without CAP_NET_ADMIN, to what
// net.core.rmem_max allows.
func (s *socket) join(groups []uint32) error {
	var failure error
	err := s.raw.Control(func(fd uintptr) {
		if unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, eventBuffer) != nil {
			_ = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RCVBUF, eventBuffer)
		}
		for _, group := range groups {
			err := unix.SetsockoptInt(int(fd), unix.SOL_NETLINK, unix.NETLINK_ADD_MEMBERSHIP, int(group))
			if err != nil {
				failure = fmt.Errorf("listen to group %d: %w", group, err)
				return
			}
		}
	})
	return multierror.Join(err, failure)
}

// memoryDrops is SK_MEMINFO_DROPS of linux/sock_diag.h.
const memoryDrops = 8

// dropsSince is how many messages the kernel has dropped at the socket since the counter was before, which it updates;
// -1 where the kernel does not tell (SO_MEMINFO, Linux 4.12).
func (s *socket) dropsSince(before *uint32) (lost int) {
	var memory [memoryDrops + 1]uint32
	size := uint32(unsafe.Sizeof(memory))
	var errno unix.Errno
	err := s.raw.Control(func(fd uintptr) {
		_, _, errno = unix.Syscall6(unix.SYS_GETSOCKOPT, fd, unix.SOL_SOCKET, unix.SO_MEMINFO,
			uintptr(unsafe.Pointer(&memory)), uintptr(unsafe.Pointer(&size)), 0)
	})
	if err != nil || errno != 0 || size < uint32(unsafe.Sizeof(memory)) {
		return -1
	}
	lost = int(memory[memoryDrops] - *before) // the kernel's number wraps
	*before = memory[memoryDrops]
	return lost
}
