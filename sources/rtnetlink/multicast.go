package rtnetlink

import (
	"context"
	"encoding/binary"
	"fmt"
	"iter"
	"net/netip"
	"time"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
	"netql/sources/netlink/uapi"
)

// Families of multicast routing.
const (
	Multicast4 = uapi.RTNL_FAMILY_IPMR
	Multicast6 = uapi.RTNL_FAMILY_IP6MR
)

// A MulticastRoute is an entry of the kernel's multicast forwarding cache.
type MulticastRoute struct {
	Table         uint32
	Group, Source netip.Addr
	Protocol      uint8 // RTPROT_*: who made it
	Resolved      bool  // false while the kernel waits for the routing daemon
	Offloaded     bool  // hardware forwards too
	In            int   // the interface that packets must come from; 0 where there is none
	Out           []MulticastOutput
	Stats         *MulticastStats // nil where the kernel tells none
	Idle          time.Duration   // since the last packet; meaningless before the first
}

// A MulticastOutput is an interface that packets are sent to, if their TTL is above a threshold.
type MulticastOutput struct{ Index, TTL int }

// MulticastStats is struct rta_mfc_stats of linux/rtnetlink.h.
type MulticastStats struct {
	Packets, Bytes uint64
	Wrong          uint64 // packets that came from another interface
}

// MulticastRoutes lists the multicast routes of all tables, of one of the families above. A kernel that cannot list
// them has none. An error is the last item.
func MulticastRoutes(ctx context.Context, transport netlink.Transport, family uint8) iter.Seq2[MulticastRoute, error] {
	return list[MulticastRoute]{
		what: "multicast routes", request: request(unix.RTM_GETROUTE, family, unix.SizeofRtMsg),
		parse: parseMulticastRoute, family: family,
	}.consistent(ctx, transport)
}

// parseMulticastRoute reads what mr_fill_mroute of net/ipv4/ipmr_base.c writes: struct rtmsg and attributes.
func parseMulticastRoute(b []byte) (r MulticastRoute, err error) {
	attributes, err := routeMessage.Decode(b)
	if err != nil {
		return r, err
	}
	flags := binary.NativeEndian.Uint32(b[8:])
	r.Table, r.Protocol, r.Offloaded = uint32(b[4]), b[5], flags&unix.RTNH_F_OFFLOAD != 0
	for err == nil && attributes.Next() {
		switch attributes.Type() {
		case unix.RTA_TABLE:
			r.Table = attributes.Uint32()
		case unix.RTA_DST:
			r.Group, err = multicastAddress(attributes.Bytes())
		case unix.RTA_SRC:
			r.Source, err = multicastAddress(attributes.Bytes())
		case unix.RTA_IIF:
			r.In = int(int32(attributes.Uint32()))
		case unix.RTA_MULTIPATH: // old kernels do not flag what is not resolved, but have no list of outputs for it
			r.Resolved = flags&unix.RTNH_F_UNRESOLVED == 0
			r.Out, err = parseMulticastOutputs(attributes.Bytes())
		case unix.RTA_MFC_STATS:
			r.Stats, err = parseMulticastStats(attributes.Bytes())
		case unix.RTA_EXPIRES: // here a time that has passed, in hundredths of a second
			r.Idle = longTicks(attributes.Uint64())
		}
	}
	if err != nil {
		return r, err
	}
	return r, attributes.Err()
}

func multicastAddress(b []byte) (netip.Addr, error) {
	a, ok := netip.AddrFromSlice(b)
	if !ok {
		return a, fmt.Errorf("%w: an address of %d bytes", netlink.ErrTruncated, len(b))
	}
	return a, nil
}

// parseMulticastOutputs reads RTA_MULTIPATH, whose weights are thresholds here.
func parseMulticastOutputs(b []byte) (list []MulticastOutput, err error) {
	for len(b) > 0 {
		var output []byte
		if output, b, err = cutNexthop(b); err != nil {
			return list, err
		}
		index := int(int32(binary.NativeEndian.Uint32(output[4:])))
		list = append(list, MulticastOutput{Index: index, TTL: int(output[3])})
	}
	return list, nil
}

func parseMulticastStats(b []byte) (*MulticastStats, error) {
	const size = 24
	if len(b) < size {
		return nil, fmt.Errorf("%w: multicast statistics of %d bytes, not %d", netlink.ErrTruncated, len(b), size)
	}
	native := binary.NativeEndian
	return &MulticastStats{native.Uint64(b), native.Uint64(b[8:]), native.Uint64(b[16:])}, nil
}
