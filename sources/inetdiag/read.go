package inetdiag

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"netql/sources/netlink"
)

// A Query says which sockets to list and how much of each. The narrower, the faster.
type Query struct {
	Protocol   int      // TCP, UDP ...
	Family     int      // unix.AF_INET or unix.AF_INET6; 0 for both. AF_INET does not list v4-mapped sockets
	States     StateSet // only sockets in these states
	Extensions Extensions
}

// Dump lists sockets. An error is the last item: netlink.ErrNoModule, netlink.ErrInterrupted, the kernel's errno, or that of
// the context.
func Dump(ctx context.Context, transport netlink.Transport, q Query) iter.Seq2[*Socket, error] {
	return func(yield func(*Socket, error) bool) {
		d := newDecoder(q.Protocol)
		var failure error
		for _, request := range q.requests() {
			stopped, err := dump(ctx, transport, request, d, yield)
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
			yield(nil, fmt.Errorf("list the sockets of IP protocol %d: %w", q.Protocol, netlink.OrNoModule(failure)))
		}
	}
}

// dump lists the sockets of one request, until the consumer stops it.
func dump(ctx context.Context, transport netlink.Transport, r netlink.Request, d *decoder, yield func(*Socket, error) bool) (stopped bool, err error) {
	for message, err := range transport.Dump(ctx, r) {
		if err != nil {
			return false, err
		}
		s, err := d.socket(message.Data)
		if err != nil {
			return false, err
		}
		if !yield(s, nil) {
			return true, nil
		}
	}
	return false, nil
}
