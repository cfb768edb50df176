package tables_test

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"netql/sources/lab"
)

// ipAddressFlags are ip(8)'s words for flags; it says dynamic where permanent is missing.
var ipAddressFlags = []string{"tentative", "dadfailed", "deprecated", "temporary", "secondary", "optimistic", "nodad",
	"home", "mngtmpaddr", "noprefixroute", "autojoin", "stable-privacy"}

// addressLine is an address as ip(8) tells it.
func addressLine(dev any, a object) string {
	var flags []string
	for _, word := range ipAddressFlags {
		if a[word] == true {
			flags = append(flags, word)
		}
	}
	if a["dynamic"] == nil {
		flags = append(flags, "permanent")
	}
	slices.Sort(flags)
	text := func(name string) string {
		if value := a[name]; value != nil {
			return fmt.Sprint(value)
		}
		return "-"
	}
	return fmt.Sprintf("%v %s %s/%s peer %s broadcast %s scope %s label %s metric %s valid %s preferred %s %v", dev,
		a["family"], a["local"], a["prefixlen"],
		text("address"), text("broadcast"), text("scope"), text("label"), text("metric"),
		lifetimeOf(a["valid_life_time"]), lifetimeOf(a["preferred_life_time"]), flags)
}

// lifetimeOf is a number of seconds; 2^32-1 is forever.
func lifetimeOf(value any) string {
	if n, _ := value.(json.Number); n == "4294967295" {
		return "-"
	}
	return fmt.Sprint(value)
}

// ourLine is the same of a row.
func ourLine(r row) string {
	var flags []string
	words, _ := r["flags"].([]string)
	for _, word := range words {
		flags = append(flags, strings.NewReplacer("homeaddress", "home", "mcautojoin", "autojoin", "stable_privacy",
			"stable-privacy").Replace(word))
	}
	slices.Sort(flags)
	return fmt.Sprintf("%s %s %s peer %s broadcast %s scope %s label %s metric %s valid %s preferred %s %v", r["dev"],
		r["family"], r["prefix"],
		cell(r["peer"]), cell(r["broadcast"]), r["scope"], cell(r["label"]), cell(r["metric"]), cell(r["valid"]),
		cell(r["preferred"]), flags)
}

// TestAddressesLikeIP compares every address with what ip(8) tells.
func TestAddressesLikeIP(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		makeLinks(t)
		agree(t, "addresses", func() (got, want []string) {
			for _, r := range live(t, "addresses | select *") {
				got = append(got, ourLine(r))
			}
			for _, o := range ipJSON(t, "address", "show") {
				for _, a := range o["addr_info"].([]any) {
					want = append(want, addressLine(o["ifname"], object(a.(map[string]any))))
				}
			}
			return got, want
		})
	})
}

// TestAddressQuestions: prefixes, peers, zones and ages.
func TestAddressQuestions(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		began := time.Now()
		makeLinks(t)
		same(t, "peers", lines(live(t, "addresses peer != nil | select addr, prefix, network, peer")), []string{
			"addr=203.0.113.1 network=203.0.113.2/32 peer=203.0.113.2 prefix=203.0.113.1/32",
			"addr=203.0.113.1 network=203.0.113.3/32 peer=203.0.113.3 prefix=203.0.113.1/32",
			"addr=2001:db8:2::1 network=2001:db8:2::/64 peer=2001:db8:2::2 prefix=2001:db8:2::1/64",
		})
		same(t, "networks", lines(live(t, "addresses 198.51.100.70 in network | select prefix, label")), []string{
			"label=tport1:a prefix=198.51.100.1/24", "label=tport1 prefix=198.51.100.2/24",
			"label=tport1 prefix=198.51.100.65/26",
		})
		for _, r := range live(t, "addresses | select *") {
			addr := r["addr"].(netip.Addr)
			if addr.IsLinkLocalUnicast() && addr.Zone() != r["dev"] {
				t.Errorf("%v on %s", addr, r["dev"])
			}
			age, most := r["created"].(time.Duration), time.Since(began)+time.Second
			if age > most && r["dev"] != "lo" || r["updated"].(time.Duration) > age { // lo was there before
				t.Errorf("%v is %v old, changed %v ago", addr, age, r["updated"])
			}
		}
		for text, want := range map[string]int{
			"addresses deprecated in flags": 1, "addresses secondary in flags": 1, "addresses homeaddress in flags": 1,
			"addresses valid < 2h": 2, "addresses not (permanent in flags)": 2, "addresses preferred < 1s": 1,
			"addresses prefix == 198.51.100.2/24": 1,
		} {
			if rows := live(t, text); len(rows) != want {
				t.Errorf("%s: %d rows, want %d", text, len(rows), want)
			}
		}
	})
}
