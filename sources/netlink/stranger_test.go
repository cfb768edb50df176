package netlink_test

import (
	"encoding/binary"
	"errors"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources/lab"
	"netql/sources/netlink"
)

// forged is a message as of the kernel to our first socket, whose port is the number of the process.
func forged(kind uint16, body []byte) []byte {
	b := binary.NativeEndian.AppendUint32(nil, uint32(unix.SizeofNlMsghdr+len(body)))
	b = binary.NativeEndian.AppendUint16(b, kind)
	b = binary.NativeEndian.AppendUint16(b, unix.NLM_F_MULTI)
	b = binary.NativeEndian.AppendUint32(b, 1) // sequence
	b = binary.NativeEndian.AppendUint32(b, uint32(os.Getpid()))
	return append(b, body...)
}

// TestStranger: another process that sends us rows, errors and ends of lists as the kernel would changes no answer. At
// most it fills our buffer, which is an error.
func TestStranger(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		openUDP(t, many)
		fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_SOCK_DIAG)
		if err != nil {
			t.Fatal(err)
		}
		defer unix.Close(fd)
		if err := unix.Bind(fd, &unix.SockaddrNetlink{Family: unix.AF_NETLINK, Pid: 7_000_000}); err != nil {
			t.Fatal(err)
		}
		messages := [][]byte{
			forged(unix.NLMSG_DONE, make([]byte, 4)), forged(unix.NLMSG_ERROR, []byte{0xff, 0xff, 0xff, 0xff}),
			forged(unix.SOCK_DIAG_BY_FAMILY, make([]byte, 72)), []byte("torn"),
		}
		var ended atomic.Bool
		var delivered atomic.Int64
		var sender sync.WaitGroup
		sender.Go(func() {
			for i := 0; !ended.Load(); i++ {
				to := &unix.SockaddrNetlink{Family: unix.AF_NETLINK, Pid: uint32(os.Getpid())}
				if unix.Sendto(fd, messages[i%len(messages)], unix.MSG_DONTWAIT, to) == nil {
					delivered.Add(1)
				}
			}
		})
		whole := 0
		for n := 0; n < 1000 && (whole < 20 || delivered.Load() < 100); n++ {
			rows := 0
			var failure error
			for _, err := range (netlink.Kernel{}).Dump(t.Context(), udpDump()) {
				if failure = err; err == nil {
					rows++
				}
			}
			switch {
			case failure == nil && rows == many:
				whole++
			case !errors.Is(failure, unix.ENOBUFS):
				t.Errorf("%d rows, %v", rows, failure)
			}
		}
		ended.Store(true)
		sender.Wait()
		if delivered.Load() == 0 || whole == 0 {
			t.Error("nothing could be sent to the socket of a dump, or no dump was whole")
		}
		t.Logf("%d dumps were whole, and %d messages of a stranger's delivered", whole, delivered.Load())
	})
}
