package tables_test

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

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

// A step is something that is done, and the events that it must make, as text, in this order.
type step struct {
	do   func()
	told []string
}

// checkEvents runs a query of events while steps are taken, each when the events of the one before have come: the
// kernel tells of different things in an order of its own.
func checkEvents(t *testing.T, text string, steps []step) {
	t.Helper()
	checkEventsOf(t, sources.Live(), text, steps)
}

// checkEventsOf is checkEvents with a system.
func checkEventsOf(t *testing.T, system *sources.System, text string, steps []step) {
	t.Helper()
	joined := make(chan struct{}, 1)
	system.Events = announcing{system.Events, joined}
	plan, err := query.Compile(text, tables.Catalog(), tables.Ask(system))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), lab.Patience)
	defer cancel()
	events, ended := eventTexts(ctx, plan)
	<-joined
	var got, want []string
	for _, s := range steps {
		s.do()
		for range s.told {
			event, more := <-events
			if !more {
				t.Fatalf("%s: %v after %q", text, <-ended, got)
			}
			got = append(got, event)
		}
		if want = append(want, s.told...); !slices.Equal(got, want) {
			t.Fatalf("%s: events\n%s\nwant\n%s", text, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	cancel()
	for event := range events {
		t.Errorf("%s: one more event: %s", text, event)
	}
	if warnings := plan.Warnings(); len(warnings) > 0 {
		t.Errorf("%s: warnings %q", text, warnings)
	}
}

// eventTexts are the rows of a plan as they come, and what ends them.
func eventTexts(ctx context.Context, plan *query.Plan) (<-chan string, <-chan error) {
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
	return events, ended
}

// followed are queries of events, each with what is done to a namespace: commands of ip(8), and below each the events
// that it makes, after a tab. "await WORD COMMAND" waits until the command's answer has the word in it.
var followed = map[string]struct{ query, done string }{
	"addresses": {
		"addresses dev == 'fo0' | follow | where family == inet or scope == global " +
			"| select event, prefix, flags, label, network",
		`
address add 198.51.100.1/24 dev fo0 label fo0:x
	event=new flags=["permanent"] label=fo0:x network=198.51.100.0/24 prefix=198.51.100.1/24
address change 198.51.100.1/24 dev fo0 label fo0:x valid_lft 5000 preferred_lft 4000
	event=changed flags=- label=fo0:x network=198.51.100.0/24 prefix=198.51.100.1/24
address change 198.51.100.1/24 dev fo0 label fo0:x valid_lft 6000 preferred_lft 4000
address add 2001:db8:f::1/64 dev fo0 nodad
	event=new flags=["permanent","nodad"] label=- network=2001:db8:f::/64 prefix=2001:db8:f::1/64
address add 198.51.100.2/24 dev fo0
	event=new flags=["permanent","secondary"] label=fo0 network=198.51.100.0/24 prefix=198.51.100.2/24
address del 198.51.100.2/24 dev fo0
	event=gone flags=["permanent","secondary"] label=fo0 network=198.51.100.0/24 prefix=198.51.100.2/24
address del 2001:db8:f::1/64 dev fo0
	event=gone flags=["permanent","nodad"] label=- network=2001:db8:f::/64 prefix=2001:db8:f::1/64
address del 198.51.100.1/24 dev fo0
	event=gone flags=- label=fo0:x network=198.51.100.0/24 prefix=198.51.100.1/24`,
	},
	"routes": {
		"routes table == \"100\" | follow | select event, dst, gateway, dev, metric, mtu",
		`
address add 198.51.100.1/24 dev fo0
address add 2001:db8:f::1/64 dev fo0 nodad
await 2001:db8:f:: -6 route show dev fo0 table main
route add 10.0.0.0/8 via 198.51.100.2 table 100
	dev=fo0 dst=10.0.0.0/8 event=new gateway=198.51.100.2 metric=0 mtu=-
route replace 10.0.0.0/8 via 198.51.100.3 table 100 mtu 1400
	dev=fo0 dst=10.0.0.0/8 event=changed gateway=198.51.100.3 metric=0 mtu=1400
route append 10.0.0.0/8 via 198.51.100.4 table 100
	dev=fo0 dst=10.0.0.0/8 event=new gateway=198.51.100.4 metric=0 mtu=-
route add 10.2.0.0/16 via 198.51.100.4 table 101
route del 10.0.0.0/8 via 198.51.100.3 table 100
	dev=fo0 dst=10.0.0.0/8 event=gone gateway=198.51.100.3 metric=0 mtu=1400
route add 10.1.0.0/16 table 100 nexthop via 198.51.100.2 nexthop via 198.51.100.3
	dev=fo0 dst=10.1.0.0/16 event=new gateway=198.51.100.2 metric=0 mtu=-
	dev=fo0 dst=10.1.0.0/16 event=new gateway=198.51.100.3 metric=0 mtu=-
route del 10.1.0.0/16 table 100
	dev=fo0 dst=10.1.0.0/16 event=gone gateway=198.51.100.2 metric=0 mtu=-
	dev=fo0 dst=10.1.0.0/16 event=gone gateway=198.51.100.3 metric=0 mtu=-
route add 2001:db8:1::/48 via 2001:db8:f::2 table 100
	dev=fo0 dst=2001:db8:1::/48 event=new gateway=2001:db8:f::2 metric=1024 mtu=-
route append 2001:db8:1::/48 via 2001:db8:f::3 table 100
	dev=fo0 dst=2001:db8:1::/48 event=changed gateway=2001:db8:f::3 metric=1024 mtu=-
	dev=fo0 dst=2001:db8:1::/48 event=changed gateway=2001:db8:f::2 metric=1024 mtu=-
route replace 2001:db8:1::/48 via 2001:db8:f::4 table 100
	dev=fo0 dst=2001:db8:1::/48 event=changed gateway=2001:db8:f::4 metric=1024 mtu=-
route add blackhole 10.9.0.0/16 table 100 metric 5
	dev=- dst=10.9.0.0/16 event=new gateway=- metric=5 mtu=-
route flush table 100
	dev=fo0 dst=10.0.0.0/8 event=gone gateway=198.51.100.4 metric=0 mtu=-
	dev=- dst=10.9.0.0/16 event=gone gateway=- metric=5 mtu=-
address flush dev fo0`,
	},
	"neighbors": {
		"neighbors dev == 'fo0' and state != failed | follow | where state in [permanent, stale] " +
			"| select event, addr, mac, state, proxy",
		`
neighbor add 198.51.100.9 lladdr 02:00:00:00:00:01 dev fo0 nud permanent
	addr=198.51.100.9 event=new mac=02:00:00:00:00:01 proxy=false state=PERMANENT
neighbor change 198.51.100.9 lladdr 02:00:00:00:00:02 dev fo0 nud permanent
	addr=198.51.100.9 event=changed mac=02:00:00:00:00:02 proxy=false state=PERMANENT
neighbor change 198.51.100.9 lladdr 02:00:00:00:00:02 dev fo0 nud permanent
neighbor change 198.51.100.9 lladdr 02:00:00:00:00:02 dev fo0 nud stale
	addr=198.51.100.9 event=changed mac=02:00:00:00:00:02 proxy=false state=STALE
neighbor add fe80::9 lladdr 02:00:00:00:00:03 dev fo0 nud permanent
	addr=fe80::9%fo0 event=new mac=02:00:00:00:00:03 proxy=false state=PERMANENT`,
	},
	"neighbors that go": {
		"neighbors | follow | where event == gone | select event, addr",
		`
neighbor add 198.51.100.10 lladdr 02:00:00:00:00:01 dev fo0 nud permanent
neighbor del 198.51.100.10 dev fo0
	addr=198.51.100.10 event=gone`,
	},
	"rules": {
		"rules family == inet | follow | select event, priority, position, from, iif, table",
		`
rule add pref 100 from 10.0.0.0/8 lookup 100
	event=new from=10.0.0.0/8 iif=- position=- priority=100 table=100
rule add pref 100 iif fo0 lookup main
	event=new from=- iif=fo0 position=- priority=100 table=main
-6 rule add pref 100 lookup main
rule del pref 100 iif fo0 lookup main
	event=gone from=- iif=fo0 position=- priority=100 table=main
rule del pref 100
	event=gone from=10.0.0.0/8 iif=- position=- priority=100 table=100
-6 rule del pref 100`,
	},
	"interfaces": {
		"interfaces name in ['fo2', 'fo3', 'fo4'] | follow | where event != changed or alias != nil " +
			"| select event, name, alias, mtu, operstate",
		`
link add fo2 type veth peer name fo3
	alias=- event=new mtu=1500 name=fo3 operstate=down
	alias=- event=new mtu=1500 name=fo2 operstate=down
link set fo2 up
await LOWERLAYERDOWN link show dev fo2
link set fo2 alias uplink
	alias=uplink event=changed mtu=1500 name=fo2 operstate=lowerlayerdown
link set fo2 alias uplink
link set fo2 mtu 1400
	alias=uplink event=changed mtu=1400 name=fo2 operstate=lowerlayerdown
link set fo2 down
	alias=uplink event=changed mtu=1400 name=fo2 operstate=down
link set fo2 name fo4
	alias=uplink event=changed mtu=1400 name=fo4 operstate=down
link del fo4
	alias=uplink event=gone mtu=1400 name=fo4 operstate=down
	alias=- event=gone mtu=1500 name=fo3 operstate=down`,
	},
}

// stepsOf reads what is done in followed.
func stepsOf(t *testing.T, text string) (steps []step) {
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		words := strings.Fields(line)
		switch {
		case len(words) == 0:
		case line[0] == '\t':
			last := &steps[len(steps)-1]
			last.told = append(last.told, line[1:])
		case words[0] == "await":
			steps = append(steps, step{do: func() { awaitIP(t, words[1], words[2:]...) }})
		default:
			steps = append(steps, step{do: func() { ip(t, words...) }})
		}
	}
	return steps
}

// awaitIP waits until a word is in what ip(8) says.
func awaitIP(t *testing.T, word string, command ...string) {
	t.Helper()
	answer := fmt.Sprintf("%s in the answer to ip %q", word, command)
	lab.Await(t, answer, func() bool { return strings.Contains(ip(t, command...), word) })
}

// TestFollowed: what is done is told, each thing once.
func TestFollowed(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		ip(t, "link", "add", "fo0", "type", "veth", "peer", "name", "fo1")
		ip(t, "link", "set", "fo0", "up")
		ip(t, "link", "set", "fo1", "up")
		// IPv6 is at work on a link when its local address has a route: before, the kernel tells nothing of one that
		// is added.
		awaitIP(t, "fe80::", "-6", "route", "show", "dev", "fo0", "table", "local")
		for name, f := range followed {
			t.Run(name, func(t *testing.T) { checkEvents(t, f.query, stepsOf(t, f.done)) })
		}
	})
}

// TestFollowedFlows: a flow is told when it begins, changes and ends.
func TestFollowedFlows(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		const flow = "--proto udp --src 10.0.0.1 --dst 10.0.0.9 --sport 1000 --dport 53"
		var steps []step
		for _, s := range [][2]string{
			{"--create --timeout 100 " + flow, "event=new mark=0 proto=udp src=10.0.0.1"},
			{"--update --mark 7 " + flow, "event=changed mark=7 proto=udp src=10.0.0.1"},
			{"--delete " + flow, "event=gone mark=7 proto=udp src=10.0.0.1"},
		} {
			do := func() { lab.Tool(t, "", "conntrack", strings.Fields(s[0])...) }
			steps = append(steps, step{do, []string{s[1]}})
		}
		checkEvents(t, "conntrack dport == 53 | follow | select event, proto, src, mark", steps)
	})
}
