package netlinkdiag

import (
	"context"
	"iter"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
	"netql/sources/sockdiag"
)

// allProtocols is NDIAG_PROTO_ALL.
const allProtocols = 0xff

// List lists the netlink sockets of the network namespace; see sockdiag.Dump. The kernel lists a socket that is in a group
// twice, once among all and once among the members of groups.
func List(ctx context.Context, transport netlink.Transport, show Show) iter.Seq2[*Socket, error] {
	return sockdiag.Dump[Socket]{What: "netlink sockets", Payload: request(show), Parse: parseSocket}.List(ctx, transport)
}

// request is struct netlink_diag_req. Which socket (its inode and cookie) does not matter to a dump.
func request(show Show) []byte {
	b := append([]byte{unix.AF_NETLINK, allProtocols}, make([]byte, 6)...)
	b = native.AppendUint32(b, uint32(show))
	return append(b, make([]byte, 8)...)
}
