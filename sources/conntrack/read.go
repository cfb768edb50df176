package conntrack

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
)

// getFlow is IPCTNL_MSG_CT_GET.
const getFlow = 1

// ErrPermission says that the caller lacks CAP_NET_ADMIN in the user namespace that owns the network namespace.
var ErrPermission = errors.New("this needs CAP_NET_ADMIN")

// Dump lists the flows of a family, or of both where it is 0. It hands each on as it comes: a table may hold millions, and
// the kernel does not say whether it changed meanwhile. An error is the last item: ErrPermission, netlink.ErrNoModule, the
// kernel's errno, or that of the context.
func Dump(ctx context.Context, transport netlink.Transport, family uint8) iter.Seq2[*Flow, error] {
	request := netlink.Request{
		Protocol: unix.NETLINK_NETFILTER, Type: unix.NFNL_SUBSYS_CTNETLINK<<8 | getFlow, Payload: []byte{family, unix.NFNETLINK_V0, 0, 0},
	}
	return func(yield func(*Flow, error) bool) {
		for message, err := range transport.Dump(ctx, request) {
			var flow *Flow
			if err == nil {
				flow, err = parseFlow(message.Data)
			}
			if err != nil {
				yield(nil, explain(err))
				return
			}
			if !yield(flow, nil) {
				return
			}
		}
	}
}

// explain says what the answers of netfilter mean: EINVAL that it has no such subsystem (nfnetlink_rcv_msg in
// net/netfilter/nfnetlink.c), which it says only to who has the permission.
func explain(err error) error {
	switch {
	case errors.Is(err, unix.EPERM):
		return ErrPermission // which says all that the errno does, and the way out
	case errors.Is(err, unix.EINVAL):
		err = fmt.Errorf("%w (%w)", netlink.ErrNoModule, err)
	default:
		err = netlink.OrNoModule(err)
	}
	return fmt.Errorf("list the tracked flows: %w", err)
}
