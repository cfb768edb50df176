package netlink_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"os"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"netql/sources/lab"
	"netql/sources/netlink"
)

func TestMain(m *testing.M) { os.Exit(lab.Main(m)) }

// udpDump asks for all UDP sockets of IPv4: struct inet_diag_req_v2.
func udpDump() netlink.Request {
	payload := make([]byte, 56)
	payload[0], payload[1] = unix.AF_INET, unix.IPPROTO_UDP
	binary.NativeEndian.PutUint32(payload[4:], 0xfff)
	return netlink.Request{Protocol: unix.NETLINK_SOCK_DIAG, Type: unix.SOCK_DIAG_BY_FAMILY, Payload: payload}
}

// linkLookup asks for one interface: struct ifinfomsg.
func linkLookup(index uint32) netlink.Request {
	payload := make([]byte, unix.SizeofIfInfomsg)
	binary.NativeEndian.PutUint32(payload[4:], index)
	return netlink.Request{Protocol: unix.NETLINK_ROUTE, Type: unix.RTM_GETLINK, Payload: payload, Single: true}
}

// openUDP opens sockets, more than one receive of a dump can hold if there are many.
func openUDP(t *testing.T, n int) {
	for range n {
		c, err := net.ListenPacket("udp4", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
	}
}

const many = 1000 // sockets, of which one receive of 32 KiB holds a quarter

func TestKernelDump(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		openUDP(t, many)
		n := 0
		for m, err := range (netlink.Kernel{}).Dump(t.Context(), udpDump()) {
			if err != nil {
				t.Fatal(err)
			}
			if m.Type != unix.SOCK_DIAG_BY_FAMILY || len(m.Data) < 72 {
				t.Fatalf("type %d, %d bytes", m.Type, len(m.Data))
			}
			n++
		}
		if n != many {
			t.Errorf("%d sockets, want %d", n, many)
		}
	})
}

// TestKernelLeaves checks that no way to end a dump leaves a file or a goroutine behind.
func TestKernelLeaves(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		openUDP(t, many)
		for name, test := range map[string]func(*testing.T){
			"to the end":     func(t *testing.T) { readAll(t, t.Context(), udpDump(), many, nil) },
			"break early":    breakEarly,
			"cancel before":  cancelBefore,
			"cancel midway":  cancelMidway,
			"deadline":       deadline,
			"refused":        func(t *testing.T) { readAll(t, t.Context(), linkLookup(4242), 0, unix.ENODEV) },
			"unknown family": unknownFamily,
			"single":         func(t *testing.T) { readAll(t, t.Context(), linkLookup(1), 1, nil) },
			"many at once":   manyAtOnce,
		} {
			t.Run(name, func(t *testing.T) {
				test(t) // the runtime may open its poller in the first one
				goroutines, files := runtime.NumGoroutine(), openFiles(t)
				for range 20 {
					test(t)
				}
				if got := openFiles(t); got != files {
					t.Errorf("%d files are open, %d were before", got, files)
				}
				fewer := fmt.Sprintf("no more than %d goroutines", goroutines)
				lab.Await(t, fewer, func() bool { return runtime.NumGoroutine() <= goroutines })
			})
		}
	})
}

func openFiles(t *testing.T) int {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

// readAll expects a number of messages and then, unless nil, an error.
func readAll(t *testing.T, ctx context.Context, r netlink.Request, messages int, want error) {
	t.Helper()
	n := 0
	var failure error
	for _, err := range (netlink.Kernel{}).Dump(ctx, r) {
		if failure != nil {
			t.Fatal("an item follows the error")
		}
		if failure = err; err == nil {
			n++
		}
	}
	if n != messages || !errors.Is(failure, want) {
		t.Errorf("%d messages, error %v; want %d, %v", n, failure, messages, want)
	}
}

func breakEarly(t *testing.T) {
	for _, err := range (netlink.Kernel{}).Dump(t.Context(), udpDump()) {
		if err != nil {
			t.Fatal(err)
		}
		break
	}
}

func cancelBefore(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	readAll(t, ctx, udpDump(), 0, context.Canceled)
}

func cancelMidway(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("changed my mind")
	defer cancel(nil)
	n := 0
	var failure error
	for _, err := range (netlink.Kernel{}).Dump(ctx, udpDump()) {
		failure = err
		if n++; n == 10 {
			cancel(why)
		}
	}
	if !errors.Is(failure, why) || n > many/2 {
		t.Errorf("error %v after %d messages", failure, n)
	}
}

// deadline waits for an answer that never comes: the kernel skips control messages.
func deadline(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Millisecond)
	defer cancel()
	r := netlink.Request{Protocol: unix.NETLINK_ROUTE, Type: unix.NLMSG_NOOP}
	readAll(t, ctx, r, 0, context.DeadlineExceeded)
}

func unknownFamily(t *testing.T) {
	r := udpDump()
	r.Payload = slices.Clone(r.Payload)
	r.Payload[0] = unix.AF_UNSPEC
	readAll(t, t.Context(), r, 0, unix.ENOENT)
}

func manyAtOnce(t *testing.T) {
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() { readAll(t, t.Context(), udpDump(), many, nil) })
	}
	group.Wait()
}

// TestKernelSays checks that the kernel's own explanation reaches the reader.
func TestKernelSays(t *testing.T) {
	r := netlink.Request{Protocol: unix.NETLINK_ROUTE, Type: unix.RTM_GETLINK, Single: true} // no header
	r.Payload = make([]byte, unix.SizeofIfInfomsg)
	r.Payload = netlink.AppendAttribute(r.Payload, unix.IFLA_IFNAME, []byte("a name far longer than any interface's"))
	for _, err := range (netlink.Kernel{}).Dump(t.Context(), r) {
		var refusal *netlink.Error
		if !errors.As(err, &refusal) || refusal.Text == "" {
			t.Errorf("error %#v", err)
		}
		return
	}
	t.Error("no error")
}
