package tables_test

import (
	"fmt"
	"net/netip"
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources/lab"
)

// makeWorld fills the namespace so that each of the operators' questions has something to find, beside much that it is
// not to find.
func makeWorld(t *testing.T) {
	t.Helper()
	lab.Link(t, "eth0")
	for _, address := range []string{"10.1.0.1/32", "2001:db8::1/128"} {
		ip(t, "address", "add", address, "dev", "lo", "nodad")
		awaitLocal(t, strings.Split(address, "/")[0])
	}
	ssh := lab.Listen(t, lab.TCP, "127.0.0.1:22")
	lab.Dial(t, lab.TCP, ssh.Local)
	ssh.Accept()
	lab.SynSent(t, "127.0.0.1:443")
	for _, address := range []string{"[2001:db8::1]:443", "[fe80::1%eth0]:80"} {
		listener := lab.Listen(t, lab.TCP, address)
		lab.Dial(t, lab.TCP, listener.Local)
		listener.Accept()
	}
	for range 60 {
		lab.CloseWait(t, "127.0.0.1:0")
	}
	sender, _ := lab.Pair(t, lab.TCP, "127.0.0.1:0")
	sender.Fill()
	slow(t, "10.1.0.1:0", 2)
	slow(t, "10.1.0.1:0", 5)
	lossy(t, "10.1.0.1:0")
	serve(t, "nginx", "10.1.0.1:80")
	serve(t, "envoy", "127.0.0.1:8080")
	serve(t, "postgres", "10.1.0.1:5432")
	inFlight(t, lab.Listen(t, lab.TCP, "127.0.0.1:9999"))
	lab.AllStates(t) // last: what is in TIME_WAIT lasts a minute
}

// awaitLocal waits until the kernel delivers to a new address, which is a moment after it has accepted it.
func awaitLocal(t *testing.T, address string) {
	t.Helper()
	lab.Await(t, address+" is delivered to", func() bool {
		out, err := exec.Command("ip", "route", "get", address).Output()
		return err == nil && strings.HasPrefix(string(out), "local ")
	})
}

// serve gives a process a listener and a connection to it.
func serve(t *testing.T, name, address string) {
	t.Helper()
	listener := lab.Listen(t, lab.TCP, address)
	lab.Dial(t, lab.TCP, listener.Local)
	server := listener.Accept()
	lab.Start(t, lab.Helper{Comm: name}, listener, server)
	listener.Close()
	server.Close()
}

// slow makes a connection with a long round-trip time: its peer delays the acknowledgements, by 40 ms each.
func slow(t *testing.T, address string, samples int) {
	t.Helper()
	client, server := lab.Pair(t, lab.TCP, address)
	for range samples {
		if err := unix.SetsockoptInt(server.FD(), unix.IPPROTO_TCP, unix.TCP_QUICKACK, 0); err != nil {
			t.Fatal(err)
		}
		client.Write(1)
		awaitAcknowledged(t, client)
	}
}

// awaitAcknowledged waits until the peer has received all that was written, and has said so.
func awaitAcknowledged(t *testing.T, s *lab.Socket) {
	t.Helper()
	lab.Await(t, "an acknowledgement", func() bool {
		unacknowledged, err := unix.IoctlGetInt(s.FD(), unix.SIOCOUTQ)
		return err == nil && unacknowledged == 0
	})
}

// inFlight puts a socket into a message that nobody receives, so that it lives and no process has it.
func inFlight(t *testing.T, s *lab.Socket) {
	t.Helper()
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(pair[0]); unix.Close(pair[1]) })
	if err := unix.Sendmsg(pair[0], []byte{0}, unix.UnixRights(s.FD()), nil, 0); err != nil {
		t.Fatal(err)
	}
	s.Close()
}

// dropAll has a socket drop all that comes, by a filter (cBPF: return 0).
func dropAll(t *testing.T, s *lab.Socket) {
	t.Helper()
	drop := []unix.SockFilter{{Code: unix.BPF_RET | unix.BPF_K}}
	program := unix.SockFprog{Len: uint16(len(drop)), Filter: &drop[0]}
	if err := unix.SetsockoptSockFprog(s.FD(), unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, &program); err != nil {
		t.Fatal(err)
	}
}

// lossy makes a connection that has lost a segment: its peer drops all that comes until it was sent again.
func lossy(t *testing.T, address string) {
	t.Helper()
	client, server := lab.Pair(t, lab.TCP, address)
	client.Write(100)
	dropAll(t, server)
	client.Write(100)
	again := fmt.Sprintf("sockets local == %q and total_retrans > 0 | select local", client.Local)
	lab.Await(t, "a retransmission", func() bool { return len(live(t, again)) > 0 })
	if err := unix.SetsockoptInt(server.FD(), unix.SOL_SOCKET, unix.SO_DETACH_FILTER, 0); err != nil {
		t.Fatal(err)
	}
	awaitAcknowledged(t, client)
}

// matches are the rows that satisfy a condition.
func matches(rows []row, condition func(row) bool) (kept []row) {
	for _, r := range rows {
		if condition(r) {
			kept = append(kept, r)
		}
	}
	return kept
}

// over says that a number is there and above a limit in its base unit.
func (r row) over(column string, limit float64) bool {
	n, ok := base(r[column])
	return ok && n > limit
}

// within says that an address is there and in a prefix.
func (r row) within(column, prefix string) bool {
	a, ok := r[column].(netip.Addr)
	return ok && netip.MustParsePrefix(prefix).Contains(a)
}

// is says that a column has one of the values.
func (r row) is(column string, values ...any) bool {
	for _, value := range values {
		if r[column] == value {
			return true
		}
	}
	return false
}

// tally counts the rows by the text of some columns, and keeps one of each.
func tally(rows []row, columns ...string) (groups []row, members [][]row) {
	index := map[string]int{}
	for _, r := range rows {
		key := fmt.Sprint(lines([]row{pick(r, columns...)}))
		i, known := index[key]
		if !known {
			i = len(groups)
			index[key] = i
			groups, members = append(groups, pick(r, columns...)), append(members, nil)
		}
		members[i] = append(members[i], r)
	}
	return groups, members
}
