package lab

import (
	"net/netip"
	"os"
	"testing"
	"time"
)

// addresses are of every kind that a connection can have.
func addresses() []string {
	return []string{"127.0.0.1:0", "[::1]:0", "[fe80::1%lab0]:0", "[::ffff:127.0.0.1]:0"}
}

func TestStates(t *testing.T) {
	pair := func(a, b *Socket) []*Socket { return []*Socket{a, b} }
	tests := map[string]struct {
		make func(t *testing.T, address string) []*Socket
		want []string
	}{
		"established": {
			func(t *testing.T, a string) []*Socket { return pair(Pair(t, TCP, a)) },
			[]string{"ESTABLISHED", "ESTABLISHED"},
		},
		"listen": {func(t *testing.T, a string) []*Socket { return []*Socket{Listen(t, TCP, a)} },
			[]string{"LISTEN"}},
		"time wait": {func(t *testing.T, a string) []*Socket { return []*Socket{TimeWait(t, a)} },
			[]string{"TIME_WAIT"}},
		"syn sent": {func(t *testing.T, a string) []*Socket { return []*Socket{SynSent(t, a)} },
			[]string{"SYN_SENT"}},
		"close wait": {func(t *testing.T, a string) []*Socket { return pair(CloseWait(t, a)) },
			[]string{"CLOSE_WAIT", "FIN_WAIT_2"}},
		"fin wait 1": {func(t *testing.T, a string) []*Socket { return pair(FinWait1(t, a)) },
			[]string{"FIN_WAIT_1", "ESTABLISHED"}},
		"closing": {func(t *testing.T, a string) []*Socket { return pair(Closing(t, a)) },
			[]string{"CLOSING", "FIN_WAIT_2"}},
		"last ack": {func(t *testing.T, a string) []*Socket { return pair(LastAck(t, a)) },
			[]string{"LAST_ACK", "FIN_WAIT_2"}},
		"syn received": {
			func(t *testing.T, a string) []*Socket { return pair(SynReceived(t, a)) },
			[]string{"SYN_RECEIVED", "ESTABLISHED"},
		},
		"unaccepted": {
			func(t *testing.T, a string) []*Socket { return pair(Unaccepted(t, Listen(t, TCP, a))) },
			[]string{"ESTABLISHED", "ESTABLISHED"},
		},
		"unaccepted close wait": {
			func(t *testing.T, a string) []*Socket { return pair(UnacceptedCloseWait(t, Listen(t, TCP, a))) },
			[]string{"CLOSE_WAIT", "FIN_WAIT_2"},
		},
	}
	for name, test := range tests {
		for _, address := range addresses() {
			t.Run(name+" "+address, func(t *testing.T) {
				Namespace(t)
				Link(t, "lab0")
				checkStates(t, test.make(t, address), test.want)
			})
		}
	}
}

// checkStates compares sockets with what /proc says of them, now and a little later: states must last.
func checkStates(t *testing.T, sockets []*Socket, want []string) {
	t.Helper()
	for range 2 {
		tables := map[string][]row{}
		for i, s := range sockets {
			table := "tcp" + family(s.Local)
			if tables[table] == nil {
				tables[table] = rows(t, table)
			}
			if got := s.State(); got != want[i] {
				t.Errorf("%v -> %v says %s, want %s", s.Local, s.Remote, got, want[i])
			}
			found := find(tables[table], s)
			if len(found) != 1 || found[0].state != want[i] {
				t.Errorf("%v -> %v, inode %d: %v in /proc, want one %s", s.Local, s.Remote, s.Inode, found, want[i])
			}
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func TestKernelSocketsHaveNoInode(t *testing.T) {
	Namespace(t)
	const address = "127.0.0.1:0"
	received, _ := SynReceived(t, address)
	unaccepted, _ := Unaccepted(t, Listen(t, TCP, address))
	orphan, _ := FinWait1(t, address)
	orphan.Close()
	for _, s := range []*Socket{TimeWait(t, address), received, unaccepted, orphan} {
		if s.Inode != 0 || s.FD() != -1 || len(s.Owners()) != 0 {
			t.Errorf("%s: inode %d, fd %d, owners %v", s.State(), s.Inode, s.FD(), s.Owners())
		}
		if found := find(rows(t, "tcp"), s); len(found) != 1 || found[0].state != s.State() {
			t.Errorf("%v in /proc, want one %s", found, s.State())
		}
	}
}

func TestQueues(t *testing.T) {
	Namespace(t)
	client, server := Pair(t, TCP, "127.0.0.1:0")
	client.Write(1000)
	server.awaitReadable()
	if found := find(rows(t, "tcp"), server); len(found) != 1 || found[0].receive != 1000 {
		t.Errorf("%v, want 1000 bytes to read", found)
	}
	sender, full := Pair(t, TCP, "127.0.0.1:0", smallBuffers)
	sender.Fill()
	if found := find(rows(t, "tcp"), full); len(found) != 1 || found[0].receive == 0 {
		t.Errorf("%v, want a full receive queue", found)
	}
	if found := find(rows(t, "tcp"), sender); len(found) != 1 || found[0].send == 0 {
		t.Errorf("%v, want a full send queue", found)
	}
}

func TestDatagrams(t *testing.T) {
	tests := map[string]struct {
		protocol      Protocol
		local, remote string
		file, state   string
	}{
		"udp":              {UDP, "127.0.0.1:0", "", "udp", "UNCONN"},
		"udp, connected":   {UDP, "127.0.0.1:0", "127.0.0.1:53", "udp", "ESTABLISHED"},
		"udp6":             {UDP, "[::]:0", "", "udp6", "UNCONN"},
		"udp6, connected":  {UDP, "[::1]:0", "[::1]:53", "udp6", "ESTABLISHED"},
		"udp6, mapped":     {UDP, "[::ffff:127.0.0.1]:0", "[::ffff:127.0.0.1]:53", "udp6", "ESTABLISHED"},
		"udp6, link-local": {UDP, "[fe80::1%lab0]:0", "", "udp6", "UNCONN"},
		"udplite":          {UDPLite, "127.0.0.1:0", "", "udplite", "UNCONN"},
		"udplite6":         {UDPLite, "[::1]:0", "[::1]:53", "udplite6", "ESTABLISHED"},
		"ping":             {Ping, "127.0.0.1:0", "", "icmp", "UNCONN"},
		"ping6, connected": {Ping, "[::1]:0", "[::1]:1", "icmp6", "ESTABLISHED"},
		"raw":              {Raw, "0.0.0.0:253", "", "raw", "UNCONN"},
		"raw6, connected":  {Raw, "[::1]:58", "[::1]:0", "raw6", "ESTABLISHED"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			Namespace(t)
			Link(t, "lab0")
			s := Datagram(t, test.protocol, test.local, test.remote)
			found := find(rows(t, test.file), s)
			if len(found) != 1 || s.State() != test.state {
				t.Errorf("%v -> %v %s is %v in %v, want %s", s.Local, s.Remote, s.State(), found, rows(t, test.file),
					test.state)
			}
		})
	}
}

func TestStreams(t *testing.T) {
	for _, protocol := range []Protocol{MPTCP, SCTP} {
		for _, address := range []string{"127.0.0.1:0", "[::1]:0"} {
			t.Run(string(protocol)+" "+address, func(t *testing.T) {
				Namespace(t)
				client, server := Pair(t, protocol, address)
				if client.Local != server.Remote || client.Remote != server.Local || client.Inode == server.Inode {
					t.Errorf("no pair: %+v and %+v", client, server)
				}
			})
		}
	}
}

func TestDualStack(t *testing.T) {
	Namespace(t)
	listener := Listen(t, TCP, "[::]:0", V6Only(false))
	client := Dial(t, TCP, withPort("127.0.0.1", listener))
	server := listener.Accept()
	if !client.Local.Addr().Is4() || !server.Local.Addr().Is4In6() {
		t.Errorf("client %v, server %v, want IPv4 and v4-mapped", client.Local, server.Local)
	}
	checkStates(t, []*Socket{client, server, listener}, []string{"ESTABLISHED", "ESTABLISHED", "LISTEN"})
}

func TestFrom(t *testing.T) {
	Namespace(t)
	from := netip.MustParseAddrPort("127.9.9.9:1234")
	client := Dial(t, TCP, Listen(t, TCP, "127.0.0.1:0").Local, From(from))
	if client.Local != from {
		t.Errorf("connected from %v, want %v", client.Local, from)
	}
}

func TestBound(t *testing.T) {
	Namespace(t)
	s := Bound(t, TCP, "127.0.0.1:0")
	if s.Local.Port() == 0 || s.State() != "BOUND_INACTIVE" {
		t.Errorf("%v %s", s.Local, s.State())
	}
	if found := rows(t, "tcp"); len(found) != 0 {
		t.Errorf("/proc lists %v, though it shows no bound socket", found)
	}
}

// TestAllStates looks for every known socket in /proc, and finds there nothing else than their helpers.
func TestAllStates(t *testing.T) {
	Isolate(t, func(t *testing.T) {
		start := time.Now()
		population := AllStates(t)
		t.Logf("%d sockets, %d processes in %v; missing %v",
			len(population.Sockets), len(population.Processes), time.Since(start), population.Missing)
		files := map[Protocol]string{TCP: "tcp", UDP: "udp", UDPLite: "udplite", Ping: "icmp", Raw: "raw"}
		tables := map[string][]row{}
		for _, name := range files {
			tables[name], tables[name+"6"] = rows(t, name), rows(t, name+"6")
		}
		for _, s := range population.Sockets {
			name, ok := files[s.Protocol]
			if !ok || s.State() == "BOUND_INACTIVE" {
				continue // /proc does not know it
			}
			found := find(tables[name+family(s.Local)], s)
			if len(found) != 1 || s.Protocol == TCP && found[0].state != s.State() {
				t.Errorf("%s, %v -> %v inode %d: %v in /proc", s.Label, s.Local, s.Remote, s.Inode, found)
			}
		}
		checkOwners(t, population)
	})
}

// checkOwners looks for every owner's file.
func checkOwners(t *testing.T, population *Population) {
	t.Helper()
	for _, s := range population.Sockets {
		owners := s.Owners()
		if (s.Inode == 0) != (len(owners) == 0) {
			t.Errorf("%s: inode %d, but owners %v", s.Label, s.Inode, owners)
		}
		for _, o := range owners {
			if got, err := os.Readlink(fdPath(o)); err != nil || got != socketLink(s) {
				t.Errorf("%s: %s is %q (%v), want %s", s.Label, fdPath(o), got, err, socketLink(s))
			}
		}
	}
}
