package rtnetlink

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources/lab"
	"netql/sources/netlink"
	"netql/sources/netlink/netlinktest"
)

// asked is a request for routes in words.
func asked(r netlink.Request) string {
	text := fmt.Sprintf("family %d", r.Payload[0])
	if binary.NativeEndian.Uint32(r.Payload[8:])&unix.RTM_F_CLONED != 0 {
		text += " exceptions"
	}
	if kind, protocol := r.Payload[7], r.Payload[5]; kind != 0 || protocol != 0 {
		text += fmt.Sprintf(" type %d protocol %d", kind, protocol)
	}
	for a := netlink.DecodeAttributes(r.Payload[unix.SizeofRtMsg:]); a.Next(); {
		text += fmt.Sprintf(" %d=%d", a.Type(), a.Uint32())
	}
	if r.Strict {
		text += " strict"
	}
	return text
}

// TestRoutes: which requests a query makes, and what comes of their answers.
func TestRoutes(t *testing.T) {
	refused := &netlink.Error{Errno: unix.EPERM}
	absent := &netlink.Error{Errno: unix.ENOENT}
	for name, c := range map[string]struct {
		query    RouteQuery
		failures []error // of the requests, in turn
		asked    string
		routes   int
		err      error
	}{
		"all": {RouteQuery{Family: unix.AF_INET}, nil, "family 2", 1, nil},
		"a table": {RouteQuery{Family: unix.AF_INET, Table: 254}, nil,
			"family 2 15=254 strict; family 2 exceptions 15=254 strict", 2, nil},
		"routes over an interface": {RouteQuery{Family: unix.AF_INET, Interface: 3, Exceptions: WithoutExceptions},
			nil, "family 2 4=3 strict", 1, nil},
		"a type and a protocol": {RouteQuery{Family: unix.AF_INET, Type: Blackhole, Protocol: unix.RTPROT_BGP}, nil,
			"family 2 type 6 protocol 186 strict; family 2 exceptions strict", 2, nil},
		"a type of an old kernel": {RouteQuery{Family: unix.AF_INET, Type: Blackhole}, []error{netlink.ErrNotStrict},
			"family 2 type 6 protocol 0 strict; family 2", 1, nil},
		"no type": {RouteQuery{Family: unix.AF_INET, Kind: func(kind, _ uint8) bool { return kind == Blackhole }}, nil,
			"family 2", 0, nil},
		"exceptions": {RouteQuery{Family: unix.AF_INET, Exceptions: OnlyExceptions}, nil,
			"family 2 exceptions strict", 0, nil},
		"an old kernel": {RouteQuery{Family: unix.AF_INET, Table: 254}, []error{netlink.ErrNotStrict},
			"family 2 15=254 strict; family 2", 1, nil},
		"another table": {RouteQuery{Family: unix.AF_INET, Table: 100}, []error{netlink.ErrNotStrict},
			"family 2 15=100 strict; family 2", 0, nil},
		"no such table": {RouteQuery{Family: unix.AF_INET, Table: 100}, []error{absent, absent},
			"family 2 15=100 strict; family 2 exceptions 15=100 strict", 0, nil},
		"nothing there": {RouteQuery{Family: unix.AF_INET}, []error{absent}, "family 2", 0, unix.ENOENT},
		"refused": {RouteQuery{Family: unix.AF_INET, Table: 100}, []error{refused}, "family 2 15=100 strict", 0,
			unix.EPERM},
		"another family": {RouteQuery{Family: unix.AF_INET6}, nil, "family 10", 0, nil},
	} {
		var requests []string
		kernel := netlinktest.Func(func(r netlink.Request) ([]netlink.Message, error) {
			requests = append(requests, asked(r))
			if n := len(requests); n <= len(c.failures) && c.failures[n-1] != nil {
				return nil, c.failures[n-1]
			}
			return []netlink.Message{{Type: unix.RTM_NEWROUTE, Data: several}}, nil
		})
		routes := 0
		var last error
		for _, err := range Routes(t.Context(), kernel, c.query) {
			if last = err; err == nil {
				routes++
			}
		}
		if got := strings.Join(requests, "; "); got != c.asked || routes != c.routes || !errors.Is(last, c.err) {
			t.Errorf("%s: asked %s, %d routes, %v; want %s, %d, %v", name, got, routes, last, c.asked, c.routes, c.err)
		}
	}
}

// TestInterruptedRoutes: a list that keeps changing is read three times, the exceptions with it.
func TestInterruptedRoutes(t *testing.T) {
	requests, routes := 0, 0
	kernel := netlinktest.Func(func(netlink.Request) ([]netlink.Message, error) {
		requests++
		return []netlink.Message{{Data: several}}, netlink.ErrInterrupted
	})
	var last error
	for _, err := range Routes(t.Context(), kernel, RouteQuery{Family: unix.AF_INET, Table: 254}) {
		if last = err; err == nil {
			routes++
		}
	}
	if requests != 6 || routes != 2 || !errors.Is(last, netlink.ErrInterrupted) {
		t.Errorf("%d requests, %d routes, %v", requests, routes, last)
	}
}

// TestStrictLive: the kernel lists the routes of one table, and of one interface.
func TestStrictLive(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Link(t, "lab0")
		for _, arguments := range []string{"route add 10.1.0.0/16 dev lab0 table 100",
			"route add blackhole 10.2.0.0/16 table 100", "route add 10.3.0.0/16 dev lab0 proto bgp",
			"-6 route add 2001:db8::/48 dev lab0 proto bgp", "-6 route add blackhole 2001:db8:1::/48 proto static"} {
			lab.Tool(t, "", "ip", strings.Fields(arguments)...)
		}
		links, err := collect(Links(t.Context(), netlink.Kernel{}))
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(links, func(l Link) bool { return l.Name == "lab0" })
		second := func(dst netip.Prefix) bool { return dst == netip.MustParsePrefix("10.2.0.0/16") }
		for _, c := range []struct {
			query RouteQuery
			want  string
		}{
			{RouteQuery{Family: unix.AF_INET, Table: 100}, "10.1.0.0/16 10.2.0.0/16"},
			{RouteQuery{Family: unix.AF_INET, Table: 100, Interface: uint32(links[i].Index)}, "10.1.0.0/16"},
			{RouteQuery{Family: unix.AF_INET, Dst: second}, "10.2.0.0/16"},
			{RouteQuery{Family: unix.AF_INET, Table: 254, Dst: second}, ""},
			{RouteQuery{Family: unix.AF_INET, Table: 100, Type: Blackhole}, "10.2.0.0/16"},
			{RouteQuery{Family: unix.AF_INET, Type: Blackhole}, "10.2.0.0/16"},
			{RouteQuery{Family: unix.AF_INET, Protocol: unix.RTPROT_BGP}, "10.3.0.0/16"},
			{RouteQuery{Family: unix.AF_INET, Protocol: unix.RTPROT_BGP, Type: Blackhole}, ""},
			{RouteQuery{Family: unix.AF_INET6, Protocol: unix.RTPROT_BGP}, "2001:db8::/48"},
			{RouteQuery{Family: unix.AF_INET6, Type: Blackhole}, "2001:db8:1::/48"},
			{RouteQuery{Family: unix.AF_INET6, Table: 100}, ""},
			{RouteQuery{Family: unix.AF_INET, Exceptions: OnlyExceptions}, ""},
		} {
			var got []string
			for r, err := range Routes(t.Context(), netlink.Kernel{}, c.query) {
				if err != nil {
					t.Fatalf("%+v: %v", c.query, err)
				}
				got = append(got, r.Dst.String())
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("%+v: %v, want %s", c.query, got, c.want)
			}
		}
	})
}
