package rtnetlink

import (
	"context"
	"encoding/binary"
	"iter"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
	"netql/sources/netlink/uapi"
)

// Devices lists the interfaces of the network namespace with all that the kernel tells of them, the counters only if
// they are wanted, and reads them again if they change meanwhile. An error is the last item.
func Devices(ctx context.Context, transport netlink.Transport, counters bool) iter.Seq2[*Device, error] {
	request := linkRequest(linkMask(counters))
	return list[*Device]{what: "interfaces", request: request, parse: parseDevice}.consistent(ctx, transport)
}

// linkMask leaves the counters out, which cost the most, unless they are wanted; old kernels send them all the same.
func linkMask(counters bool) uint32 {
	if counters {
		return 0
	}
	return uapi.RTEXT_FILTER_SKIP_STATS
}

// linkRequest asks for all links; mask says what may be left out (RTEXT_FILTER_* of linux/rtnetlink.h).
func linkRequest(mask uint32) netlink.Request {
	r := request(unix.RTM_GETLINK, unix.AF_UNSPEC, unix.SizeofIfInfomsg)
	r.Payload = netlink.AppendAttribute(r.Payload, unix.IFLA_EXT_MASK, binary.NativeEndian.AppendUint32(nil, mask))
	return r
}
