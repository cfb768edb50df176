package rtnetlink

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
)

// list describes a dump: the request, and how a message becomes an element.
type list[T any] struct {
	what    string // as in "list the routes"
	request netlink.Request
	parse   func([]byte) (T, error)
	family  uint8   // only messages of this family count: a kernel that does not know it lists others; 0 for all
	absent  []error // errors of a kernel that has no such things: the list is empty then
}

// request asks for what the kernel has of a type; the header begins with the family.
func request(kind uint16, family uint8, size int) netlink.Request {
	payload := make([]byte, size)
	payload[0] = family
	return netlink.Request{Protocol: unix.NETLINK_ROUTE, Type: kind, Payload: payload}
}

// consistent lists everything as netlink.Consistent does. An error is the last item.
func (l list[T]) consistent(ctx context.Context, transport netlink.Transport) iter.Seq2[T, error] {
	return netlink.Consistent(func(yield func(T, error) bool) {
		if _, err := l.read(ctx, transport, yield); err != nil {
			var none T
			yield(none, l.failure(err))
		}
	})
}

// read lists everything once, unless the consumer stops it.
func (l list[T]) read(
	ctx context.Context, transport netlink.Transport, yield func(T, error) bool,
) (stopped bool, err error) {
	stopped, err = netlink.Each(transport.Dump(ctx, l.request), l.decode, yield)
	for _, absent := range l.absent {
		if errors.Is(err, absent) {
			return stopped, nil
		}
	}
	return stopped, err
}

func (l list[T]) decode(m netlink.Message) (element T, wanted bool, err error) {
	if l.family != 0 && (len(m.Data) == 0 || m.Data[0] != l.family) {
		return element, false, nil
	}
	element, err = l.parse(m.Data)
	return element, true, err
}

func (l list[T]) failure(err error) error { return fmt.Errorf("list the %s: %w", l.what, err) }
