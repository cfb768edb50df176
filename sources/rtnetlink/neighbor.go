package rtnetlink

import (
	"context"
	"encoding/binary"
	"iter"
	"net/netip"
	"time"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
	"netql/sources/netlink/uapi"
)

// A Neighbor is an entry of the ARP or NDP table, or of the proxy table: an address for which this machine answers on
// behalf of another.
type Neighbor struct {
	Family   uint8          // unix.AF_INET or unix.AF_INET6
	Index    uint32         // of the interface; 0 for a proxy entry of all interfaces
	State    uint16         // NUD_* of linux/neighbour.h, one bit; 0 for a proxy entry, and for one just made
	Flags    uint32         // NTF_* of linux/neighbour.h in the lowest eight bits, NTF_EXT_* (Linux 5.16) above
	Kind     uint8          // unix.RTN_UNICAST, RTN_MULTICAST ...
	Addr     netip.Addr     // invalid if the kernel sent none; v4-mapped ones stay so
	LinkAddr string         // its raw bytes; empty if it is not known
	Protocol uint8          // RTPROT_*: who made the entry; 0 if nobody said, Linux 5.0
	Probes   uint32         // solicitations sent without an answer
	Cache    *NeighborCache // nil for a proxy entry
}

// Proxy says that the entry is one of the proxy table.
func (n *Neighbor) Proxy() bool { return n.Flags&NeighborProxy != 0 }

// NeighborCache is struct nda_cacheinfo: how long ago something happened, in steps of 10 ms, and how many users it
// has.
type NeighborCache struct {
	Confirmed, Used, Updated time.Duration
	References               uint32
}

// The flags that neighbours have; others are for the forwarding database of bridges.
const (
	NeighborProxy     = unix.NTF_PROXY
	NeighborLearned   = unix.NTF_EXT_LEARNED // by a control plane in user space
	NeighborOffloaded = unix.NTF_OFFLOADED   // the device knows it
	NeighborRouter    = unix.NTF_ROUTER      // it says that it is a router
	NeighborManaged   = 1 << 8               // the kernel keeps it resolved by itself
	NeighborValidated = 1 << 10              // user space vouches for it, Linux 6.18
)

// neighborMessage is struct ndmsg and the NDA_* of linux/neighbour.h.
var neighborMessage = netlink.MessageKind{
	What: "a neighbour", Protocol: unix.NETLINK_ROUTE, Types: []uint16{unix.RTM_NEWNEIGH}, Header: unix.SizeofNdMsg,
	Attributes: []netlink.AttributeGroup{
		{Class: netlink.Keep, Types: []uint16{
			unix.NDA_CACHEINFO, unix.NDA_PROBES, unix.NDA_VLAN, unix.NDA_PORT, unix.NDA_VNI, unix.NDA_IFINDEX,
			unix.NDA_MASTER, unix.NDA_LINK_NETNSID, uapi.NDA_PROTOCOL, uapi.NDA_NH_ID, uapi.NDA_FDB_EXT_ATTRS,
			uapi.NDA_FLAGS_EXT,
		}},
		{Class: netlink.Address, Types: []uint16{unix.NDA_DST}},
		{Class: netlink.LinkAddress, Types: []uint16{unix.NDA_LLADDR}},
	},
	Requests: []netlink.RequestKind{{
		Type: unix.RTM_GETNEIGH, Header: unix.SizeofNdMsg, ByFamily: true,
		Fields: []netlink.Field{{Offset: 4, Size: 4}}, // ndm_ifindex
		Attributes: []netlink.Condition{
			{Type: unix.NDA_IFINDEX, Shown: netlink.Shown{Offset: 4}},
			{Type: unix.NDA_MASTER, Shown: netlink.Shown{Hidden: true}},
		},
	}},
}

// A NeighborQuery says which neighbours to list: those of one family, or of both where it is 0; real ones, or the
// proxies; those of the interface of an index, or of all where it is 0. Kernels before 4.4 list those of all.
type NeighborQuery struct {
	Family    uint8
	Proxy     bool
	Interface uint32
}

// Neighbors lists neighbours, and reads them again if they change meanwhile. An error is the last item.
func Neighbors(ctx context.Context, transport netlink.Transport, q NeighborQuery) iter.Seq2[*Neighbor, error] {
	r := request(unix.RTM_GETNEIGH, q.Family, unix.SizeofNdMsg)
	if q.Proxy {
		r.Payload[10] = unix.NTF_PROXY
	}
	if q.Interface != 0 {
		index := binary.NativeEndian.AppendUint32(nil, q.Interface)
		r.Payload = netlink.AppendAttribute(r.Payload, unix.NDA_IFINDEX, index)
	}
	return list[*Neighbor]{what: "neighbours", request: r, parse: parseNeighbor}.consistent(ctx, transport)
}

// parseNeighbor reads struct ndmsg and the attributes behind it.
func parseNeighbor(b []byte) (*Neighbor, error) {
	attributes, err := neighborMessage.Decode(b)
	if err != nil {
		return nil, err
	}
	n := &Neighbor{
		Family: b[0], Index: binary.NativeEndian.Uint32(b[4:]), State: binary.NativeEndian.Uint16(b[8:]),
		Flags: uint32(b[10]), Kind: b[11],
	}
	for attributes.Next() {
		switch attributes.Type() {
		case unix.NDA_DST:
			n.Addr = address(attributes.Bytes())
		case unix.NDA_LLADDR:
			n.LinkAddr = string(attributes.Bytes())
		case unix.NDA_CACHEINFO:
			n.Cache = parseNeighborCache(attributes.Bytes())
		case unix.NDA_PROBES:
			n.Probes = attributes.Uint32()
		case uapi.NDA_PROTOCOL:
			n.Protocol = attributes.Uint8()
		case uapi.NDA_FLAGS_EXT:
			n.Flags |= attributes.Uint32() << 8
		}
	}
	return n, attributes.Err()
}

// parseNeighborCache reads the four numbers of struct nda_cacheinfo, which has never changed.
func parseNeighborCache(b []byte) *NeighborCache {
	if len(b) < 4*4 {
		return nil
	}
	age := func(i int) time.Duration { return time.Duration(binary.NativeEndian.Uint32(b[i:])) * clockTick }
	references := binary.NativeEndian.Uint32(b[12:])
	return &NeighborCache{Confirmed: age(0), Used: age(4), Updated: age(8), References: references}
}
