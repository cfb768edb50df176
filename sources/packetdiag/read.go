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
	return sockdiag.Dump[Socket]{What: "packet sockets", Payload: request(show), Parse: parseSocket}.List(ctx, transport)
}

// request is struct packet_diag_req. Which socket (its inode and cookie) does not matter to a dump.
func request(show Show) []byte {
	b := append([]byte{unix.AF_PACKET}, make([]byte, 7)...)
	b = native.AppendUint32(b, uint32(show))
	return append(b, make([]byte, 8)...)
}
