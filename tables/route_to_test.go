package tables_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"netql/query"
	"netql/sources/lab"
	"netql/tables"
)

// TestRouteTo compares answers with those of ip: by policy rules, several tables and the longest prefix, of local
// addresses, several nexthops and routes that lead nowhere.
func TestRouteTo(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Troubled(t)
		for _, address := range []string{"198.51.100.7", "203.0.113.1", "192.0.2.1", "192.0.2.9", "10.1.2.3",
			"10.2.0.1", "127.0.0.1", "2001:db8:100::7", "2001:db8:113::1", "2001:db8:85a3::8a2e:370:1001", "::1"} {
			var got []string
			for _, row := range live(t, "route_to dst == "+address+" | select gateway, dev, type, table") {
				got = append(got, fmt.Sprint(row["gateway"], row["dev"], row["type"], row["table"]))
			}
			if want := waysByIP(t, address); !slices.Equal(got, want) {
				t.Errorf("packets to %s go %q, by ip %q", address, got, want)
			}
		}
		for address, want := range map[string]string{"192.168.3.4": "blackhole", "2001:db8:dead::1": "unreachable"} {
			rows := live(t, "route_to dst == "+address+" | select type")
			if len(rows) != 1 || rows[0]["type"] != want {
				t.Errorf("%s: %v, want %s", address, rows, want)
			}
		}
	})
}

// waysByIP are gateway, interface, type and table of the nexthops by which ip says that packets to an address go.
func waysByIP(t *testing.T, address string) (ways []string) {
	t.Helper()
	type hop struct{ Gateway, Dev any }
	var answer []struct {
		hop
		Table, Type any
		Nexthops    []hop
	}
	text := ip(t, "-json", "-details", "route", "get", address)
	if err := json.Unmarshal([]byte(text), &answer); err != nil || len(answer) != 1 {
		t.Fatalf("%s: %v: %s", address, err, text)
	}
	route := answer[0]
	if len(route.Nexthops) == 0 {
		route.Nexthops = []hop{route.hop}
	}
	if route.Table == nil { // ip leaves the name of the main table out
		route.Table = "main"
	}
	for _, hop := range route.Nexthops {
		ways = append(ways, fmt.Sprint(hop.Gateway, hop.Dev, route.Type, route.Table))
	}
	return ways
}

// TestRouteToOnCapture: a capture says that it has no answers, and which query comes close.
func TestRouteToOnCapture(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		_, captured := recorded(t)
		a, err := run(t.Context(), captured, query.Compile, "route_to dst == 127.0.0.1")
		refusal, refused := errors.AsType[*tables.NoKernel](a.err)
		if err != nil || len(a.rows) > 0 || !refused {
			t.Fatalf("%v, and it says %v, %v", a.rows, err, a.err)
		}
		_, text, _ := strings.Cut(refusal.Hint(), ": ")
		if len(complete(t, captured, text)) == 0 {
			t.Errorf("%s finds no route", text)
		}
	})
}
