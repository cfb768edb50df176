package netlinktest

import (
	"context"
	"errors"
	"testing"

	"netql/sources/netlink"
)

func two(netlink.Request) ([]netlink.Message, error) {
	return []netlink.Message{{Data: []byte("one")}, {Data: []byte("two")}}, errors.ErrUnsupported
}

// TestFunc checks that a message is gone after its step, as it is with the kernel's transport.
func TestFunc(t *testing.T) {
	var kept [][]byte
	var failure error
	for m, err := range Func(two).Dump(t.Context(), netlink.Request{}) {
		if failure = err; err == nil {
			kept = append(kept, m.Data)
		}
	}
	if len(kept) != 2 || string(kept[0]) == "one" || !errors.Is(failure, errors.ErrUnsupported) {
		t.Errorf("%q, %v", kept, failure)
	}
}

func TestFuncEnds(t *testing.T) {
	n := 0
	for range Func(two).Dump(t.Context(), netlink.Request{}) {
		n++
		break
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var failure error
	for _, err := range Func(two).Dump(ctx, netlink.Request{}) {
		n++
		failure = err
		cancel()
	}
	if n != 3 || !errors.Is(failure, context.Canceled) {
		t.Errorf("%d items, %v", n, failure)
	}
}
