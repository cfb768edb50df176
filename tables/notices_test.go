package tables_test

import (
	"context"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"netql/query"
	"netql/sources"
	"netql/sources/lab"
	"netql/sources/netlink"
	"netql/tables"
)

// announcing is the running kernel, which says when it is listened to.
type announcing struct {
	netlink.Subscriber
	joined chan<- struct{}
}

func (a announcing) Subscribe(ctx context.Context, s netlink.Subscription) iter.Seq2[netlink.Message, error] {
	before := s.Joined
	s.Joined = func() {
		if before != nil {
			before()
		}
		a.joined <- struct{}{}
	}
	return a.Subscriber.Subscribe(ctx, s)
}

// happens are the events of a query while something is done, as text, until the last one that is expected has come.
func happens(t *testing.T, text string, count int, do func()) []string {
	t.Helper()
	joined := make(chan struct{}, 1)
	system := sources.Live()
	system.Events = announcing{system.Events, joined}
	plan, err := query.Compile(text, tables.Catalog(), tables.Ask(system))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	events, ended := make(chan string, 1000), make(chan error, 1)
	go func() {
		defer close(events)
		for record, err := range plan.Rows(ctx) {
			if err != nil {
				ended <- err
				return
			}
			values := row{}
			for _, c := range plan.Schema().Visible() {
				values[c.Name] = c.Get(record)
			}
			events <- lines([]row{values})[0]
		}
	}()
	<-joined
	do()
	var got []string
	for event := range events {
		if got = append(got, event); len(got) == count {
			cancel()
		}
	}
	if warnings := plan.Warnings(); len(warnings) > 0 {
		t.Errorf("%s: warnings %q", text, warnings)
	}
	if err := <-ended; len(got) < count {
		t.Errorf("%s: %v", text, err)
	}
	return got
}

// followed are what is done to a namespace, and what a query of events must show of it, in this order.
var followed = map[string]struct {
	query string
	do    string // commands of ip(8)
	want  []string
}{
	"addresses": {
		"addresses dev == 'fo0' | follow | where family == inet or scope == global | select event, prefix, flags, label, network",
		`address add 198.51.100.1/24 dev fo0 label fo0:x
address change 198.51.100.1/24 dev fo0 label fo0:x valid_lft 5000 preferred_lft 4000
address change 198.51.100.1/24 dev fo0 label fo0:x valid_lft 6000 preferred_lft 4000
address add 2001:db8:f::1/64 dev fo0 nodad
address add 198.51.100.2/24 dev fo0
address del 198.51.100.2/24 dev fo0
address del 2001:db8:f::1/64 dev fo0
address del 198.51.100.1/24 dev fo0`,
		[]string{
			`event=new flags=["permanent"] label=fo0:x network=198.51.100.0/24 prefix=198.51.100.1/24`,
			"event=changed flags=- label=fo0:x network=198.51.100.0/24 prefix=198.51.100.1/24",
			`event=new flags=["permanent","nodad"] label=- network=2001:db8:f::/64 prefix=2001:db8:f::1/64`,
			`event=new flags=["permanent","secondary"] label=fo0 network=198.51.100.0/24 prefix=198.51.100.2/24`,
			`event=gone flags=["permanent","secondary"] label=fo0 network=198.51.100.0/24 prefix=198.51.100.2/24`,
			`event=gone flags=["permanent","nodad"] label=- network=2001:db8:f::/64 prefix=2001:db8:f::1/64`,
			"event=gone flags=- label=fo0:x network=198.51.100.0/24 prefix=198.51.100.1/24",
		},
	},
	"routes": {
		"routes table == \"100\" | follow | select event, dst, gateway, dev, metric, mtu",
		`address add 198.51.100.1/24 dev fo0
address add 2001:db8:f::1/64 dev fo0 nodad
route add 10.0.0.0/8 via 198.51.100.2 table 100
route replace 10.0.0.0/8 via 198.51.100.3 table 100 mtu 1400
route append 10.0.0.0/8 via 198.51.100.4 table 100
route add 10.2.0.0/16 via 198.51.100.4 table 101
route del 10.0.0.0/8 via 198.51.100.3 table 100
route add 10.1.0.0/16 table 100 nexthop via 198.51.100.2 nexthop via 198.51.100.3
route del 10.1.0.0/16 table 100
route add 2001:db8:1::/48 via 2001:db8:f::2 table 100
route append 2001:db8:1::/48 via 2001:db8:f::3 table 100
route replace 2001:db8:1::/48 via 2001:db8:f::4 table 100
route add blackhole 10.9.0.0/16 table 100 metric 5
route flush table 100
address flush dev fo0`,
		[]string{
			"dev=fo0 dst=10.0.0.0/8 event=new gateway=198.51.100.2 metric=0 mtu=-",
			"dev=fo0 dst=10.0.0.0/8 event=changed gateway=198.51.100.3 metric=0 mtu=1400",
			"dev=fo0 dst=10.0.0.0/8 event=new gateway=198.51.100.4 metric=0 mtu=-",
			"dev=fo0 dst=10.0.0.0/8 event=gone gateway=198.51.100.3 metric=0 mtu=1400",
			"dev=fo0 dst=10.1.0.0/16 event=new gateway=198.51.100.2 metric=0 mtu=-",
			"dev=fo0 dst=10.1.0.0/16 event=new gateway=198.51.100.3 metric=0 mtu=-",
			"dev=fo0 dst=10.1.0.0/16 event=gone gateway=198.51.100.2 metric=0 mtu=-",
			"dev=fo0 dst=10.1.0.0/16 event=gone gateway=198.51.100.3 metric=0 mtu=-",
			"dev=fo0 dst=2001:db8:1::/48 event=new gateway=2001:db8:f::2 metric=1024 mtu=-",
			"dev=fo0 dst=2001:db8:1::/48 event=changed gateway=2001:db8:f::3 metric=1024 mtu=-",
			"dev=fo0 dst=2001:db8:1::/48 event=changed gateway=2001:db8:f::2 metric=1024 mtu=-",
			"dev=fo0 dst=2001:db8:1::/48 event=changed gateway=2001:db8:f::4 metric=1024 mtu=-",
			"dev=- dst=10.9.0.0/16 event=new gateway=- metric=5 mtu=-",
			"dev=fo0 dst=10.0.0.0/8 event=gone gateway=198.51.100.4 metric=0 mtu=-",
			"dev=- dst=10.9.0.0/16 event=gone gateway=- metric=5 mtu=-",
		},
	},
	"neighbors": {
		"neighbors dev == 'fo0' and state != failed | follow | where state in [permanent, stale] | select event, addr, mac, state, proxy",
		`neighbor add 198.51.100.9 lladdr 02:00:00:00:00:01 dev fo0 nud permanent
neighbor change 198.51.100.9 lladdr 02:00:00:00:00:02 dev fo0 nud permanent
neighbor change 198.51.100.9 lladdr 02:00:00:00:00:02 dev fo0 nud permanent
neighbor change 198.51.100.9 lladdr 02:00:00:00:00:02 dev fo0 nud stale
neighbor add fe80::9 lladdr 02:00:00:00:00:03 dev fo0 nud permanent`,
		[]string{
			"addr=198.51.100.9 event=new mac=02:00:00:00:00:01 proxy=false state=PERMANENT",
			"addr=198.51.100.9 event=changed mac=02:00:00:00:00:02 proxy=false state=PERMANENT",
			"addr=198.51.100.9 event=changed mac=02:00:00:00:00:02 proxy=false state=STALE",
			"addr=fe80::9%fo0 event=new mac=02:00:00:00:00:03 proxy=false state=PERMANENT",
		},
	},
	"neighbors that go": {
		"neighbors | follow | where event == gone | select event, addr",
		`neighbor add 198.51.100.10 lladdr 02:00:00:00:00:01 dev fo0 nud permanent
neighbor del 198.51.100.10 dev fo0`,
		[]string{"addr=198.51.100.10 event=gone"},
	},
	"rules": {
		"rules family == inet | follow | select event, priority, position, from, iif, table",
		`rule add pref 100 from 10.0.0.0/8 lookup 100
rule add pref 100 iif fo0 lookup main
-6 rule add pref 100 lookup main
rule del pref 100 iif fo0 lookup main
rule del pref 100
-6 rule del pref 100`,
		[]string{
			"event=new from=10.0.0.0/8 iif=- position=- priority=100 table=100",
			"event=new from=- iif=fo0 position=- priority=100 table=main",
			"event=gone from=- iif=fo0 position=- priority=100 table=main",
			"event=gone from=10.0.0.0/8 iif=- position=- priority=100 table=100",
		},
	},
	"interfaces": {
		"interfaces name in ['fo2', 'fo3', 'fo4'] | follow | where event != changed or alias != nil | select event, name, alias, mtu, operstate",
		`link add fo2 type veth peer name fo3
link set fo2 up
link set fo2 alias uplink
link set fo2 alias uplink
link set fo2 mtu 1400
link set fo2 down
link set fo2 name fo4
link del fo4`,
		[]string{
			"alias=- event=new mtu=1500 name=fo3 operstate=down",
			"alias=- event=new mtu=1500 name=fo2 operstate=down",
			"alias=uplink event=changed mtu=1500 name=fo2 operstate=lowerlayerdown",
			"alias=uplink event=changed mtu=1400 name=fo2 operstate=lowerlayerdown",
			"alias=uplink event=changed mtu=1400 name=fo2 operstate=down",
			"alias=uplink event=changed mtu=1400 name=fo4 operstate=down",
			"alias=uplink event=gone mtu=1400 name=fo4 operstate=down",
			"alias=- event=gone mtu=1500 name=fo3 operstate=down",
		},
	},
}

// awaitReady waits until IPv6 is at work on a link: before, the kernel tells nothing of an address that is added to it.
func awaitReady(t *testing.T, link string) {
	t.Helper()
	for start := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		addresses := ip(t, "-6", "address", "show", "dev", link)
		if strings.Contains(addresses, "fe80::") && !strings.Contains(addresses, "tentative") {
			return
		}
		if time.Since(start) > 10*time.Second {
			t.Fatalf("%s is not ready: %s", link, addresses)
		}
	}
}

// TestFollowed: what is done is told, each thing once, and in order.
func TestFollowed(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		ip(t, "link", "add", "fo0", "type", "veth", "peer", "name", "fo1")
		ip(t, "link", "set", "fo0", "up")
		ip(t, "link", "set", "fo1", "up")
		awaitReady(t, "fo0")
		for name, f := range followed {
			got := happens(t, f.query, len(f.want), func() {
				for command := range strings.Lines(f.do) {
					ip(t, strings.Fields(command)...)
				}
			})
			if !slices.Equal(got, f.want) {
				t.Errorf("%s: events\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(f.want, "\n"))
			}
		}
	})
}

// TestFollowedFlows: a flow is told when it begins, changes and ends.
func TestFollowedFlows(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		const flow = "--proto udp --src 10.0.0.1 --dst 10.0.0.9 --sport 1000 --dport 53"
		got := happens(t, "conntrack dport == 53 | follow | select event, proto, src, mark", 3, func() {
			for _, command := range []string{"--create --timeout 100 " + flow, "--update --mark 7 " + flow, "--delete " + flow} {
				lab.Tool(t, "", "conntrack", strings.Fields(command)...)
			}
		})
		want := []string{"event=new mark=0 proto=udp src=10.0.0.1", "event=changed mark=7 proto=udp src=10.0.0.1", "event=gone mark=7 proto=udp src=10.0.0.1"}
		if !slices.Equal(got, want) {
			t.Errorf("events %q", got)
		}
	})
}
