package tables_test

import (
	"net/netip"
	"regexp"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources/lab"
)

// plantedNear and plantedFar are the two machines of a planted network, for ip(8) -batch: joined by eth0, where all is
// well, and by wan0. Nothing is wrong yet.
const (
	plantedNear = `
link set lo up
link add eth0 type veth peer name eth0 netns peer
link add wan0 type veth peer name wan0 netns peer
link set eth0 up
link set wan0 up
address add 10.1.0.1/24 dev eth0
address add 10.2.0.1/24 dev wan0
route add default via 10.1.0.2 dev eth0
`
	plantedFar = `
link set lo up
link set eth0 up
link set wan0 up
address add 10.1.0.2/24 dev eth0
address add 10.2.0.2/24 dev wan0
`
)

// plantNetwork makes two machines of which nothing is wrong, once their addresses are known to be theirs alone.
func plantNetwork(t testing.TB) {
	t.Helper()
	lab.Need(t, "ip", "nft")
	lab.NameNamespaces(t, "host", "peer")
	setSysctl(t, "net/ipv6/conf/default/accept_dad", "1")
	lab.Tool(t, plantedNear, "ip", "-batch", "-")
	lab.In(t, "peer", func() { lab.Tool(t, plantedFar, "ip", "-batch", "-") })
	lab.Await(t, "no tentative address", func() bool {
		return lab.Tool(t, "", "ip", "-6", "address", "show", "tentative") == ""
	})
}

// A plantedFault is something wrong, and what an engineer would have a finding say of it: of the subject and the
// sentence of one finding all the patterns match.
type plantedFault struct {
	name  string
	words []string
}

// plantedFaults were written down before anybody had seen what findings says.
var plantedFaults = []plantedFault{
	{"a listener whose accept queue is full", []string{`\b8081\b`, `queue|backlog`}},
	{"connections that their process does not close", []string{`\bleaker\b`, `CLOSE_WAIT|clos`}},
	{"a process that does not read", []string{`\b8083\b|\bsloth\b`, `read|receive|window|queue`}},
	{"a peer that does not read", []string{`\b8085\b|\bpusher\b`, `read|window|peer`}},
	{"packets lost on the way to a peer", []string{`10\.2\.0\.2|wan0`, `again|retrans|resent|los[st]`}},
	{"an interface without carrier", []string{`\bdead0\b`, `carrier|link`}},
	{"two default routes of one metric", []string{`default`, `metric|two|2 `}},
	{"an address that another machine has", []string{`2001:db8:1::7`, `duplicate|DAD|dadfailed|another`}},
	{"a UDP socket that loses what it gets", []string{`\b5353\b`, `drop|los[st]|full|overflow`}},
	{"a peer that does not answer", []string{`10\.1\.0\.2:8089`, `answer|SYN`}},
	{"a rule for a table that is not there", []string{`\b777\b`, `rule|table`}},
	{"a gateway that cannot be resolved", []string{`10\.1\.0\.99`, `fail|FAILED|answer|reach|resolv`}},
	{"ephemeral ports nearly used up", []string{`10\.1\.0\.2:8092`, `port`}},
}

// plantFaults makes all of them, and leaves those running that want traffic.
func plantFaults(t testing.TB) {
	t.Helper()
	plantLinks(t)
	plantQueues(t)
	plantLeak(t)
	plantTraffic(t)
	plantPorts(t)
	plantSilence(t) // last: the kernel soon takes failed neighbours away where all namespaces have many
}

func plantLinks(t testing.TB) {
	t.Helper()
	setSysctl(t, "net/ipv6/conf/eth0/dad_transmits", "100") // one question or answer may be lost
	lab.In(t, "peer", func() { lab.Tool(t, "", "ip", "address", "add", "2001:db8:1::7/64", "dev", "eth0", "nodad") })
	lab.Tool(t, `
link add dead0 type veth peer name dead1
link set dead0 up
address add 10.3.0.1/24 dev dead0
route append default via 10.2.0.2 dev wan0
rule add from 10.9.0.0/16 lookup 777 priority 1000
address add 2001:db8:1::7/64 dev eth0
route add 10.50.0.0/16 via 10.1.0.99 dev eth0
`, "ip", "-batch", "-")
	lab.Await(t, "a duplicate address", func() bool {
		return strings.Contains(lab.Tool(t, "", "ip", "-6", "address", "show", "dev", "eth0"), "dadfailed")
	})
}

// plantedProcess gives sockets to a process of a name alone.
func plantedProcess(t testing.TB, name string, sockets ...*lab.Socket) {
	t.Helper()
	lab.Start(t, lab.Helper{Comm: name}, sockets...)
	for _, s := range sockets {
		s.Close()
	}
}

func plantQueues(t testing.TB) {
	t.Helper()
	const backlog = 4
	full, unread := lab.Listen(t, lab.TCP, "10.1.0.1:8081", lab.Backlog(backlog)),
		lab.Listen(t, lab.TCP, "10.1.0.1:8083")
	lab.In(t, "peer", func() {
		for range backlog + 1 {
			lab.Dial(t, lab.TCP, full.Local)
		}
		lab.Unanswered(t, full.Local)
		lab.Dial(t, lab.TCP, unread.Local).Fill()
	})
	plantedProcess(t, "acceptor", full)
	plantedProcess(t, "sloth", unread, unread.Accept())
	var far *lab.Socket
	lab.In(t, "peer", func() { far = lab.Listen(t, lab.TCP, "10.1.0.2:8085") })
	pusher := lab.Dial(t, lab.TCP, far.Local)
	pusher.Fill()
	plantedProcess(t, "pusher", pusher)
}

func plantLeak(t testing.TB) {
	t.Helper()
	const many = 120
	var far *lab.Socket
	lab.In(t, "peer", func() { far = lab.Listen(t, lab.TCP, "10.1.0.2:8082") })
	var leaked []*lab.Socket
	for range many {
		leaked = append(leaked, lab.Dial(t, lab.TCP, far.Local))
		far.Accept().Close()
	}
	lab.Await(t, "connections that the peer has closed", func() bool {
		for _, s := range leaked {
			if info, err := unix.GetsockoptTCPInfo(s.FD(), unix.IPPROTO_TCP, unix.TCP_INFO); err != nil ||
				info.State != unix.BPF_TCP_CLOSE_WAIT {
				return false
			}
		}
		return true
	})
	plantedProcess(t, "leaker", leaked...)
}

// plantTraffic sends over a way that loses a third, and datagrams to a server that does not read, until the test ends.
func plantTraffic(t testing.TB) {
	t.Helper()
	deaf := lab.Datagram(t, lab.UDP, "10.1.0.1:5353", "")
	must(t, unix.SetsockoptInt(deaf.FD(), unix.SOL_SOCKET, unix.SO_RCVBUF, 4096))
	var far, flood *lab.Socket
	lab.In(t, "peer", func() {
		far = lab.Listen(t, lab.TCP, "10.2.0.2:8084")
		flood = lab.Datagram(t, lab.UDP, "10.1.0.2:0", "10.1.0.1:5353")
	})
	sender := lab.Dial(t, lab.TCP, far.Local)
	reader := far.Accept()
	lab.In(t, "peer", func() {
		lab.Tool(t, `table ip planted {
	chain received {
		type filter hook input priority 0;
		tcp dport 8084 numgen random mod 3 == 0 drop
		tcp dport 8089 drop
	}
}`, "nft", "-f", "-")
	})
	stop := make(chan struct{})
	var going sync.WaitGroup
	going.Go(func() {
		buffer := make([]byte, 1<<16)
		for {
			select {
			case <-stop:
				return
			default:
			}
			// What does not go now goes the next time.
			_ = unix.Sendto(sender.FD(), buffer[:1000], unix.MSG_DONTWAIT, nil)
			_, _, _ = unix.Recvfrom(reader.FD(), buffer, unix.MSG_DONTWAIT)
			_ = unix.Sendto(flood.FD(), buffer[:500], unix.MSG_DONTWAIT, nil)
			_, _ = unix.Poll(nil, 2)
		}
	})
	t.Cleanup(func() { close(stop); going.Wait() })
	lab.Await(t, "segments sent again", func() bool {
		info, err := unix.GetsockoptTCPInfo(sender.FD(), unix.IPPROTO_TCP, unix.TCP_INFO)
		return err == nil && info.Data_segs_out >= 100 && info.Total_retrans >= 10
	})
}

// plantSilence connects to a port where all packets are dropped, and sends by a gateway that is not there.
func plantSilence(t testing.TB) {
	t.Helper()
	s := lab.Unanswered(t, netip.MustParseAddrPort("10.1.0.2:8089"))
	lost := lab.Datagram(t, lab.UDP, "10.1.0.1:0", "10.50.0.1:9")
	lost.Send(10)
	lab.Await(t, "a SYN sent again", func() bool {
		info, err := unix.GetsockoptTCPInfo(s.FD(), unix.IPPROTO_TCP, unix.TCP_INFO)
		return err == nil && info.Retransmits > 0
	})
	lab.Await(t, "a failed neighbour", func() bool {
		return strings.Contains(lab.Tool(t, "", "ip", "neighbor", "show", "nud", "failed"), "10.1.0.99")
	})
}

// plantPorts uses nearly all of few ephemeral ports for connections to one server, which work.
func plantPorts(t testing.TB) {
	t.Helper()
	setSysctl(t, "net/ipv4/ip_local_port_range", "50000 50099")
	const most = 95
	var far *lab.Socket
	lab.In(t, "peer", func() { far = lab.Listen(t, lab.TCP, "10.1.0.2:8092") })
	for range most {
		lab.Dial(t, lab.TCP, far.Local)
		far.Accept()
	}
}

// named says whether a finding is about a fault.
func (f plantedFault) named(r row) bool {
	text := cell(r["subject"]) + " " + cell(r["finding"])
	for _, word := range f.words {
		if !regexp.MustCompile("(?i)" + word).MatchString(text) {
			return false
		}
	}
	return true
}

const allFindings = "findings | select severity, check, subject, finding, advice, query"

// TestTenFaults: ten faults and some more, each of which an engineer would call so, are all named in one answer.
func TestTenFaults(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		plantNetwork(t)
		plantFaults(t)
		rows := live(t, allFindings)
		for _, line := range lines(rows) {
			t.Log(line)
		}
		for _, fault := range plantedFaults {
			found := false
			for _, r := range rows {
				found = found || fault.named(r)
			}
			if !found {
				t.Errorf("no finding names %s: want words %q", fault.name, fault.words)
			}
		}
	})
}

// TestHealthyHost: of a host whose network works nothing is said that is worse than a notice.
func TestHealthyHost(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		plantNetwork(t)
		server := lab.Listen(t, lab.TCP, "10.1.0.1:80")
		var far *lab.Socket
		lab.In(t, "peer", func() { far = lab.Listen(t, lab.TCP, "10.1.0.2:80") })
		for range 5 {
			lab.In(t, "peer", func() { lab.Dial(t, lab.TCP, server.Local).Write(1000) })
			in := server.Accept()
			in.Write(10)
			lab.Dial(t, lab.TCP, far.Local).Write(1000)
			far.Accept()
		}
		for _, r := range live(t, allFindings) {
			if severity := cell(r["severity"]); severity != "notice" {
				t.Errorf("%s %s: %s: %s", severity, cell(r["check"]), cell(r["subject"]), cell(r["finding"]))
			} else {
				t.Logf("%s %s: %s: %s", severity, cell(r["check"]), cell(r["subject"]), cell(r["finding"]))
			}
		}
	})
}
