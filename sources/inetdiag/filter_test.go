package inetdiag

import (
	"context"
	"iter"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources/inetdiag/inetdiagtest"
	"netql/sources/netlink"
)

// Ports and addresses that filters are made of, and sockets have.
var (
	somePorts    = []uint16{0, 1, 21, 22, 23, 80, 443, 1023, 1024, 65534, 65535}
	somePrefixes = []string{
		"0.0.0.0/0", "0.0.0.0/32", "10.0.0.0/8", "10.1.2.3/32", "10.1.2.3/31", "127.0.0.1/32", "128.0.0.0/1",
		"::/0", "::/128", "::/80", "::1/128", "fe80::/10", "2001:db8::/33", "::ffff:0:0/90", "2001:db8::5/128",
	}
	someAddrs = []string{
		"0.0.0.0", "10.1.2.2", "10.1.2.3", "10.9.9.9", "127.0.0.1", "192.0.2.1",
		"::", "::1", "fe80::1", "2001:db8::5", "2001:db8:8000::1", "::ffff:0.0.0.0", "::ffff:10.1.2.3",
		"::ffff:127.0.0.1",
	}
)

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// shape is a filter as it was asked for, evaluated without any of the code under test.
type shape struct {
	filter Filter
	holds  func(family uint8, local, remote netip.AddrPort) bool
}

// randomShape makes a filter of a depth.
func randomShape(r *rand.Rand, depth int) shape {
	if depth == 0 {
		return randomTest(r)
	}
	a, b := randomShape(r, r.IntN(depth)), randomShape(r, r.IntN(depth))
	switch r.IntN(3) {
	case 0:
		return shape{Not(a.filter), func(f uint8, l, p netip.AddrPort) bool { return !a.holds(f, l, p) }}
	case 1:
		return shape{And(a.filter, b.filter), func(f uint8, l, p netip.AddrPort) bool {
			return a.holds(f, l, p) && b.holds(f, l, p)
		}}
	}
	return shape{Or(a.filter, b.filter), func(f uint8, l, p netip.AddrPort) bool {
		return a.holds(f, l, p) || b.holds(f, l, p)
	}}
}

func randomTest(r *rand.Rand) shape {
	end := End(r.IntN(2))
	side := func(local, remote netip.AddrPort) netip.AddrPort { return [...]netip.AddrPort{local, remote}[end] }
	if r.IntN(2) == 0 {
		prefix := netip.MustParsePrefix(pick(r, somePrefixes))
		return shape{Within(end, prefix), func(_ uint8, l, p netip.AddrPort) bool {
			return prefix.Contains(side(l, p).Addr().Unmap())
		}}
	}
	var ranges []PortRange
	for range r.IntN(4) {
		a, b := pick(r, somePorts), pick(r, somePorts)
		ranges = append(ranges, PortRange{min(a, b), max(a, b)})
	}
	return shape{Ports(end, ranges...), func(_ uint8, l, p netip.AddrPort) bool {
		port := side(l, p).Port()
		return slices.ContainsFunc(ranges, func(r PortRange) bool { return r.First <= port && port <= r.Last })
	}}
}

// someSocket makes the ends of a socket of one family.
func someSocket(r *rand.Rand) (family uint8, local, remote netip.AddrPort) {
	for {
		a, b := netip.MustParseAddr(pick(r, someAddrs)), netip.MustParseAddr(pick(r, someAddrs))
		if a.Is4() != b.Is4() {
			continue
		}
		if family = unix.AF_INET6; a.Is4() {
			family = unix.AF_INET
		}
		return family, netip.AddrPortFrom(a, pick(r, somePorts)), netip.AddrPortFrom(b, pick(r, somePorts))
	}
}

// checkShape compares what the program, and the header's ports with the program of the rest, say of sockets with what
// was asked for.
func checkShape(t *testing.T, r *rand.Rand, s shape) {
	t.Helper()
	ports, rest := s.filter.header()
	whole, left := s.filter.program(), rest.program()
	for _, program := range [][]byte{whole, left} {
		if program == nil {
			continue
		}
		if err := inetdiagtest.Audit(program); err != nil {
			t.Fatalf("%s: %v: % x", s.filter, err, program)
		}
	}
	for range 40 {
		family, local, remote := someSocket(r)
		want := s.holds(family, local, remote)
		if s.filter.IsNothing() {
			if want {
				t.Fatalf("nothing, and %s - %s satisfies it", local, remote)
			}
			continue
		}
		byHeader := (ports[0] == 0 || ports[0] == local.Port()) && (ports[1] == 0 || ports[1] == remote.Port())
		for _, got := range []bool{
			inetdiagtest.Accepts(whole, family, local, remote),
			byHeader && inetdiagtest.Accepts(left, family, local, remote),
		} {
			if got != want {
				t.Fatalf("%s: %s - %s: %v, want %v", s.filter, local, remote, got, want)
			}
		}
	}
}

// TestFilters: the kernel accepts the programs, and they accept the sockets that they should.
func TestFilters(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		checkShape(t, r, randomShape(r, r.IntN(5)))
	}
}

func FuzzFilters(f *testing.F) {
	f.Add(uint64(1), uint64(2), 3)
	f.Fuzz(func(t *testing.T, a, b uint64, depth int) {
		r := rand.New(rand.NewPCG(a, b))
		checkShape(t, r, randomShape(r, int(uint(depth)%8)))
	})
}

// TestLongFilters: what does not fit into a request is left out of a conjunction, and a disjunction is dropped.
func TestLongFilters(t *testing.T) {
	var odd []PortRange
	for port := uint16(1); port < 5000; port += 2 {
		odd = append(odd, PortRange{port, port})
	}
	long, short := Ports(Local, odd...), Within(Remote, netip.MustParsePrefix("10.0.0.0/8"))
	if program := long.Sent().program(); program != nil {
		t.Errorf("a program of %d bytes", len(program))
	}
	if program := Or(long, short).Sent().program(); program != nil {
		t.Errorf("a program of %d bytes for the one half of a disjunction", len(program))
	}
	program := And(long, short, Ports(Remote, PortRange{5, 7})).Sent().program()
	for address, want := range map[string]bool{"10.1.1.1:6": true, "10.1.1.1:8": false, "11.1.1.1:6": false} {
		local := netip.MustParseAddrPort("10.1.1.1:6")
		got := inetdiagtest.Accepts(program, unix.AF_INET, local, netip.MustParseAddrPort(address))
		if inetdiagtest.Audit(program) != nil || len(program) > maxProgram || got != want {
			t.Errorf("%s: %v, want %v; % x", address, got, want, program)
		}
	}
	sent := And(long, short, Ports(Remote, PortRange{5, 5})).Sent()
	if want := "rport == 5 and raddr in 10.0.0.0/8"; sent.String() != want {
		t.Errorf("sent is %s, want %s", sent, want)
	}
	if few := Ports(Local, odd[:150]...).Sent().program(); len(few) == 0 || inetdiagtest.Audit(few) != nil {
		t.Errorf("150 ports: a program of %d bytes", len(few))
	}
}

// TestFilterTexts: explain shows filters.
func TestFilterTexts(t *testing.T) {
	port := func(p uint16) PortRange { return PortRange{p, p} }
	prefix := netip.MustParsePrefix
	for _, c := range []struct {
		filter Filter
		want   string
	}{
		{Filter{}, "true"},
		{And(Ports(Local, port(1)), Ports(Local, port(2))), "false"},
		{Ports(Local, port(22)), "lport == 22"},
		{Not(Ports(Remote, port(22))), "rport != 22"},
		{Ports(Local, PortRange{1, 1023}), "lport in 1..1023"},
		{Or(Ports(Local, port(80)), Ports(Local, port(22)), Ports(Local, port(23))), "lport in [22..23, 80]"},
		{Not(Or(Ports(Local, port(80)), Ports(Local, port(22)))), "lport not in [22, 80]"},
		{Within(Remote, prefix("10.0.0.0/8")), "raddr in 10.0.0.0/8"},
		{Not(Within(Remote, prefix("10.1.2.3/8"))), "raddr not in 10.0.0.0/8"},
		{Within(Local, prefix("::1/128")), "laddr == ::1"},
		{Within(Local, prefix("::/0")), "laddr in ::/0 and laddr not in ::ffff:0.0.0.0/96"},
		{And(Within(Local, prefix("::1/128")), Or(Ports(Local, port(22)), Ports(Remote, port(22)))),
			"laddr == ::1 and (lport == 22 or rport == 22)"},
		{Or(Within(Local, prefix("::1/128")), And(Ports(Local, port(22)), Ports(Remote, port(22)))),
			"laddr == ::1 or lport == 22 and rport == 22"},
	} {
		if got := c.filter.String(); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

// refusing is a kernel that refuses requests with a program.
type refusing struct {
	errno unix.Errno
	asked []int // the lengths of the requests
}

func (k *refusing) Dump(_ context.Context, r netlink.Request) iter.Seq2[netlink.Message, error] {
	return func(yield func(netlink.Message, error) bool) {
		k.asked = append(k.asked, len(r.Payload))
		if len(r.Payload) > legacyRequestSize {
			yield(netlink.Message{}, &netlink.Error{Errno: k.errno})
			return
		}
		yield(netlink.Message{Data: plain()}, nil)
	}
}

// TestRefusedProgram: a kernel that refuses a program is asked without, and has the last word then.
func TestRefusedProgram(t *testing.T) {
	query := Query{Protocol: TCP, States: AllStates, Filter: Within(Remote, netip.MustParsePrefix("10.0.0.0/8"))}
	for errno, want := range map[unix.Errno][]int{
		unix.EINVAL: {80, 60}, unix.EPERM: {80, 60}, unix.ENOBUFS: {80},
	} {
		kernel := &refusing{errno: errno}
		var sockets int
		var failure error
		for _, err := range Dump(t.Context(), kernel, query) {
			if failure = err; err == nil {
				sockets++
			}
		}
		if !slices.Equal(kernel.asked, want) || (failure == nil) != (len(kernel.asked) == 2) ||
			sockets != len(kernel.asked)-1 {
			t.Errorf("%v: asked %v, want %v; %d sockets, %v", errno, kernel.asked, want, sockets, failure)
		}
	}
}

// TestWithoutProgram: only the program is left out of a request.
func TestWithoutProgram(t *testing.T) {
	filter := Within(Remote, netip.MustParsePrefix("10.0.0.0/8"))
	for _, q := range []Query{{Protocol: TCP}, {Protocol: UDP}, {Protocol: MPTCP, Family: unix.AF_INET}} {
		narrow := q
		narrow.Filter = filter
		for i, r := range narrow.requests() {
			wide, narrowed := withoutProgram(r)
			if want := q.requests()[i]; !narrowed || !slices.Equal(wide.Payload, want.Payload) {
				t.Errorf("%+v: % x, want % x", q, wide.Payload, want.Payload)
			}
			if _, again := withoutProgram(wide); again {
				t.Errorf("%+v: the program is still there", q)
			}
		}
	}
}
