package inetdiag

import (
	"errors"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources/lab"
	"netql/sources/netlink"
	"netql/sources/sockdiag"
)

func TestMain(m *testing.M) { os.Exit(lab.Main(m)) }

// stateNames are the lab's words.
var stateNames = map[State]string{
	Established: "ESTABLISHED", SynSent: "SYN_SENT", SynReceived: "SYN_RECEIVED", FinWait1: "FIN_WAIT_1",
	FinWait2: "FIN_WAIT_2", TimeWait: "TIME_WAIT", Closed: "UNCONN", CloseWait: "CLOSE_WAIT", LastAck: "LAST_ACK",
	Listen: "LISTEN", Closing: "CLOSING", BoundInactive: "BOUND_INACTIVE",
}

var protocols = map[lab.Protocol]int{lab.TCP: TCP, lab.UDP: UDP, lab.UDPLite: UDPLite, lab.MPTCP: MPTCP,
	lab.SCTP: SCTP, lab.Raw: Raw}

// everything lists all sockets of a protocol, and skips the protocol if the kernel has no module for it.
func everything(t *testing.T, protocol, family int, states StateSet) []*Socket {
	t.Helper()
	sockets, err := collect(t, Dump(t.Context(), netlink.Kernel{}, Query{
		Protocol: protocol, Family: family, States: states,
		Extensions: WantInfo | WantCongestion | WantTOS | WantTClass | WantMemory,
	}))
	if err != nil && !errors.Is(err, netlink.ErrNoModule) {
		t.Fatal(err)
	}
	return sockets
}

// identity tells sockets apart: by inode, and those without one by their addresses.
type identity struct {
	protocol      int
	inode         uint64
	local, remote netip.AddrPort
}

func identify(protocol int, inode uint64, local, remote netip.AddrPort) identity {
	if inode != 0 {
		return identity{protocol: protocol, inode: inode}
	}
	return identity{protocol, 0, withoutZone(local), withoutZone(remote)}
}

func withoutZone(a netip.AddrPort) netip.AddrPort {
	return netip.AddrPortFrom(a.Addr().WithZone(""), a.Port())
}

// TestEveryState finds every socket of a namespace with sockets of every kind, once.
func TestEveryState(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		population := lab.AllStates(t)
		found := map[identity][]*Socket{}
		covered := map[int]bool{}
		for _, protocol := range protocols {
			for _, s := range everything(t, protocol, 0, AllStates|States(BoundInactive)) {
				covered[protocol] = true
				key := identify(protocol, uint64(s.Inode), s.Local, s.Remote)
				found[key] = append(found[key], s)
			}
		}
		for _, want := range population.Sockets {
			protocol, ok := protocols[want.Protocol]
			if !ok || !covered[protocol] {
				continue // the kernel has no module for it
			}
			got := found[identify(protocol, want.Inode, want.Local, want.Remote)]
			if len(got) != 1 {
				t.Errorf("%s %s %v: found %d times", want.Protocol, want.Label, want.Local, len(got))
				continue
			}
			compare(t, want, got[0])
		}
	})
}

func compare(t *testing.T, want *lab.Socket, got *Socket) {
	t.Helper()
	if stateNames[got.State] != want.State() {
		t.Errorf("%s: state %d, want %s", want.Label, got.State, want.State())
	}
	if got.Local != withoutZone(want.Local) {
		t.Errorf("%s: local %v, want %v", want.Label, got.Local, want.Local)
	}
	if peer := want.Remote; peer.IsValid() && got.Remote != withoutZone(peer) {
		t.Errorf("%s: remote %v, want %v", want.Label, got.Remote, peer)
	}
	if !want.Remote.IsValid() && (got.Remote.Port() != 0 || !got.Remote.Addr().IsUnspecified()) {
		t.Errorf("%s: remote %v, want none", want.Label, got.Remote)
	}
}

// TestDumps compares one walk over both families with a dump of each, all states with each state alone, and the whole
// with what ss counts.
func TestDumps(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.AllStates(t)
		for name, protocol := range map[string]int{"tcp": TCP, "udp": UDP} {
			all := cookies(t, everything(t, protocol, 0, AllStates))
			byFamily := append(everything(t, protocol, unix.AF_INET, AllStates),
				everything(t, protocol, unix.AF_INET6, AllStates)...)
			if got := cookies(t, byFamily); !slices.Equal(got, all) {
				t.Errorf("%s: %d sockets of one family, %d of both", name, len(got), len(all))
			}
			var byState []*Socket
			for s := Established; s <= Closing; s++ {
				for _, socket := range everything(t, protocol, 0, States(s)) {
					if socket.State != s {
						t.Errorf("%s: asked for state %d, got %d", name, s, socket.State)
					}
					byState = append(byState, socket)
				}
			}
			if got := cookies(t, byState); !slices.Equal(got, all) {
				t.Errorf("%s: %d sockets state by state, %d of all", name, len(got), len(all))
			}
			if n := countOfSS(t, "--"+name); n != len(all) {
				t.Errorf("%s: %d sockets, ss has %d", name, len(all), n)
			}
		}
	})
}

// cookies are the sockets' identities, sorted. There must be no two of one.
func cookies(t *testing.T, sockets []*Socket) []uint64 {
	t.Helper()
	var list []uint64
	for _, s := range sockets {
		list = append(list, s.Cookie)
	}
	slices.Sort(list)
	if n := len(slices.Compact(slices.Clone(list))); n != len(list) || n == 0 {
		t.Errorf("%d sockets have %d cookies", len(list), n)
	}
	return list
}

func countOfSS(t *testing.T, option string) int {
	t.Helper()
	return strings.Count(lab.Tool(t, "", "ss", "--all", "--numeric", "--oneline", "--no-header", option), "\n")
}

// TestOne checks that an empty namespace has no sockets, and one with a listener has that one, with all it is known
// for.
func TestOne(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		if got := everything(t, TCP, 0, AllStates); len(got) != 0 {
			t.Fatalf("%d sockets in an empty namespace", len(got))
		}
		want := lab.Listen(t, lab.TCP, "[::1]:0", lab.V6Only(true), lab.Backlog(7), lab.Congestion("reno"),
			lab.Device("lo"), lab.Mark(42))
		lab.Unaccepted(t, want)
		got := everything(t, TCP, 0, States(Listen))
		if len(got) != 1 {
			t.Fatalf("%d sockets", len(got))
		}
		s := got[0]
		compare(t, want, s)
		if s.Family != unix.AF_INET6 || s.Protocol != TCP || uint64(s.Inode) != want.Inode || s.Cookie == 0 ||
			s.UID != 0 {
			t.Errorf("%+v", s)
		}
		if s.RecvQueue != 1 || s.SendQueue != 7 {
			t.Errorf("accept queue %d of %d", s.RecvQueue, s.SendQueue)
		}
		if s.Congestion != "reno" || !s.V6Only || !s.Has(AttrV6Only) || s.Mark != 42 || !s.Has(AttrMark) ||
			s.Interface != 1 {
			t.Errorf("%+v", s)
		}
		if n, ok := s.Info.Uint(Unacked); !ok || n != 1 {
			t.Errorf("tcp_info's accept queue: %d, %v", n, ok)
		}
		if n, _ := s.Memory.Get(sockdiag.ReceiveBuffer); n == 0 {
			t.Errorf("memory %+v", s.Memory)
		}
	})
}
