// Package rtnetlink reads what the kernel knows about links, addresses and routes (rtnetlink(7)).
package rtnetlink

import (
	"context"
	"encoding/binary"
	"iter"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
	"netql/sources/netlink/uapi"
)

// A Link is the index and name of a network interface. Device is all that the kernel tells of one.
type Link struct {
	Index int
	Name  string
}

// Links lists the interfaces of the network namespace, and reads them again if they change meanwhile. An error is the
// last item.
func Links(ctx context.Context, transport netlink.Transport) iter.Seq2[Link, error] {
	r := linkRequest(uapi.RTEXT_FILTER_SKIP_STATS)
	return list[Link]{what: "interfaces", request: r, parse: parseLink}.consistent(ctx, transport)
}

// parseLink reads struct ifinfomsg and the name behind it.
func parseLink(b []byte) (Link, error) {
	attributes, err := linkMessage.Decode(b)
	if err != nil {
		return Link{}, err
	}
	link := Link{Index: int(int32(binary.NativeEndian.Uint32(b[4:])))}
	for attributes.Next() {
		if attributes.Type() == unix.IFLA_IFNAME {
			link.Name = attributes.String()
		}
	}
	return link, attributes.Err()
}
