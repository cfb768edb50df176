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
	requests := []netlink.Request{q.request()}
	return sockdiag.Dump[Socket]{What: "unix sockets", Requests: requests, Parse: parseSocket}.List(ctx, transport)
}

// request is struct unix_diag_req. Which socket (its inode and cookie) does not matter to a dump.
func (q Query) request() netlink.Request {
	return sockdiag.Request(unix.AF_UNIX, 0, q.States, 0, uint32(q.Show), 0, 0)
}
