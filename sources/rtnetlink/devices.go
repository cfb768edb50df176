package rtnetlink

import (
	"context"
	"encoding/binary"
	"fmt"
	"iter"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
)

// Devices lists the interfaces of the network namespace with all that the kernel tells of them, the counters only if they
// are wanted, and reads them again if they change meanwhile. An error is the last item.
func Devices(ctx context.Context, transport netlink.Transport, counters bool) iter.Seq2[*Device, error] {
	var mask uint32
	if !counters {
		mask = skipStats
	}
	return list(ctx, transport, linkRequest(mask), "list the interfaces", parseDevice)
}

// linkRequest asks for all links; mask says what may be left out (RTEXT_FILTER_* of linux/rtnetlink.h).
func linkRequest(mask uint32) netlink.Request {
	payload := make([]byte, unix.SizeofIfInfomsg)
	payload = netlink.AppendAttribute(payload, unix.IFLA_EXT_MASK, binary.NativeEndian.AppendUint32(nil, mask))
	return netlink.Request{Protocol: unix.NETLINK_ROUTE, Type: unix.RTM_GETLINK, Payload: payload}
}

// list reads a list whose every message is one element. What it is doing goes before an error, which is the last item.
func list[T any](ctx context.Context, transport netlink.Transport, r netlink.Request, doing string, parse func([]byte) (T, error)) iter.Seq2[T, error] {
	return netlink.Settled(func(yield func(T, error) bool) {
		var none T
		for message, err := range transport.Dump(ctx, r) {
			var element T
			if err == nil {
				element, err = parse(message.Data)
			}
			if err != nil {
				yield(none, fmt.Errorf("%s: %w", doing, err))
				return
			}
			if !yield(element, nil) {
				return
			}
		}
	})
}
