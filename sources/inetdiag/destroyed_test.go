package inetdiag

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"netql/sources/lab"
	"netql/sources/netlink"
)

// listening is what Destroyed tells, while a test does things.
type listening struct {
	sockets chan *Socket
	errs    chan error
	cancel  context.CancelFunc
}

// listen waits until the kernel tells us what happens: the first moments of a subscription go by unheard.
func listen(t *testing.T) *listening {
	ctx, cancel := context.WithTimeout(t.Context(), lab.Patience)
	l := &listening{make(chan *Socket), make(chan error, 100), cancel}
	go func() {
		defer close(l.sockets)
		for s, err := range Destroyed(ctx, netlink.Kernel{}, []int{TCP, UDP}, nil) {
			if err != nil {
				l.errs <- err
				continue
			}
			l.sockets <- s
		}
	}()
	for {
		probe(t)
		select {
		case <-l.sockets:
			return l
		case err := <-l.errs:
			t.Fatal(err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// probePort is that of sockets which are there only to be destroyed.
const probePort = 4999

func probe(t *testing.T) {
	t.Helper()
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: probePort})
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
}

// next is the next socket that is none of the probes.
func (l *listening) next(t *testing.T) *Socket {
	t.Helper()
	for s := range l.sockets {
		if s.Local.Port() != probePort {
			return s
		}
	}
	t.Fatalf("no more sockets: %v", <-l.errs)
	return nil
}

// TestDestroyed: sockets are told when they close, with their last numbers.
func TestDestroyed(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		l := listen(t)
		client, server := lab.Pair(t, lab.TCP, "127.0.0.1:0")
		client.Write(1000)
		local, remote := client.Local, server.Local
		server.Close() // with unread data: a reset, so that nothing lingers
		client.Close()
		found := map[netip.AddrPort]*Socket{}
		for len(found) < 2 {
			s := l.next(t)
			if s.Protocol != TCP || s.State != Closed {
				t.Errorf("%+v", s)
			}
			if s.Remote.Port() != 0 {
				found[s.Local] = s
			}
		}
		sent, _ := found[local].Info.Uint(BytesSent)
		received, _ := found[remote].Info.Uint(BytesReceived)
		if sent != 1000 || received < 1000 || found[local].Remote != remote {
			t.Errorf("sent %d, received %d, %+v", sent, received, found)
		}
		datagram := lab.Datagram(t, lab.UDP, "[::1]:0", "")
		datagram.Close()
		if s := l.next(t); s.Protocol != UDP || s.Family != unix.AF_INET6 || s.Local != datagram.Local {
			t.Errorf("%+v, not %v", s, datagram.Local)
		}
		l.cancel()
		for range l.sockets {
		}
		if err := <-l.errs; !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
	})
}

// TestOverrun: what was not read in time is counted, and the rest comes.
func TestOverrun(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		l := listen(t)
		probe(t) // it is handed to nobody, and stops the reading
		for n := 0; !netlinkColumn(t, 8); n++ {
			if n == 1000 {
				t.Fatal("a million events fit into the buffer")
			}
			for range 1000 {
				probe(t)
			}
		}
		lost := 0
		for lost == 0 {
			select {
			case _, ok := <-l.sockets:
				if !ok {
					t.Fatalf("it ended: %v", <-l.errs)
				}
			case err := <-l.errs:
				var overrun *netlink.Overrun
				if !errors.As(err, &overrun) || overrun.Lost <= 0 {
					t.Fatalf("%v", err)
				}
				lost = overrun.Lost
			}
		}
		go func() {
			for range l.errs {
			}
		}()
		told := make(chan struct{})
		go func() {
			for l.next(t).Family != unix.AF_INET6 { // what was in the buffer comes first
			}
			close(told)
		}()
		for { // the kernel drops what happens until all that it kept is read
			datagram := lab.Datagram(t, lab.UDP, "[::1]:0", "")
			datagram.Close()
			select {
			case <-told:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	})
}

// netlinkColumn says whether a netlink socket has a number in that column of /proc/net/netlink, from 0: 8 is Drops,
// what the kernel could not give to it.
func netlinkColumn(t *testing.T, column int) bool {
	t.Helper()
	table, err := os.ReadFile("/proc/net/netlink")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(table)) {
		fields := strings.Fields(line)
		if len(fields) > column && fields[0] != "sk" && fields[column] != "0" { // sk begins the heading
			return true
		}
	}
	return false
}
