package rtnetlink

import (
	"context"
	"encoding/binary"
	"iter"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
	"netql/sources/netlink/uapi"
)

// A NexthopObject is a nexthop, or a group of them, that routes refer to by its number (ip-nexthop(8), Linux 5.3).
type NexthopObject struct {
	ID      uint32
	Nexthop               // of one that is no group; without a weight
	Group   []GroupMember // empty for one that is no group
}

// A GroupMember is a nexthop's part in a group.
type GroupMember struct {
	ID     uint32
	Weight uint32
}

// nexthopMessage is struct nhmsg and the NHA_* of linux/nexthop.h.
var nexthopMessage = netlink.MessageKind{
	What: "a nexthop object", Protocol: unix.NETLINK_ROUTE, Types: []uint16{unix.RTM_NEWNEXTHOP},
	Header: unix.SizeofNhmsg,
	Attributes: []netlink.AttributeGroup{
		{Class: netlink.Keep, Types: []uint16{
			unix.NHA_ID, unix.NHA_GROUP, unix.NHA_GROUP_TYPE, unix.NHA_BLACKHOLE, unix.NHA_OIF, unix.NHA_ENCAP_TYPE,
			uapi.NHA_FDB,
		}},
		{Class: netlink.Address, Types: []uint16{unix.NHA_GATEWAY}},
	},
	Requests: []netlink.RequestKind{{Type: unix.RTM_GETNEXTHOP, Header: unix.SizeofNhmsg, ByFamily: true}},
}

// NexthopObjects lists the nexthop objects, and reads them again if they change meanwhile. An error is the last item.
// A kernel that has no such objects lists none.
func NexthopObjects(ctx context.Context, transport netlink.Transport) iter.Seq2[*NexthopObject, error] {
	return list[*NexthopObject]{
		what: "nexthop objects", request: request(unix.RTM_GETNEXTHOP, unix.AF_UNSPEC, unix.SizeofNhmsg),
		parse: parseNexthopObject, absent: []error{unix.EOPNOTSUPP},
	}.consistent(ctx, transport)
}

// parseNexthopObject reads struct nhmsg and the attributes behind it.
func parseNexthopObject(b []byte) (*NexthopObject, error) {
	attributes, err := nexthopMessage.Decode(b)
	if err != nil {
		return nil, err
	}
	object := &NexthopObject{Nexthop: Nexthop{Flags: uint8(binary.NativeEndian.Uint32(b[4:]))}}
	for attributes.Next() {
		switch attributes.Type() {
		case unix.NHA_ID:
			object.ID = attributes.Uint32()
		case unix.NHA_GROUP:
			object.Group = parseGroup(attributes.Bytes())
		case unix.NHA_OIF:
			object.Interface = attributes.Uint32()
		case unix.NHA_GATEWAY:
			object.Gateway = address(attributes.Bytes())
		case unix.NHA_ENCAP_TYPE:
			object.Encap = attributes.Uint16()
		}
	}
	return object, attributes.Err()
}

// parseGroup reads a list of struct nexthop_grp: a number, the weight less one, and since Linux 6.12 the weight's
// upper half. What is too short for one is none.
func parseGroup(b []byte) (members []GroupMember) {
	for ; len(b) >= unix.SizeofNexthopGrp; b = b[unix.SizeofNexthopGrp:] {
		weight := uint32(b[5])<<8 | uint32(b[4])
		members = append(members, GroupMember{ID: binary.NativeEndian.Uint32(b), Weight: weight + 1})
	}
	return members
}
