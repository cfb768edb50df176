package tables_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources"
	"netql/sources/lab"
	"netql/sources/owners"
)

// TestSocketEnds: connections that end are told with how they ended, and with the owner that they had while they lived,
// if they were there when following began.
func TestSocketEnds(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		closing, server := lab.Pair(t, lab.TCP, "127.0.0.1:7001")
		resetting, reset := lab.Pair(t, lab.TCP, "127.0.0.1:7002")
		silent, timed := lab.Pair(t, lab.TCP, "127.0.0.1:7003")
		event := func(port int, end, process, status string) []string {
			return []string{fmt.Sprintf("end=%s event=gone lport=%d owner_status=%s process=%s", end, port, status,
				process)}
		}
		own := "tables.test"
		checkEvents(t, "sockets lport in 7001..7003 and rport != nil | follow | "+
			"select event, lport, end, process, owner_status", []step{
			{func() { closing.Close(); server.Close() }, event(7001, "closed", own, "ok")},
			{func() { abort(t, resetting); reset.Close() }, event(7002, "reset", own, "ok")},
			{func() { giveUp(t, timed, silent); timed.Close() }, event(7003, "timeout", own, "ok")},
		})
		checkEvents(t, "sockets rport == 7005 | follow | select event, end", []step{
			{func() { refused(t, 7005) }, []string{"end=refused event=gone"}},
		})
	})
}

// TestLaterSocketEnds: a connection that was made while sockets are followed is told with its owner, if it lived long
// enough to be listed.
func TestLaterSocketEnds(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		system, looks := sources.Live(), &atomic.Int64{}
		system.Owners = counting{system.Owners, looks}
		checkEventsOf(t, system, "sockets lport == 7004 and rport != nil | follow | select process, owner_status",
			[]step{
				{func() {
					client, server := lab.Pair(t, lab.TCP, "127.0.0.1:7004")
					// Sockets may have been listed for the next look already; they are for the one after it, which has
					// been remembered when there is another.
					before := looks.Load()
					lab.Await(t, "three more looks for owners", func() bool { return looks.Load() >= before+3 })
					client.Close()
					server.Close()
				}, []string{"owner_status=ok process=tables.test"}},
			})
	})
}

// counting is a Finder that counts how often it is asked.
type counting struct {
	owners.Finder
	looks *atomic.Int64
}

func (c counting) Find(ctx context.Context) (*owners.Table, error) {
	c.looks.Add(1)
	return c.Finder.Find(ctx)
}

// abort closes a connection with a RST: SO_LINGER with no time.
func abort(t *testing.T, s *lab.Socket) {
	t.Helper()
	linger := unix.Linger{Onoff: 1}
	if err := unix.SetsockoptLinger(s.FD(), unix.SOL_SOCKET, unix.SO_LINGER, &linger); err != nil {
		t.Fatal(err)
	}
	s.Close()
}

// giveUp has a connection send what its peer drops, until it gives up after TCP_USER_TIMEOUT.
func giveUp(t *testing.T, s, peer *lab.Socket) {
	t.Helper()
	dropAll(t, peer)
	if err := unix.SetsockoptInt(s.FD(), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, 500); err != nil {
		t.Fatal(err)
	}
	s.Write(100)
	lab.Await(t, "a timeout", func() bool {
		n, err := unix.GetsockoptInt(s.FD(), unix.SOL_SOCKET, unix.SO_ERROR)
		return err == nil && n == int(unix.ETIMEDOUT)
	})
}

// refused connects to a port that nobody listens on, without waiting: a connect that waits would forget the peer.
func refused(t *testing.T, port int) {
	t.Helper()
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	address := &unix.SockaddrInet4{Port: port, Addr: [4]byte{127, 0, 0, 1}}
	if err := unix.Connect(fd, address); err != unix.EINPROGRESS {
		t.Fatal(err)
	}
	lab.Await(t, "a refusal", func() bool {
		n, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_ERROR)
		return err == nil && n == int(unix.ECONNREFUSED)
	})
}
