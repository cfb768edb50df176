package netstat

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
)

// rowOf is a row with these values.
func rowOf(values map[string]any) Row { return func(column string) any { return values[column] } }

// TestGatewayOfRejected: a route that rejects packets is not on a link.
func TestGatewayOfRejected(t *testing.T) {
	for kind, want := range map[string]string{
		"unicast": "On-link", "blackhole": "Blackhole", "unreachable": "Unreachable", "prohibit": "Prohibit",
	} {
		if got := windowsGateway(rowOf(map[string]any{"type": kind})); got != want {
			t.Errorf("%s: %s, not %s", kind, got, want)
		}
	}
}

// TestLongAddresses: an address that is longer than its column does not shift the counters, and -W shows all of it.
func TestLongAddresses(t *testing.T) {
	const long = "2001:db8:1111:2222:3333:4444:5555:6666"
	rows := []Row{}
	for _, addr := range []string{"192.0.2.1", long} {
		rows = append(rows, rowOf(map[string]any{
			"name": "eth0", "index": 2, "flags": []string{"UP"}, "mtu": 1500, "rx_packets": 77777777,
			"network": netip.PrefixFrom(netip.MustParseAddr(addr), len(addr)), "address": netip.MustParseAddr(addr),
		}))
	}
	for _, wide := range []bool{false, true} {
		layout := bsdInterfaceLayout(&request{wide: wide})
		lines := append(layout.Summary(rows), layout.Heading())
		places := map[int]bool{}
		for _, line := range lines[:3] {
			places[strings.Index(line, "77777777")] = true
		}
		if len(lines) != 4 || len(places) != 1 || strings.Contains(lines[2], long) != wide {
			t.Errorf("wide is %v:\n%s", wide, strings.Join(lines, "\n"))
		}
	}
}

// TestWideEnds: -W shows an end of a socket in full length.
func TestWideEnds(t *testing.T) {
	row := rowOf(map[string]any{
		"laddr": netip.MustParseAddr("2001:db8:1111:2222:3333:4444:5555:6666"), "lport": 65535, "family": "inet6"})
	for wide, want := range map[bool]string{
		false: "2001:db8:1111:222:65535", true: "2001:db8:1111:2222:3333:4444:5555:6666:65535",
	} {
		r := &request{wide: wide, hostNumbers: true}
		if got := r.linuxEnd(row, "laddr", "lport"); got != want {
			t.Errorf("%s, not %s", got, want)
		}
	}
}

// TestNamesInOrder: orders that net-tools' netstat -i was seen to have.
func TestNamesInOrder(t *testing.T) {
	for _, seen := range []string{
		"Z1 a9 a10 a1b9 a1b10 z z09 z9 z10 z9a zz", "Z7 z z2 z007 z07 z7 z10 z1.7 z9.5 z9.10 zA1 za1",
		"9 010 10 100 1a 2a", "b18446744073709 b4294967296 b3 b99999999999999",
		"e1 e-1 e.1 e10x1 e1x2 e1x10 e2x1 e_1",
	} {
		want := strings.Fields(seen)
		got := slices.Sorted(slices.Values(want))
		if slices.SortFunc(got, compareNames); !slices.Equal(got, want) {
			t.Errorf("%v, not %v", got, want)
		}
	}
}

// TestIfconfigBytes: what ifconfig has in brackets.
func TestIfconfigBytes(t *testing.T) {
	for n, want := range map[int]string{
		0: "0.0 B", 1024: "1024.0 B", 1025: "1.0 KiB", 333728221: "318.2 MiB", 1<<63 - 1: "7.9 EiB",
	} {
		if got := ifconfigBytes(n); got != want {
			t.Errorf("%d: %s, not %s", n, got, want)
		}
	}
}
