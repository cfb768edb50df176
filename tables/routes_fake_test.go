package tables_test

import (
	"encoding/binary"
	"net/netip"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources"
	"netql/sources/netlink"
	"netql/sources/netlink/netlinktest"
	"netql/sources/vfs/vfstest"
)

// systemWith is a machine that has these files and that kernel.
func systemWith(contents map[string]string, kernel netlinktest.Func) *sources.System {
	files := vfstest.Files{}
	for name, content := range contents {
		files[name] = vfstest.File{Text: content}
	}
	return &sources.System{Name: "fake", Netlink: kernel, Files: files, Owners: fakeFinder{}}
}

// fakeRoute is struct rtmsg and its attributes.
type fakeRoute struct {
	dst        string
	table      uint32
	flags      uint32
	protocol   uint8
	attributes map[uint16][]byte
}

func (r fakeRoute) message() netlink.Message {
	dst := netip.MustParsePrefix(r.dst)
	family := byte(unix.AF_INET)
	if dst.Addr().Is6() {
		family = unix.AF_INET6
	}
	b := []byte{family, byte(dst.Bits()), 0, 0, byte(r.table), r.protocol, 0, unix.RTN_UNICAST}
	b = binary.NativeEndian.AppendUint32(b, r.flags)
	b = netlink.AppendAttribute(b, unix.RTA_TABLE, netlinktest.Numbers(r.table))
	b = netlink.AppendAttribute(b, unix.RTA_DST, dst.Addr().AsSlice())
	for kind, value := range r.attributes {
		b = netlink.AppendAttribute(b, kind, value)
	}
	return netlink.Message{Type: unix.RTM_NEWROUTE, Data: b}
}

func address4(text string) []byte { return netip.MustParseAddr(text).AsSlice() }

// fakeRoutes is a kernel with routes, which are of whatever family and table it is asked for.
type fakeRoutes struct {
	routes   []fakeRoute
	objects  []netlink.Message
	failures map[uint16]error // by the type of the request
	strict   error            // the answer to strict requests
}

func (k fakeRoutes) answer(r netlink.Request) (messages []netlink.Message, err error) {
	if r.Strict && k.strict != nil {
		return nil, k.strict
	}
	switch r.Type {
	case unix.RTM_GETROUTE:
		exceptions := binary.NativeEndian.Uint32(r.Payload[8:]) & unix.RTM_F_CLONED
		for _, route := range k.routes {
			if !r.Strict || route.flags&unix.RTM_F_CLONED == exceptions {
				messages = append(messages, route.message())
			}
		}
	case unix.RTM_GETNEXTHOP:
		messages = k.objects
	}
	return messages, k.failures[r.Type]
}

// TestRoutesDegraded: what cannot be had costs a warning, and never a route.
func TestRoutesDegraded(t *testing.T) {
	plain := []fakeRoute{
		{dst: "10.0.0.0/8", table: 254, protocol: 4,
			attributes: map[uint16][]byte{unix.RTA_GATEWAY: address4("192.0.2.1"),
				unix.RTA_OIF: netlinktest.Numbers(3)}},
		{dst: "2001:db8::/32", table: 100, protocol: 77,
			attributes: map[uint16][]byte{unix.RTA_OIF: netlinktest.Numbers(3),
				unix.RTA_PRIORITY: netlinktest.Numbers(9)}},
	}
	routeObject := []fakeRoute{{dst: "10.0.0.0/8", table: 254,
		attributes: map[uint16][]byte{30: netlinktest.Numbers(7)}}}
	torn := []fakeRoute{plain[0], {dst: "10.1.0.0/16", attributes: map[uint16][]byte{unix.RTA_PRIORITY: {1, 2}}}}
	refused := &netlink.Error{Errno: unix.EPERM}
	const both = "10.0.0.0/8 192.0.2.1 3 main static; 2001:db8::/32 - 3 100 77"
	for name, c := range map[string]struct {
		kernel    fakeRoutes
		files     map[string]string
		condition string
		rows      string
		warnings  []string
	}{
		"no files of names": {fakeRoutes{routes: plain}, nil, "", both, nil},
		"names": {fakeRoutes{routes: plain},
			map[string]string{"/usr/share/iproute2/rt_tables": "100 blue\n254 haupt\n",
				"/etc/iproute2/rt_protos.d/x.conf": "77 ours\n"},
			"", "10.0.0.0/8 192.0.2.1 3 haupt static; 2001:db8::/32 - 3 blue ours", nil},
		"names of the administrator": {fakeRoutes{routes: plain},
			map[string]string{"/usr/share/iproute2/rt_tables": "100 blue\n", "/etc/iproute2/rt_tables": "100 red\n"},
			`table == "red"`, "2001:db8::/32 - 3 red 77", nil},
		"no strict requests": {fakeRoutes{routes: plain, strict: netlink.ErrNotStrict}, nil, `table == "100"`,
			"2001:db8::/32 - 3 100 77", nil},
		"two tables of such a kernel": {fakeRoutes{routes: plain, strict: netlink.ErrNotStrict}, nil,
			`table in ["100", "main"]`, both, nil},
		"no such table": {fakeRoutes{routes: plain, strict: &netlink.Error{Errno: unix.ENOENT}}, nil,
			`table == "100"`, "", nil},
		"strict refused": {fakeRoutes{routes: plain, strict: refused}, nil, `table == "100"`, "",
			[]string{"IPv4", "IPv6"}},
		"refused": {fakeRoutes{failures: map[uint16]error{unix.RTM_GETROUTE: refused}}, nil, "", "",
			[]string{"IPv4: the kernel answers", "IPv6"}},
		"changed meanwhile": {fakeRoutes{routes: plain,
			failures: map[uint16]error{unix.RTM_GETROUTE: netlink.ErrInterrupted}}, nil, "", both,
			[]string{"changed while they were read"}},
		"torn": {fakeRoutes{routes: torn}, nil, "family == inet",
			"10.0.0.0/8 192.0.2.1 3 main static", []string{"attribute 6 has 2 bytes"}},
		"no nexthop objects": {fakeRoutes{routes: routeObject,
			failures: map[uint16]error{unix.RTM_GETNEXTHOP: &netlink.Error{Errno: unix.EOPNOTSUPP}}}, nil, "",
			"10.0.0.0/8 - - main unspec", nil},
		"nexthops refused": {fakeRoutes{routes: routeObject,
			failures: map[uint16]error{unix.RTM_GETNEXTHOP: refused}}, nil, "", "10.0.0.0/8 - - main unspec",
			[]string{"where some routes lead"}},
		"names cannot be read": {fakeRoutes{routes: plain[:1]},
			map[string]string{"/etc/iproute2/rt_tables": "254 x\n" + strings.Repeat("y", 1<<17)}, "",
			"10.0.0.0/8 192.0.2.1 3 x static", []string{"some names of rt_tables"}},
		"interfaces are refused": {fakeRoutes{routes: plain[:1],
			failures: map[uint16]error{unix.RTM_GETLINK: refused}}, nil, "", "10.0.0.0/8 192.0.2.1 3 main static",
			[]string{"names of some interfaces"}},
	} {
		a := ask(t, systemWith(c.files, c.kernel.answer),
			"routes "+c.condition+" | select dst, gateway, dev, table, protocol")
		var rows []string
		for _, r := range a.rows {
			rows = append(rows, strings.Join([]string{cell(r["dst"]), cell(r["gateway"]), cell(r["dev"]),
				cell(r["table"]), cell(r["protocol"])}, " "))
		}
		if got := strings.Join(rows, "; "); got != c.rows {
			t.Errorf("%s: rows %s, want %s", name, got, c.rows)
		}
		checkWarnings(t, name, a.warnings, c.warnings)
	}
}

// checkWarnings wants as many warnings, and a part of each.
func checkWarnings(t *testing.T, name string, got, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: warnings %q, want %q", name, got, want)
		return
	}
	for i, part := range want {
		if !strings.Contains(got[i], part) {
			t.Errorf("%s: warning %q, want %q", name, got[i], part)
		}
	}
}

// TestIPv6RouteFile: references come from /proc/net/ipv6_route where it is certain which line is the route's.
func TestIPv6RouteFile(t *testing.T) {
	const none = "00000000000000000000000000000000"
	line := func(dst, rest string) string { return dst + " 20 " + none + " 00 " + none + " " + rest + "\n" }
	one := line("20010db8000000000000000000000000", "00000009 00000005 00000007 00040001        3")
	other := line("20010db8000000000000000000000000", "00000009 00000006 00000007 00040001        3")
	for name, c := range map[string]struct {
		file, want string
		warning    string
	}{
		"a line":        {one, "5 7 UA", ""},
		"the same line": {one + one, "5 7 UA", ""},
		"two lines":     {one + other, "- - U", ""},
		"no line":       {"", "- - U", ""},
		"a torn line":   {one + one[:60], "5 7 UA", "line 2"},
		"no file":       {"-", "- - U", "no such file"},
		"more columns":  {strings.Replace(one, "\n", " more\n", 1), "5 7 UA", ""},
		"bad numbers":   {strings.ReplaceAll(one, "00000009", "0000000x"), "- - U", "line 1"},
		"a bad address": {strings.Replace(one, "20010db8", "2001", 1), "- - U", "line 1"},
		"a bad length":  {strings.Replace(one, " 20 ", " 99 ", 1), "- - U", "line 1"},
	} {
		files := map[string]string{"/proc/net/ipv6_route": c.file}
		if c.file == "-" {
			files = nil
		}
		kernel := fakeRoutes{routes: []fakeRoute{{dst: "2001:db8::/32", table: 254,
			attributes: map[uint16][]byte{unix.RTA_OIF: netlinktest.Numbers(3),
				unix.RTA_PRIORITY: netlinktest.Numbers(9)}}}}
		a := ask(t, systemWith(files, kernel.answer), "routes | select refs, use, netstat_flags")
		if len(a.rows) != 1 {
			t.Fatalf("%s: %d rows", name, len(a.rows))
		}
		if got := cell(a.rows[0]["refs"]) + " " + cell(a.rows[0]["use"]) + " " +
			cell(a.rows[0]["netstat_flags"]); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		var warnings []string
		if c.warning != "" {
			warnings = []string{c.warning}
		}
		checkWarnings(t, name, a.warnings, warnings)
	}
}

// TestExceptions: each is there once, behind the routes, however often the kernel lists it.
func TestExceptions(t *testing.T) {
	gateway := func(text string) map[uint16][]byte {
		return map[uint16][]byte{unix.RTA_GATEWAY: address4(text), unix.RTA_OIF: netlinktest.Numbers(3),
			unix.RTA_CACHEINFO: append(append(netlinktest.Numbers(2), netlinktest.Numbers(150)...),
				append(netlinktest.Numbers(500), make([]byte, 20)...)...)}
	}
	redirect6 := map[uint16][]byte{unix.RTA_GATEWAY: address4("fe80::9"), unix.RTA_OIF: netlinktest.Numbers(3),
		unix.RTA_PRIORITY: netlinktest.Numbers(1024)}
	redirect := fakeRoute{dst: "10.1.2.3/32", table: 254, flags: unix.RTM_F_CLONED | 0x40000,
		attributes: gateway("192.0.2.9")}
	narrow := fakeRoute{dst: "10.1.2.3/32", table: 254, flags: unix.RTM_F_CLONED, attributes: gateway("192.0.2.8")}
	kernel := fakeRoutes{routes: []fakeRoute{
		redirect, narrow, {dst: "10.1.0.0/16", table: 254}, redirect, narrow,
		{dst: "2001:db8::7/128", table: 254, flags: unix.RTM_F_CLONED, attributes: redirect6},
	}}
	a := ask(t, systemWith(nil, kernel.answer),
		"routes | select dst, gateway, netstat_flags, flags, metric, refs, last_use, expires, cached, position")
	want := []string{
		"cached=false dst=10.1.0.0/16 expires=- flags=- gateway=- last_use=- metric=0 netstat_flags=U position=1 " +
			"refs=-",
		"cached=true dst=10.1.2.3/32 expires=5 flags=[\"redirected\"] gateway=192.0.2.9 last_use=1.5 metric=- " +
			"netstat_flags=UGHDc position=- refs=2",
		"cached=true dst=10.1.2.3/32 expires=5 flags=- gateway=192.0.2.8 last_use=1.5 metric=- netstat_flags=UGHMc " +
			"position=- refs=2",
		"cached=true dst=2001:db8::7/128 expires=- flags=- gateway=fe80::9%3 last_use=0 metric=1024 " +
			"netstat_flags=UGHDc position=- refs=0",
	}
	if got := lines(a.rows); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestRulesDegraded: a family whose rules cannot be read is warned about, and one that the kernel lacks is not.
func TestRulesDegraded(t *testing.T) {
	rule := netlink.Message{Type: unix.RTM_NEWRULE,
		Data: []byte{unix.AF_INET, 0, 0, 0, 254, 0, 0, unix.FR_ACT_TO_TBL, 0, 0, 0, 0}}
	for name, c := range map[string]struct {
		failure  error
		warnings []string
	}{
		"complete":        {nil, nil},
		"no such family":  {&netlink.Error{Errno: unix.EAFNOSUPPORT}, nil},
		"no rules at all": {&netlink.Error{Errno: unix.EOPNOTSUPP}, nil},
		"refused": {&netlink.Error{Errno: unix.EPERM},
			[]string{"list the rules of IPv4", "list the rules of IPv6"}},
		"changed meanwhile": {netlink.ErrInterrupted, []string{"the rules changed"}},
	} {
		a := ask(t, systemWith(nil, func(r netlink.Request) ([]netlink.Message, error) {
			return []netlink.Message{rule}, c.failure
		}), "rules | select family, priority, table, fwmark, from")
		same(t, name, lines(a.rows), []string{"family=inet from=- fwmark=- priority=0 table=main"})
		checkWarnings(t, name, a.warnings, c.warnings)
	}
}
