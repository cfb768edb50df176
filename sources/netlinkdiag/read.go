package netlinkdiag

import (
	"context"
	"iter"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
	"netql/sources/netlink/uapi"
	"netql/sources/sockdiag"
)

// List lists the netlink sockets of the network namespace; see sockdiag.Dump. The kernel lists a socket that is in a
// group twice, once among all and once among the members of groups.
func List(ctx context.Context, transport netlink.Transport, show Show) iter.Seq2[*Socket, error] {
	requests := []netlink.Request{request(show)}
	return sockdiag.Dump[Socket]{What: "netlink sockets", Requests: requests, Parse: parseSocket}.List(ctx, transport)
}

// request is struct netlink_diag_req. Which socket (its inode and cookie) does not matter to a dump.
func request(show Show) netlink.Request {
	return sockdiag.Request(unix.AF_NETLINK, uapi.NDIAG_PROTO_ALL, 0, uint32(show), 0, 0)
}
