package tables_test

import (
	"reflect"
	"strings"
	"testing"

	"netql/sources"
	"netql/sources/lab"
)

// TestCounted: a dump is left out where the kernel counts no socket, and the rows are those of all dumps. Each
// namespace has nothing but what the case makes.
func TestCounted(t *testing.T) {
	type maker = func(t *testing.T)
	tests := map[string]struct {
		make maker
		left []string // the dumps that are made all the same, of tcp, udp and udplite
	}{
		"nothing":       {func(t *testing.T) {}, nil},
		"TCP listener":  {func(t *testing.T) { lab.Listen(t, lab.TCP, "127.0.0.1:0") }, []string{"tcp"}},
		"TCP over IPv6": {func(t *testing.T) { lab.Listen(t, lab.TCP, "[::1]:0") }, []string{"tcp"}},
		"v4-mapped":     {func(t *testing.T) { lab.Listen(t, lab.TCP, "[::ffff:127.0.0.1]:0") }, []string{"tcp"}},
		"TIME_WAIT":     {func(t *testing.T) { lab.TimeWait(t, "127.0.0.1:0") }, []string{"tcp"}},
		"SYN_SENT":      {func(t *testing.T) { lab.SynSent(t, "127.0.0.1:0") }, []string{"tcp"}},
		"SYN_RECEIVED":  {func(t *testing.T) { lab.SynReceived(t, "[::1]:0") }, []string{"tcp"}},
		"LAST_ACK":      {func(t *testing.T) { lab.LastAck(t, "127.0.0.1:0") }, []string{"tcp"}},
		"bound":         {func(t *testing.T) { lab.Bound(t, lab.TCP, "127.0.0.1:0") }, nil},
		"UDP":           {func(t *testing.T) { lab.Datagram(t, lab.UDP, "127.0.0.1:0", "") }, []string{"udp"}},
		"UDP over IPv6": {func(t *testing.T) { lab.Datagram(t, lab.UDP, "[::1]:0", "") }, []string{"udp"}},
		"UDP-Lite":      {func(t *testing.T) { lab.Datagram(t, lab.UDPLite, "127.0.0.1:0", "") }, []string{"udplite"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			lab.Isolate(t, func(t *testing.T) {
				test.make(t)
				const query = "sockets | select proto, state, local, remote, inode | sort proto, inode, local, remote"
				asked := inject(sources.Live(), fault{}, nil)
				got := complete(t, asked.System(), query)
				all := *sources.Live()
				all.Live = false
				if want := complete(t, &all, query); !reflect.DeepEqual(got, want) {
					t.Errorf("%v, by all dumps %v", got, want)
				}
				if dumped := dumpedProtocols(asked); !reflect.DeepEqual(dumped, test.left) {
					t.Errorf("dumps of %v, want %v", dumped, test.left)
				}
				bound := complete(t, sources.Live(), "sockets proto == tcp and state == BOUND_INACTIVE")
				if want := name == "bound"; len(bound) > 0 != want {
					t.Errorf("%d sockets that are only bound", len(bound))
				}
			})
		})
	}
}

// dumpedProtocols are those of tcp, udp and udplite whose sockets were asked for.
func dumpedProtocols(asked *injector) (names []string) {
	calls, _ := asked.noted()
	for _, p := range []struct{ name, request string }{
		{"tcp", "4/18 "},                               // NETLINK_SOCK_DIAG, TCPDIAG_GETSOCK
		{"udp", "4/20 0211"}, {"udplite", "4/20 0288"}, // SOCK_DIAG_BY_FAMILY, AF_INET
	} {
		for _, c := range calls {
			if c.operation == "dump" && strings.HasPrefix(c.of, p.request) {
				names = append(names, p.name)
				break
			}
		}
	}
	return names
}
