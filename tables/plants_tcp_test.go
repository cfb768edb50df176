package tables_test

import (
	"net/netip"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources/lab"
)

// manyTimes is how often a planting does at each of its twenty turns in a second what is told from ten times on, so
// that a busy machine gets there, too.
const manyTimes = 5

// tcpPlantings are the troubles of connections of TCP and of listeners.
func tcpPlantings() []planting {
	return []planting{
		{name: "resets", checks: []string{"resets", "aborts"}, make: plantResets},
		{name: "silence", checks: []string{"connections_given_up"}, counts: []string{"tcp_timeouts"},
			follows: []string{"lossy_peer", "no_acknowledgement"}, make: plantGivenUp},
		{name: "pruned", checks: []string{"tcp_receive_drops"},
			follows: []string{"retransmissions", "unread_data", "tcp_timeouts", "lossy_peer", "no_acknowledgement",
				"aborts"}, make: plantPruned},
		{name: "overflow", checks: []string{"accept_queue"}, counts: []string{"listen_overflows"}, make: plantOverflow},
		{name: "cookies", checks: []string{"syn_cookies"}, make: plantCookies},
		{name: "halfopen", checks: []string{"syn_drops"}, make: plantSynDrops},
		{name: "unproven", checks: []string{"listen_drops"}, make: plantUnproven},
		{name: "slow", checks: []string{"slow_peer"},
			follows: []string{"lossy_peer", "retransmissions", "qdisc_backlog"},
			make:    plantSlow},
	}
}

// stream is a socket of TCP of the calling thread's namespace, connected; -1 where that fails.
func stream(to netip.AddrPort) int {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1
	}
	if err := unix.Connect(fd, &unix.SockaddrInet4{Addr: to.Addr().As4(), Port: int(to.Port())}); err != nil {
		unix.Close(fd)
		return -1
	}
	return fd
}

// plantResets has a program close connections so that they are reset (SO_LINGER of socket(7)).
func plantResets(t *testing.T, p *planting) func() bool {
	var listener *lab.Socket
	lab.In(t, p.name, func() { listener = lab.Listen(t, lab.TCP, "127.0.0.1:7001") })
	goOnIn(t, p.name, func() {
		for range manyTimes {
			fd := stream(listener.Local)
			accepted, _, _ := unix.Accept4(listener.FD(), unix.SOCK_CLOEXEC)
			_ = unix.SetsockoptLinger(fd, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1})
			unix.Close(fd)
			unix.Close(accepted)
		}
	})
	return nil
}

// dropAtFar has the far end drop what it receives and a condition of nft(8) holds for.
func dropAtFar(t *testing.T, p *planting, condition string) {
	t.Helper()
	lab.In(t, p.far(), func() {
		lab.Tool(t, "add table inet drops\nadd chain inet drops in { type filter hook input priority 0; }\n"+
			"add rule inet drops in "+condition+" drop\n", "nft", "-f", "-")
	})
}

// plantGivenUp makes connections whose data does not arrive, and whose programs wait for a millisecond alone.
func plantGivenUp(t *testing.T, p *planting) func() bool {
	var far *lab.Socket
	lab.In(t, p.far(), func() { far = lab.Listen(t, lab.TCP, "10.1.0.2:7002") })
	lab.In(t, p.name, func() { setSysctl(t, "net/ipv4/tcp_early_retrans", "0") }) // no probe before the timeout
	dropAtFar(t, p, "tcp flags & psh == psh")
	var open []int
	goOnIn(t, p.name, func() {
		for range manyTimes {
			fd := stream(far.Local)
			if fd < 0 {
				continue
			}
			_ = unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, 1)
			_, _ = unix.Write(fd, []byte("x"))
			accepted, _, _ := unix.Accept4(far.FD(), unix.SOCK_CLOEXEC) // a full queue would hold up further ones
			open = append(open, fd, accepted)
		}
		for len(open) > 2*30*manyTimes { // those have been given up
			unix.Close(open[0])
			open = open[1:]
		}
	})
	return nil
}

// plantPruned sends to sockets whose buffers have become smaller than the windows that they have offered.
func plantPruned(t *testing.T, p *planting) func() bool {
	const smallest = 2304
	var listener *lab.Socket
	lab.In(t, p.name, func() { listener = lab.Listen(t, lab.TCP, "127.0.0.1:7003") })
	data := make([]byte, 1<<15)
	var open []int
	goOnIn(t, p.name, func() {
		client := stream(listener.Local)
		server, _, _ := unix.Accept4(listener.FD(), unix.SOCK_CLOEXEC)
		_ = unix.SetsockoptInt(server, unix.SOL_SOCKET, unix.SO_RCVBUF, smallest)
		for range 2 {
			_ = unix.Sendto(client, data, unix.MSG_DONTWAIT, nil)
		}
		if open = append(open, client, server); len(open) > 200 {
			unix.Close(open[0])
			unix.Close(open[1])
			open = open[2:]
		}
	})
	return nil
}

// plantOverflow fills the accept queue of a listener, and begins more connections.
func plantOverflow(t *testing.T, p *planting) func() bool {
	var full *lab.Socket
	lab.In(t, p.name, func() { full = lab.Listen(t, lab.TCP, "10.1.0.1:7004", lab.Backlog(1)) })
	lab.In(t, p.far(), func() {
		lab.Dial(t, lab.TCP, full.Local)
		lab.Dial(t, lab.TCP, full.Local)
	})
	goOn(t, synFlood(t, p, full.Local))
	return nil
}

// synFlood begins connections from addresses that do not answer.
func synFlood(t *testing.T, p *planting, to netip.AddrPort) func() {
	t.Helper()
	var raw int
	lab.In(t, p.far(), func() { raw = rawSocket(t) })
	from := netip.MustParseAddrPort("198.51.100.1:1024")
	return func() {
		for range manyTimes {
			from = netip.AddrPortFrom(from.Addr(), max(from.Port()+1, 1024))
			sendRaw(raw, from.Addr(), to.Addr(), unix.IPPROTO_TCP, 0, synSegment(from, to))
		}
	}
}

// plantHalfOpen has more connections begun than a listener of that many lets be half open.
func plantHalfOpen(t *testing.T, p *planting, backlog int, settings ...string) func() bool {
	t.Helper()
	var listener *lab.Socket
	lab.In(t, p.name, func() {
		for i := 0; i < len(settings); i += 2 {
			setSysctl(t, "net/ipv4/"+settings[i], settings[i+1])
		}
		listener = lab.Listen(t, lab.TCP, "10.1.0.1:7005", lab.Backlog(backlog))
	})
	goOn(t, synFlood(t, p, listener.Local))
	return nil
}

func plantCookies(t *testing.T, p *planting) func() bool {
	return plantHalfOpen(t, p, 1, "tcp_syncookies", "1")
}

func plantSynDrops(t *testing.T, p *planting) func() bool {
	return plantHalfOpen(t, p, 1, "tcp_syncookies", "0")
}

// plantUnproven lets few connections of unknown peers be half open, at a listener whose own queue is long.
func plantUnproven(t *testing.T, p *planting) func() bool {
	return plantHalfOpen(t, p, 100, "tcp_syncookies", "0", "tcp_max_syn_backlog", "4")
}

// plantSlow has a connection send over a link that was fast before, and then takes a fifth of a second for each packet,
// while others wait in its queue.
func plantSlow(t *testing.T, p *planting) func() bool {
	const afterwards = 60_000 // bytes, less than the far end's window
	var far, near *lab.Socket
	lab.In(t, p.far(), func() { far = lab.Listen(t, lab.TCP, "10.1.0.2:7006") })
	lab.In(t, p.name, func() {
		near = lab.Dial(t, lab.TCP, far.Local)
		for range 20 {
			near.Write(1)
		}
		lab.Tool(t, "", "tc", "qdisc", "add", "dev", "eth0", "root", "tbf",
			"rate", "64kbit", "burst", "2kb", "limit", "1mb")
		near.Write(afterwards)
	})
	const slow = 300_000 // microseconds
	return func() bool {
		info, err := unix.GetsockoptTCPInfo(near.FD(), unix.IPPROTO_TCP, unix.TCP_INFO)
		return err == nil && info.Rtt > slow
	}
}
