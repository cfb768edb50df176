package unixdiag

import (
	"context"
	"iter"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
	"netql/sources/sockdiag"
)

// A Query says which sockets to list and how much of each.
type Query struct {
	States uint32 // a bit for each State, or AllStates
	Show   Show
}

// List lists the sockets of the network namespace; see sockdiag.Dump.
func List(ctx context.Context, transport netlink.Transport, q Query) iter.Seq2[*Socket, error] {
	return sockdiag.Dump[Socket]{What: "unix sockets", Payload: q.request(), Parse: parseSocket}.List(ctx, transport)
}

// request is struct unix_diag_req. Which socket (its inode and cookie) does not matter to a dump.
func (q Query) request() []byte {
	b := []byte{unix.AF_UNIX, 0, 0, 0}
	b = native.AppendUint32(b, q.States)
	b = native.AppendUint32(b, 0)
	b = native.AppendUint32(b, uint32(q.Show))
	return append(b, make([]byte, 8)...)
}
