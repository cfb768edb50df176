package rtnetlink

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
)

// Flags of a lookup, of linux/rtnetlink.h. Both kinds of answer have the number of the routing table (Linux 4.13, of
// IPv6 4.17).
const (
	rtmLookupTable = 0x1000 // RTM_F_LOOKUP_TABLE
	rtmFIBMatch    = 0x2000 // RTM_F_FIB_MATCH
)

// A RouteLookup is a packet of which is asked which way it takes (ip route get). What is its type's zero is not told.
type RouteLookup struct {
	Dst, Src          netip.Addr // without a zone, of one family
	InIndex, OutIndex uint32     // the interface that it comes from, and that its socket is bound to
	Mark              *uint32
	UID               *uint32 // whose socket sends it; nil for the user who asks
	TOS               uint8   // or traffic class
	IPProto           uint8   // IPPROTO_*
	SrcPort, DestPort uint16
	AsTable           bool // answer the route as its table has it, with all of its nexthops, not what is made of it
}

// LookUpRoute asks which way a packet takes, by the kernel's rules and tables. Where it takes none, the error has the
// kernel's errno, as *netlink.Error.
func LookUpRoute(ctx context.Context, transport netlink.Transport, l RouteLookup) (found *Route, err error) {
	for message, err := range transport.Dump(ctx, l.request()) {
		if err == nil {
			found, err = parseRoute(message.Data)
		}
		if err != nil {
			return nil, fmt.Errorf("look the route to %v up: %w", l.Dst, err)
		}
	}
	if found == nil {
		return nil, fmt.Errorf("look the route to %v up: the kernel does not answer", l.Dst)
	}
	return found, nil
}

// A Refusal is why packets get nowhere.
type Refusal struct {
	Type uint8 // of the route, RTN_*; 0 where there is none, or a rule refuses them
	Text string
}

// refusals are what the kernel's errors say: fib_props of net/ipv4/fib_semantics.c, ip6_rt_type_to_error of
// net/ipv6/route.c, and the actions of rules.
var refusals = map[unix.Errno]Refusal{
	unix.ENETUNREACH:  {0, "network is unreachable"},
	unix.EHOSTUNREACH: {unix.RTN_UNREACHABLE, "unreachable"},
	unix.EACCES:       {unix.RTN_PROHIBIT, "prohibit"},
	unix.EINVAL:       {unix.RTN_BLACKHOLE, "blackhole"},
}

// RefusalOf is the refusal in an error of LookUpRoute; false where it is another error.
func RefusalOf(err error) (why Refusal, ok bool) {
	var errno unix.Errno
	if errors.As(err, &errno) {
		why, ok = refusals[errno]
	}
	return why, ok
}

// request is the lookup as RTM_GETROUTE takes it (inet_rtm_getroute of net/ipv4/route.c, inet6_rtm_getroute of
// net/ipv6/route.c).
func (l RouteLookup) request() netlink.Request {
	r := request(unix.RTM_GETROUTE, familyOf(l.Dst), unix.SizeofRtMsg)
	r.Single = true
	r.Payload[1], r.Payload[3] = uint8(l.Dst.BitLen()), l.TOS // rtm_dst_len, rtm_tos
	flags := uint32(rtmLookupTable)
	if l.AsTable {
		flags |= rtmFIBMatch
	}
	binary.NativeEndian.PutUint32(r.Payload[8:], flags)
	add := func(kind uint16, value []byte) { r.Payload = netlink.AppendAttribute(r.Payload, kind, value) }
	add(unix.RTA_DST, l.Dst.AsSlice())
	if l.Src.IsValid() {
		r.Payload[2] = uint8(l.Src.BitLen()) // rtm_src_len
		add(unix.RTA_SRC, l.Src.AsSlice())
	}
	for _, a := range []struct {
		kind  uint16
		value *uint32
	}{{unix.RTA_IIF, given(l.InIndex)}, {unix.RTA_OIF, given(l.OutIndex)}, {unix.RTA_MARK, l.Mark},
		{unix.RTA_UID, l.UID}} {
		if a.value != nil {
			add(a.kind, binary.NativeEndian.AppendUint32(nil, *a.value))
		}
	}
	if l.IPProto != 0 {
		add(unix.RTA_IP_PROTO, []byte{l.IPProto})
	}
	if l.SrcPort != 0 {
		add(unix.RTA_SPORT, binary.BigEndian.AppendUint16(nil, l.SrcPort))
	}
	if l.DestPort != 0 {
		add(unix.RTA_DPORT, binary.BigEndian.AppendUint16(nil, l.DestPort))
	}
	return r
}

// given is nil for an index that is not told.
func given(index uint32) *uint32 {
	if index == 0 {
		return nil
	}
	return &index
}

func familyOf(a netip.Addr) uint8 {
	if a.Is4() {
		return unix.AF_INET
	}
	return unix.AF_INET6
}
