package rtnetlink

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
)

// list is what one dump holds, each message an element.
type list[T any] struct {
	what    string // as in "list the routes"
	request netlink.Request
	parse   func([]byte) (T, error)
	family  uint8   // whose messages alone belong to it, as a kernel that does not know the family lists others; 0 for all
	absent  []error // of a kernel that has no such things, whose list is empty
}

// request asks for what the kernel has of a type; the header begins with the family.
func request(kind uint16, family uint8, size int) netlink.Request {
	payload := make([]byte, size)
	payload[0] = family
	return netlink.Request{Protocol: unix.NETLINK_ROUTE, Type: kind, Payload: payload}
}

// settled lists everything, and reads it again if it changes meanwhile. An error is the last item.
func (l list[T]) settled(ctx context.Context, transport netlink.Transport) iter.Seq2[T, error] {
	return netlink.Settled(func(yield func(T, error) bool) {
		if _, err := l.read(ctx, transport, yield); err != nil {
			var none T
			yield(none, l.failure(err))
		}
	})
}

// read lists everything once, until the consumer stops it.
func (l list[T]) read(ctx context.Context, transport netlink.Transport, yield func(T, error) bool) (stopped bool, err error) {
	for message, err := range transport.Dump(ctx, l.request) {
		if err != nil {
			return false, l.unlessAbsent(err)
		}
		if l.family != 0 && (len(message.Data) == 0 || message.Data[0] != l.family) {
			continue
		}
		element, err := l.parse(message.Data)
		if err != nil {
			return false, err
		}
		if !yield(element, nil) {
			return true, nil
		}
	}
	return false, nil
}

func (l list[T]) unlessAbsent(err error) error {
	for _, absent := range l.absent {
		if errors.Is(err, absent) {
			return nil
		}
	}
	return err
}

func (l list[T]) failure(err error) error { return fmt.Errorf("list the %s: %w", l.what, err) }
