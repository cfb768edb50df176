// Package rtnetlink reads what the kernel knows about links, addresses and routes (rtnetlink(7)).
package rtnetlink

import (
	"context"
	"encoding/binary"
	"fmt"
	"iter"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
)

// A Link is what names a network interface. Device is all of it.
type Link struct {
	Index int
	Name  string
}

// skipStats is RTEXT_FILTER_SKIP_STATS of linux/rtnetlink.h: leave the counters out, which cost the most. Older kernels send
// them all the same.
const skipStats = 1 << 3

// Links lists the interfaces of the network namespace, and reads them again if they change meanwhile. An error is the
// last item.
func Links(ctx context.Context, transport netlink.Transport) iter.Seq2[Link, error] {
	return list[Link]{what: "interfaces", request: linkRequest(skipStats), parse: parseLink}.settled(ctx, transport)
}

// parseLink reads struct ifinfomsg and the name behind it.
func parseLink(b []byte) (Link, error) {
	if len(b) < unix.SizeofIfInfomsg {
		return Link{}, fmt.Errorf("%w: a link of %d bytes, not %d", netlink.ErrTruncated, len(b), unix.SizeofIfInfomsg)
	}
	link := Link{Index: int(int32(binary.NativeEndian.Uint32(b[4:])))}
	attributes := netlink.DecodeAttributes(b[unix.SizeofIfInfomsg:])
	for attributes.Next() {
		if attributes.Type() == unix.IFLA_IFNAME {
			link.Name = attributes.String()
		}
	}
	return link, attributes.Err()
}
