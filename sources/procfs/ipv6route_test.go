package procfs

import (
	"net/netip"
	"strings"
	"testing"

	"netql/sources/vfs/vfstest"
)

// ipv6RouteLine is a kernel's own.
const ipv6RouteLine = "20010db8000600000000000000000000 30 00000000000000000000000000000000 00 " +
	"fe800000000000000000000000000009 00000400 00000002 00000000 08400003       v0\n"

func TestIPv6Routes(t *testing.T) {
	want := IPv6Route{
		IPv6RouteKey: IPv6RouteKey{
			Dst: netip.MustParsePrefix("2001:db8:6::/48"), Src: netip.MustParsePrefix("::/0"),
			Gateway: netip.MustParseAddr("fe80::9"), Metric: 1024, Interface: "v0",
		},
		References: 2, Flags: 0x08400003,
	}
	for name, c := range map[string]struct {
		text   string
		routes int
		fails  string
	}{
		"one":             {ipv6RouteLine, 1, ""},
		"none":            {"", 0, ""},
		"more columns":    {strings.Replace(ipv6RouteLine, "\n", " new\n", 1), 1, ""},
		"a torn line":     {ipv6RouteLine + ipv6RouteLine[:100], 1, "/proc/net/ipv6_route: line 2"},
		"a bad address":   {strings.Replace(ipv6RouteLine, "2001", "x001", 1), 0, "no IPv6 address"},
		"a short address": {ipv6RouteLine[4:], 0, "no IPv6 address"},
		"a bad source":    {strings.Replace(ipv6RouteLine, " 00 ", " 81 ", 1), 0, "no length of a prefix"},
		"a bad gateway":   {strings.Replace(ipv6RouteLine, "fe80", "fe8", 1), 0, "no IPv6 address"},
		"a bad number":    {strings.Replace(ipv6RouteLine, "00000400", "100000000", 1), 0, "value out of range"},
	} {
		routes := 0
		var last error
		for route, err := range IPv6Routes(vfstest.Files{"/proc/net/ipv6_route": {Text: c.text}}) {
			if last = err; err == nil {
				routes++
				if route != want {
					t.Errorf("%s: %+v, want %+v", name, route, want)
				}
			}
		}
		if routes != c.routes || (last != nil) != (c.fails != "") ||
			last != nil && !strings.Contains(last.Error(), c.fails) {
			t.Errorf("%s: %d routes, %v", name, routes, last)
		}
	}
	for _, err := range IPv6Routes(vfstest.Files{}) {
		if err == nil {
			t.Error("no file, and no error")
		}
	}
}
