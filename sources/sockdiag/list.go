package sockdiag

import (
	"context"
	"fmt"
	"iter"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
)

// A Dump is a question to socket diagnostics for all sockets of a family.
type Dump[T any] struct {
	What    string // what errors call the sockets: "unix sockets"
	Payload []byte // the family's request, which begins with its number
	Parse   func([]byte) (*T, error)
}

// List lists the sockets. An error is the last item: netlink.ErrNoModule, the kernel's errno, or that of the context.
//
// The kernel walks over its lists by position, and lets go of them after each datagram. A socket that is made meanwhile
// may so make it list another one twice; the cookie tells.
func (d Dump[T]) List(ctx context.Context, transport netlink.Transport) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		request := netlink.Request{Protocol: unix.NETLINK_SOCK_DIAG, Type: unix.SOCK_DIAG_BY_FAMILY, Payload: d.Payload}
		for message, err := range transport.Dump(ctx, request) {
			var s *T
			if err == nil {
				s, err = d.Parse(message.Data)
			}
			if err != nil {
				yield(nil, fmt.Errorf("list the %s: %w", d.What, netlink.OrNoModule(err)))
				return
			}
			if !yield(s, nil) {
				return
			}
		}
	}
}

// Cookie reads a cookie, which is two words, the lower one first.
func Cookie(b []byte) uint64 { return uint64(native.Uint32(b)) | uint64(native.Uint32(b[4:]))<<32 }

// Short is the error of a message that ends within the structure that it must begin with.
func Short(what string, got, want int) error {
	return fmt.Errorf("%w: a %s of %d bytes, not %d", netlink.ErrTruncated, what, got, want)
}
