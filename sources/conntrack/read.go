package conntrack

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
)

// ErrPermission says that the caller lacks CAP_NET_ADMIN in the user namespace that owns the network namespace.
var ErrPermission error = permissionError{}

// permissionError is a fs.ErrPermission that says what it takes.
type permissionError struct{}

func (permissionError) Error() string { return "this needs CAP_NET_ADMIN" }

func (permissionError) Unwrap() error { return fs.ErrPermission }

// Dump lists the flows of a family, or of both where it is 0. It yields each as it comes, because a table may hold
// millions; the kernel does not tell whether the table changed meanwhile. An error is the last item: ErrPermission,
// netlink.ErrNoModule, the kernel's errno, or that of the context.
func Dump(ctx context.Context, transport netlink.Transport, family uint8) iter.Seq2[*Flow, error] {
	header := []byte{family, unix.NFNETLINK_V0, 0, 0}
	request := netlink.Request{Protocol: unix.NETLINK_NETFILTER, Type: getType, Payload: header}
	decode := func(m netlink.Message) (f *Flow, wanted bool, err error) {
		f, err = parseFlow(m.Data)
		return f, true, err
	}
	return func(yield func(*Flow, error) bool) {
		if _, err := netlink.Each(transport.Dump(ctx, request), decode, yield); err != nil {
			yield(nil, explain(err))
		}
	}
}

// explain turns netfilter's errnos into errors of ours. EINVAL means that the kernel has no such subsystem
// (nfnetlink_rcv_msg in net/netfilter/nfnetlink.c); without the permission the answer is EPERM either way.
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
