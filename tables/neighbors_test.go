package tables_test

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"netql/query/schema"
	"netql/sources/lab"
)

// ipNeighbors are the neighbours as ip(8) lists them. It does not show the kind of an address, and prints times in
// whole seconds.
func ipNeighbors(t *testing.T) (rows []row) {
	t.Helper()
	for _, n := range toolJSON(t, "ip", "-json", "-statistics", "neighbor", "show", "nud", "all") {
		r := ipNeighbor(t, n)
		r["state"], r["probes"], r["refs"] = "NONE", jsonInt(n["probes"]), jsonInt(n["refcnt"])
		if states, ok := n["state"].([]any); ok {
			r["state"] = states[0]
		}
		for _, age := range []string{"confirmed", "used", "updated"} {
			r[age] = jsonInt(n[age])
		}
		rows = append(rows, r)
	}
	for _, n := range toolJSON(t, "ip", "-json", "neighbor", "show", "proxy") {
		r := ipNeighbor(t, n)
		for _, column := range []string{"state", "probes", "refs", "confirmed", "used", "updated"} {
			r[column] = nil
		}
		rows = append(rows, r)
	}
	return rows
}

// ipNeighbor is what real and proxy entries have in common. An address of ip(8) has no zone, and may be v4-mapped.
func ipNeighbor(t *testing.T, n map[string]any) row {
	t.Helper()
	addr := netip.MustParseAddr(n["dst"].(string))
	r := row{"addr": addr.Unmap(), "dev": n["dev"], "family": family(addr), "mac": nil, "flags": nil,
		"protocol": n["protocol"]}
	dev, _ := n["dev"].(string)
	if addr.IsLinkLocalUnicast() || addr.IsLinkLocalMulticast() && addr.Is6() {
		r["addr"] = addr.WithZone(dev)
	}
	if text, ok := n["lladdr"].(string); ok {
		mac, _ := schema.ParseHardwareAddr(text)
		r["mac"] = mac
	}
	var flags []string
	for _, flag := range []string{"router", "proxy", "extern_learn", "offload", "managed", "extern_valid"} {
		if _, set := n[flag]; set {
			flags = append(flags, flag)
		}
	}
	if flags != nil {
		r["flags"] = flags
	}
	r["proxy"] = slices.Contains(flags, "proxy")
	return r
}

// wholeSeconds rounds the ages down, as ip(8) does.
func wholeSeconds(rows []row) []row {
	for _, r := range rows {
		for _, age := range []string{"confirmed", "used", "updated"} {
			if d, ok := base(r[age]); ok {
				r[age] = int(d)
			}
		}
	}
	return rows
}

// TestSameAsIPNeighbor: every neighbour and proxy that ip(8) lists is there once, with the same facts.
func TestSameAsIPNeighbor(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Neighbors(t)
		got, want := steadyClocks(t, func() []row { return ipNeighbors(t) }, func() []row {
			return wholeSeconds(withoutColumns(live(t, "neighbors | select *"), "kind"))
		}, "confirmed", "used", "updated")
		if len(want) < 20 {
			t.Errorf("ip lists only %d", len(want))
		}
		same(t, "ip", lines(got), lines(want))
	})
}

// TestNeighborStates: each state that was made is there, for both families where it was, and what the kernel found out
// by itself.
func TestNeighborStates(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Neighbors(t)
		for query, want := range map[string][]string{
			"state == permanent and family == inet": {"198.18.0.10"},
			"state == REACHABLE":                    {"198.18.0.11", "fe80::11%nb0"},
			"state == stale":                        {"198.18.0.12", "198.18.0.16", "fe80::12%nb0"},
			"state == DELAY":                        {"198.18.0.13"},
			"state == PROBE":                        {"198.18.0.14"},
			"state == NOARP and family == inet and dev == 'nb0'": {"198.18.0.15"},
			"state == NONE":   {"198.18.0.17"},
			"state == FAILED": {"198.18.2.9", "2001:db8:18:2::9"},
			"state == INCOMPLETE and not (flags contains managed)":  {"198.18.0.19", "2001:db8:18::19"},
			"flags contains extern_learn":                           {"198.18.0.16"},
			"flags contains ROUTER and protocol == 'zebra'":         {"2001:db8:18::10"},
			"proxy and family == inet6":                             {"2001:db8:18::20", "fe80::20%nb0"},
			"state == nil and family == inet":                       {"198.18.0.10", "198.18.0.20"},
			"addr == fe80::11%nb0":                                  {"fe80::11%nb0"},
			"addr == 198.18.0.10 and not proxy":                     {"198.18.0.10", "198.18.0.10"},
			"addr == 198.18.0.10 and family == inet6":               {"198.18.0.10"},
			"mac == 02:00:00:00:00:1f":                              {"198.18.0.10"},
			"addr in 198.18.2.0/24 and mac == nil and updated < 1h": {"198.18.2.9"},
		} {
			var got []string
			for _, r := range live(t, "neighbors "+query+" | select addr") {
				got = append(got, cell(r["addr"]))
			}
			same(t, query, got, want)
		}
		got := live(t, "neighbors | group by mac: ips = count(), list(addr) | where ips > 1 and mac != nil")
		if len(got) == 0 {
			t.Error("no address has two")
		}
	})
}

// TestNeighborsExplain: what cannot be wanted is not asked for.
func TestNeighborsExplain(t *testing.T) {
	for query, want := range map[string]string{
		"neighbors":                              "RTM_GETNEIGH; RTM_GETNEIGH proxies",
		"neighbors proxy":                        "RTM_GETNEIGH proxies",
		"neighbors not proxy":                    "RTM_GETNEIGH",
		"neighbors state == FAILED":              "RTM_GETNEIGH",
		"neighbors family == inet6":              "RTM_GETNEIGH inet6; RTM_GETNEIGH inet6 proxies",
		"neighbors family == inet and not proxy": "RTM_GETNEIGH inet",
		"neighbors state == FAILED and proxy":    "nothing: no neighbour can satisfy the conditions",
	} {
		text := explain(t, query)
		if !strings.Contains(text, "scan neighbors: "+want+"\n") {
			t.Errorf("%s: %s", query, text)
		}
	}
}
