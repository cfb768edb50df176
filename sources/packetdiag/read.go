package packetdiag

import (
	"context"
	"iter"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
	"netql/sources/sockdiag"
)

// List lists the packet sockets of the network namespace; see sockdiag.Dump.
func List(ctx context.Context, transport netlink.Transport, show Show) iter.Seq2[*Socket, error] {
	requests := []netlink.Request{request(show)}
	return sockdiag.Dump[Socket]{What: "packet sockets", Requests: requests, Parse: parseSocket}.List(ctx, transport)
}

// request is struct packet_diag_req. Which socket (its inode and cookie) does not matter to a dump.
func request(show Show) netlink.Request {
	return sockdiag.Request(unix.AF_PACKET, 0, 0, uint32(show), 0, 0)
}
