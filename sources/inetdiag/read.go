package inetdiag

import (
	"context"
	"fmt"
	"iter"

	"netql/sources/netlink"
	"netql/sources/sockdiag"
)

// A Query says which sockets to list and how much of each. The narrower, the faster.
type Query struct {
	Protocol   int      // TCP, UDP ...
	Family     int      // unix.AF_INET or unix.AF_INET6; 0 for both. AF_INET does not list v4-mapped sockets
	States     StateSet // only sockets in these states
	Extensions Extensions
	Filter     Filter // only sockets that satisfy it; but others may be listed, too
	Reuse      bool   // a socket is valid until the next one, which has the same memory
}

// Dump lists sockets. An error is the last item: netlink.ErrNoModule, netlink.ErrInterrupted, the kernel's errno, or
// that of the context.
func Dump(ctx context.Context, transport netlink.Transport, q Query) iter.Seq2[*Socket, error] {
	return func(yield func(*Socket, error) bool) {
		what := fmt.Sprintf("sockets of IP protocol %d", q.Protocol)
		d := newDecoder(q.Protocol)
		d.sockets.Reuse, d.infos.Reuse = q.Reuse, q.Reuse
		dump := sockdiag.Dump[Socket]{What: what, Requests: q.requests(), Parse: d.socket}
		dump.List(ctx, widening{transport})(yield)
	}
}
