package lab

import (
	"context"
	"net/netip"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// changes come and go while there is traffic, for ip(8) -batch.
const changes = `
route add 10.3.0.0/16 via 192.0.2.9
route del 10.3.0.0/16
address add 192.0.2.78/24 dev eth0
address del 192.0.2.78/24 dev eth0
neighbor replace 192.0.2.200 dev eth0 nud failed
neighbor del 192.0.2.200 dev eth0
link set dmz0 down
link set dmz0 up
rule add from 10.67.0.0/16 lookup 100 priority 1003
rule del from 10.67.0.0/16 lookup 100 priority 1003
`

// startTraffic has connections send to the lossy peer, short ones come and go, packets for groups without a route come,
// and routes and the like change, until the test ends.
func startTraffic(t testing.TB) {
	t.Helper()
	var talks []talk
	for _, address := range []string{farLossy4 + ":873", farLossy6 + ":873", "[2001:db8::1]:5201"} {
		talks = append(talks, newTalk(t, address))
	}
	var visited *Socket
	In(t, peerNamespace, func() { visited = Listen(t, TCP, far6+":443") })
	stray := multicastSender(t, "eth0", netip.MustParseAddr("239.1.2.99"))
	ctx, stop := context.WithCancel(context.Background())
	var workers sync.WaitGroup
	t.Cleanup(func() { stop(); workers.Wait() })
	every := func(pause time.Duration, what func()) {
		workers.Go(func() {
			for ctx.Err() == nil {
				what()
				select {
				case <-ctx.Done():
				case <-time.After(pause):
				}
			}
		})
	}
	every(10*time.Millisecond, func() {
		for _, t := range talks {
			t.goOn()
		}
	})
	every(50*time.Millisecond, func() { visit(visited) })
	strays := 0
	every(time.Second, func() { strays++; sendStray(stray, strays) })
	every(300*time.Millisecond, func() {
		cmd := exec.CommandContext(ctx, "ip", "-force", "-batch", "-")
		cmd.Stdin = strings.NewReader(changes)
		_ = cmd.Run() // what fails this time is done the next
	})
	talks[0].from.await("a lossy peer", func() bool {
		return talks[0].from.tcpInfo().Total_retrans > 0 && talks[1].from.tcpInfo().Total_retrans > 0
	})
}

// A talk is a connection over which one end sends, and the other reads it.
type talk struct{ from, to *Socket }

// newTalk connects to an address of the peer.
func newTalk(t testing.TB, address string) talk {
	t.Helper()
	var listener *Socket
	In(t, peerNamespace, func() { listener = Listen(t, TCP, address) })
	from := Dial(t, TCP, listener.Local)
	Start(t, Helper{Comm: "rsync"}, from)
	return talk{from, listener.Accept()}
}

// goOn sends a little and reads what has come.
func (t talk) goOn() {
	const little = 4096
	_ = unix.Sendto(t.from.fd, make([]byte, little), unix.MSG_DONTWAIT, nil) // else the queue is full
	buffer := make([]byte, 16*little)
	for n := 1; n > 0; {
		n, _, _ = unix.Recvfrom(t.to.fd, buffer, unix.MSG_DONTWAIT)
	}
}

// visit makes a connection, sends a little over it and ends it. The kernel remembers it as TIME_WAIT.
func visit(listener *Socket) {
	address, err := sockaddr(listener.Local)
	if err != nil {
		return
	}
	fd, err := unix.Socket(unix.AF_INET6, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return
	}
	defer unix.Close(fd)
	if unix.Connect(fd, address) != nil {
		return
	}
	end, _, err := unix.Accept4(listener.fd, unix.SOCK_CLOEXEC)
	if err != nil {
		return
	}
	defer unix.Close(end)
	little := make([]byte, 1000)
	_, _ = unix.Write(fd, little)
	_, _ = unix.Read(end, little)
	_ = unix.Shutdown(fd, unix.SHUT_WR)
}

// sendStray sends a packet to one of eight groups, for which a multicast router has no route. The kernel keeps what it
// knows of such a group for ten seconds from its first packet (ipmr_cache_unresolved in net/ipv4/ipmr.c), of ten groups
// at most. Because they take turns, it never knows none.
func sendStray(s *Socket, n int) {
	const groups = 8
	to, err := sockaddr(netip.AddrPortFrom(netip.AddrFrom4([4]byte{239, 1, 2, byte(99 + n%groups)}), 5000))
	if err == nil {
		_ = unix.Sendto(s.fd, make([]byte, 100), unix.MSG_DONTWAIT, to)
	}
}
