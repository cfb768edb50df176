package rtnetlink

import (
	"encoding/binary"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
)

// multipath reads RTA_MULTIPATH of a route.
func (r *Route) multipath(b []byte) error {
	var hops []Nexthop
	for len(b) > 0 {
		own, rest, err := cutNexthop(b)
		if err != nil {
			return err
		}
		hop := Nexthop{Flags: own[2], Weight: uint32(own[3]) + 1, Interface: binary.NativeEndian.Uint32(own[4:])}
		attributes := netlink.DecodeAttributes(own[unix.SizeofRtNexthop:])
		for attributes.Next() {
			hop.attribute(&attributes)
		}
		if err := attributes.Err(); err != nil {
			return err
		}
		hops, b = append(hops, hop), rest
	}
	if len(hops) > 0 {
		r.Nexthops = hops
	}
	return nil
}

// cutNexthop splits the first nexthop off RTA_MULTIPATH, a list of struct rtnexthop: a length, flags, the weight less
// one, the index of the interface, and attributes.
func cutNexthop(b []byte) (hop, rest []byte, err error) {
	return netlink.CutStructure(b, unix.SizeofRtNexthop)
}
