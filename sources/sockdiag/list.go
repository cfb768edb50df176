package sockdiag

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
)

// A Dump is a question to socket diagnostics for all sockets of a kind.
type Dump[T any] struct {
	What     string            // what errors call the sockets: "unix sockets"
	Requests []netlink.Request // whose answers together are the list
	Parse    func([]byte) (*T, error)
}

// List lists the sockets. An error is the last item: netlink.ErrNoModule, netlink.ErrInterrupted, the kernel's errno,
// or that of the context.
//
// The kernel walks over its lists by position, and unlocks them after each datagram, so that a socket which is made
// meanwhile may have another one listed twice. They have the same cookie.
func (d Dump[T]) List(ctx context.Context, transport netlink.Transport) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		var failure error
		for _, request := range d.Requests {
			stopped, err := netlink.Each(transport.Dump(ctx, request), d.decode, yield)
			if stopped {
				return
			}
			if err != nil {
				failure = err
			}
			if err != nil && !errors.Is(err, netlink.ErrInterrupted) {
				break
			}
		}
		if failure != nil {
			yield(nil, fmt.Errorf("list the %s: %w", d.What, netlink.OrNoModule(failure)))
		}
	}
}

func (d Dump[T]) decode(m netlink.Message) (s *T, wanted bool, err error) {
	s, err = d.Parse(m.Data)
	return s, true, err
}

// Request asks for all sockets of a family: struct sock_diag_req of linux/sock_diag.h, padded to four bytes, and the
// words that the family's own structure has behind it.
func Request(family, protocol uint8, words ...uint32) netlink.Request {
	payload := []byte{family, protocol, 0, 0}
	for _, word := range words {
		payload = native.AppendUint32(payload, word)
	}
	return netlink.Request{Protocol: unix.NETLINK_SOCK_DIAG, Type: unix.SOCK_DIAG_BY_FAMILY, Payload: payload}
}

// Cookie reads a cookie, which is two words, the lower one first.
func Cookie(b []byte) uint64 { return uint64(native.Uint32(b)) | uint64(native.Uint32(b[4:]))<<32 }
