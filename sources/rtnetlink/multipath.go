package rtnetlink

import (
	"encoding/binary"
	"fmt"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
)

// multipath reads RTA_MULTIPATH, a list of struct rtnexthop (linux/rtnetlink.h): a length that counts all that follows,
// flags, the weight less one, the index of the interface, and attributes.
func (r *Route) multipath(b []byte) error {
	var hops []Nexthop
	for len(b) > 0 {
		hop, rest, err := cutNexthop(b)
		if err != nil {
			return err
		}
		hops, b = append(hops, hop), rest
	}
	if len(hops) > 0 {
		r.Nexthops = hops
	}
	return nil
}

// cutNexthop takes the first nexthop off a list. The last one need not be padded.
func cutNexthop(b []byte) (hop Nexthop, rest []byte, err error) {
	size := 0
	if len(b) >= unix.SizeofRtNexthop {
		size = int(binary.NativeEndian.Uint16(b))
	}
	if size < unix.SizeofRtNexthop || size > len(b) {
		return hop, nil, fmt.Errorf("%w: a nexthop of %d bytes where %d are left", netlink.ErrTruncated, size, len(b))
	}
	hop = Nexthop{Flags: b[2], Weight: int(b[3]) + 1, Interface: binary.NativeEndian.Uint32(b[4:])}
	attributes := netlink.DecodeAttributes(b[unix.SizeofRtNexthop:size])
	for attributes.Next() {
		hop.attribute(&attributes)
	}
	return hop, b[min((size+3)&^3, len(b)):], attributes.Err()
}
