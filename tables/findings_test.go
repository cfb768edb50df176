package tables_test

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sys/unix"

	"netql/query"
	"netql/query/syntax"
	"netql/sources"
	"netql/sources/lab"
	"netql/sources/vfs/vfstest"
	"netql/tables"
)

// TestChecks: every check compiles, and so does the query that it shows, with two samples and with one.
func TestChecks(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		for _, system := range []*sources.System{sources.Live(), record(t).System()} {
			a := ask(t, system, "findings | select *")
			if len(a.rows)+len(a.warnings) > 0 {
				t.Errorf("%s: an empty namespace has findings: %v, %q", system.Name, a.rows, a.warnings)
			}
		}
		for _, check := range live(t, "checks | select name, doc, advice, query") {
			text := check["query"].(string)
			if _, err := query.Compile(text, tables.Catalog(), tables.Ask(sources.Live())); err != nil {
				t.Errorf("%s: %s: %v", check["name"], text, err)
			}
			for i, part := range strings.Split(check["advice"].(string), "`") {
				if i%2 == 0 { // no query
					continue
				}
				if _, err := query.Compile(part, tables.Catalog(), tables.Ask(sources.Live())); err != nil {
					t.Errorf("%s: the advice %s: %v", check["name"], part, err)
				}
			}
			for _, column := range []string{"doc", "advice"} {
				if text := check[column].(string); !strings.HasSuffix(text, ".") {
					t.Errorf("%s: the %s is no sentence: %s", check["name"], column, text)
				}
			}
		}
	})
}

// TestUnknownCheck: a check that does not exist is an error, not an empty answer.
func TestUnknownCheck(t *testing.T) {
	_, err := query.Compile("findings check == accept_queu", tables.Catalog(), tables.Ask(sources.Live()))
	if err == nil || !strings.Contains(err.Error(), "accept_queu") {
		t.Errorf("without quotes: %v", err)
	}
	a, err := run(t.Context(), sources.Live(), query.Compile, `findings check == "accept_queu"`)
	const want = `there is no check "accept_queu"`
	if err != nil || a.err == nil || a.err.Error() != want {
		t.Errorf("%v, %v, want %s", err, a.err, want)
	}
}

// plantedCommands plant troubles into a troubled network, for ip(8) -batch, and plantedFarCommands at its other end.
const (
	plantedCommands = `
link add flap0 type veth peer name flap1
link set flap0 up
link set flap1 up
address add 198.18.40.1/24 dev wan0
address add 198.18.40.1/24 dev eth0
link add br1 type bridge
link set br1 up
link add port0 type veth peer name port1
link set port0 mtu 1400 master br1 up
link set port1 up
link add port2 type veth peer name port3
link set port2 master br1 up
link set port3 up
route append default via 192.0.2.10 dev eth0
route add 198.18.50.0/24 via 192.0.2.11 dev eth0
rule add fwmark 9 lookup 777 priority 1003
`
	plantedFarCommands = `
address add 198.51.100.9/32 dev lo
route add 172.30.0.0/16 via 192.0.2.1
`
)

// plant makes more troubles than lab.Troubled, of which some go on until the test ends.
func plant(t *testing.T) {
	t.Helper()
	lab.Need(t, "nft")
	ipBatch(t, plantedCommands)
	sysctl(t, "net/ipv4/conf/eth0/rp_filter", "1")
	exposed := lab.Listen(t, lab.TCP, "0.0.0.0:5433")
	t.Cleanup(exposed.Close)
	full := lab.Datagram(t, lab.UDP, "127.0.0.1:5400", "")
	closed := lab.Bound(t, lab.TCP, "127.0.0.1:0")
	var deaf, spoofed, routed *lab.Socket
	lab.In(t, "peer", func() {
		ipBatch(t, plantedFarCommands)
		deaf = lab.Listen(t, lab.TCP, "192.0.2.9:7000")
		spoofed = lab.Datagram(t, lab.UDP, "198.51.100.9:0", "192.0.2.1:9")
		routed = lab.Datagram(t, lab.UDP, "192.0.2.9:0", "172.30.1.2:9")
	})
	talker := lab.Dial(t, lab.TCP, deaf.Local)
	lab.In(t, "peer", func() {
		lab.Tool(t, "add table inet drops\nadd chain inet drops in { type filter hook input priority 0; }\n"+
			"add rule inet drops in tcp dport 7000 drop\n", "nft", "-f", "-")
	})
	talker.Write(1000)
	unanswered := lab.Datagram(t, lab.UDP, "192.0.2.1:0", "198.18.50.7:9")
	sender := lab.Datagram(t, lab.UDP, "127.0.0.1:0", "127.0.0.1:5400")
	fill := func() {
		for range 20 {
			sender.Send(60000)
		}
		unanswered.Send(1)
		spoofed.Send(1)
		routed.Send(1)
	}
	fill()
	goOn(t, fill, func() {
		for range 20 { // more in one turn than failed_connects asks for in a second
			refuse(closed.Local)
		}
	}, func() {
		setLink("flap1", false)
		setLink("flap1", true)
	})
	full.FD()
}

// troubledChecks are the checks that find something where lab.Troubled and plant have been.
var troubledChecks = []string{
	"accept_queue", "exposed_listener", "close_wait", "syn_unanswered", "lossy_peer", "closed_window",
	"no_acknowledgement", "unread_data", "failed_connects", "udp_socket_drops",
	"no_carrier", "link_flaps", "bridge_mtu", "failed_neighbors", "address_twice", "equal_routes",
	"gateway_unreachable", "reverse_path_drops", "not_forwarding", "detached_rule", "empty_table",
}

// troubledCounts are those that only count what is found there, and find something where they alone are asked for.
var troubledCounts = []string{"retransmissions", "udp_errors"}

// TestFindings: in a network where things are wrong, findings names them, with queries that show them.
func TestFindings(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Troubled(t)
		plant(t)
		a := ask(t, sources.Live(), "findings | select *")
		found := map[string][]row{}
		for _, r := range a.rows {
			found[r["check"].(string)] = append(found[r["check"].(string)], r)
			t.Logf("%-8s %-16s %s  %v/%v", r["severity"], r["check"], r["finding"], r["value"], r["limit"])
		}
		if len(a.warnings) > 0 {
			t.Errorf("warnings: %q", a.warnings)
		}
		for _, check := range troubledChecks {
			if len(found[check]) == 0 {
				t.Errorf("%s finds nothing", check)
			}
		}
		for check, rows := range found {
			text := rows[0]["query"].(string)
			if strings.Contains(text, "delta(") {
				continue
			}
			if slices.Contains(troubledChecks, check) {
				if len(live(t, text)) == 0 {
					t.Errorf("%s: %s shows no row", check, text)
				}
				continue
			}
			// What a busy machine brings about, such as a slow peer, may be over by now.
			lab.Await(t, "a row of "+text+", or no finding of "+check, func() bool {
				return len(live(t, text)) > 0 || len(live(t, "findings check == "+check)) == 0
			})
		}
		for _, check := range troubledCounts {
			if len(found[check]) > 0 {
				t.Errorf("%s: %v, which others explain", check, found[check])
			}
			// On a busy machine less happens within a second than the check asks for; another second has more.
			lab.Await(t, "a finding of "+check+" alone", func() bool {
				return len(live(t, "findings check == "+check)) > 0
			})
		}
		worstFirst(t, a.rows)
		narrowed(t)
	})
}

// worstFirst: the rows come in the order of their severity.
func worstFirst(t *testing.T, rows []row) {
	t.Helper()
	words := []string{"critical", "warning", "notice"}
	for i := 1; i < len(rows); i++ {
		if slices.Index(words, rows[i-1]["severity"].(string)) > slices.Index(words, rows[i]["severity"].(string)) {
			t.Errorf("%v comes before %v", rows[i-1], rows[i])
		}
	}
}

// narrowed: a query for one check makes no other, and does not wait where that takes one sample.
func narrowed(t *testing.T) {
	t.Helper()
	plan, err := query.Compile("findings check == accept_queue", tables.Catalog(), tables.Ask(sources.Live()))
	if err != nil || !strings.Contains(plan.Explain(), "1 check of sockets\n") {
		t.Errorf("%v, %v", plan.Explain(), err)
	}
	for _, r := range live(t, "findings check == accept_queue | select *") {
		if r["check"] != "accept_queue" {
			t.Errorf("accept_queue was asked for, not %v", r)
		}
	}
	if rows := live(t, "findings check == accept_queue and severity == notice"); len(rows) > 0 {
		t.Errorf("a notice of accept_queue: %v", rows)
	}
}

// TestHealthy: in a network with traffic in which nothing is wrong, findings is silent, also over all namespaces.
func TestHealthy(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.NameNamespaces(t, "own", "peer")
		ipBatch(t, `
link add eth0 type veth peer name eth0 netns peer
link set eth0 up
address add 192.0.2.1/24 dev eth0
address add 2001:db8::1/64 dev eth0 nodad
route add default via 192.0.2.9
`)
		lab.In(t, "peer", func() {
			ipBatch(t, `
link set lo up
link set eth0 up
address add 192.0.2.9/24 dev eth0
address add 2001:db8::9/64 dev eth0 nodad
route add default via 192.0.2.1
`)
		})
		var talks []func()
		for _, address := range []string{"192.0.2.1:80", "[2001:db8::1]:443", "127.0.0.1:8080"} {
			server := lab.Listen(t, lab.TCP, address)
			ns := map[bool]string{true: "own", false: "peer"}[strings.HasPrefix(address, "127.")]
			var client, datagrams *lab.Socket
			lab.In(t, ns, func() { client = lab.Dial(t, lab.TCP, server.Local) })
			end := server.Accept()
			receiver := lab.Datagram(t, lab.UDP, address, "")
			lab.In(t, ns, func() {
				local := map[string]string{"192.0.2.1:80": "192.0.2.9:0",
					"[2001:db8::1]:443": "[2001:db8::9]:0"}[address]
				datagrams = lab.Datagram(t, lab.UDP, cmp.Or(local, "127.0.0.1:0"), address)
			})
			buffer := make([]byte, 4096)
			read := func(s *lab.Socket) { // what has not come yet is read the next time
				_, _, _ = unix.Recvfrom(s.FD(), buffer, unix.MSG_DONTWAIT)
			}
			talks = append(talks, func() {
				client.Write(1000)
				read(end)
				datagrams.Send(100)
				read(receiver)
			})
		}
		goOn(t, talks...)
		for _, system := range []*sources.System{sources.Live(), record(t).System()} {
			a := ask(t, system, "findings | select *")
			for _, r := range a.rows {
				t.Errorf("%s: %s: %s", system.Name, r["check"], r["finding"])
			}
			if len(a.warnings) > 0 {
				t.Errorf("%s: warnings %q", system.Name, a.warnings)
			}
		}
	})
}

// named is the catalogue with named queries.
func named(text string) *query.Catalog {
	catalog := tables.Catalog()
	catalog.Named = &syntax.Definitions{Language: query.Language, Load: func() []*syntax.Source {
		return []*syntax.Source{{Name: "mine.nq", Text: text}}
	}}
	return catalog
}

// TestOwnChecks: named queries that begin with check_ are checks, and one that cannot be made is a warning.
func TestOwnChecks(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		catalog := named(`
# Interfaces that are there.
def check_there = interfaces | select severity = "critical", subject = name, value = mtu, finding = name + " is there"
def check_grows = interfaces delta(rx_bytes) >= 0 | select severity = "odd", subject = name, finding = "counts"
def check_argument(x) = interfaces mtu > $x | select severity = "notice", subject = name, finding = "large"
def check_columns = interfaces
def other = interfaces
`)
		plan, err := query.Compile("findings | select check, severity, subject, value, finding, query", catalog,
			tables.Ask(sources.Live()))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for r, err := range plan.Rows(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			var cells []string
			for _, c := range plan.Schema().Visible() {
				cells = append(cells, cell(c.Get(r)))
			}
			got = append(got, strings.Join(cells, "|"))
		}
		want := []string{"check_there|critical|lo|65536|lo is there|check_there",
			"check_grows|notice|lo|-|counts|check_grows"}
		if !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
		warnings := plan.Warnings()
		slices.Sort(warnings)
		if len(warnings) != 2 || !strings.HasPrefix(warnings[0], "not checked: check_argument: ") ||
			!strings.HasPrefix(warnings[1], "not checked: check_columns: it has no column ") {
			t.Errorf("warnings %q", warnings)
		}
	})
}

// TestNothingChecked: where nothing can be read there is an error, since no rows would look as if all were well.
func TestNothingChecked(t *testing.T) {
	failures := map[int]error{}
	for protocol := range absent {
		failures[protocol] = unix.EIO
	}
	system := fakeKernel{failures: failures}.system(vfstest.Files{}, fakeFinder{})
	a, err := run(t.Context(), system, query.Compile, "findings check == accept_queue")
	if _, unreadable := errors.AsType[*tables.Unreadable](a.err); err != nil || !unreadable {
		t.Errorf("%v, %v, warnings %q", err, a.err, a.warnings)
	}
	if len(a.warnings) == 0 || !strings.HasPrefix(a.warnings[0], "not checked: accept_queue: ") {
		t.Errorf("warnings %q", a.warnings)
	}
}

// TestUnknownNamespace: where it cannot be told whether this is the first network namespace, what is told of the whole
// machine comes with a warning.
func TestUnknownNamespace(t *testing.T) {
	system := fakeKernel{}.system(vfstest.Files{
		"/proc/net/softnet_stat":     {Text: "9 2 0 0 0 0 0 0 0\n"},
		"/proc/sys/net/ipv4/tcp_mem": {Err: unix.ENOBUFS},
	}, fakeFinder{})
	a, err := run(t.Context(), system, query.Compile, "findings check == softnet_drops | select subject")
	const want = "this may be a network namespace that is not the machine's first: stat /proc/sys/net/ipv4/tcp_mem: " +
		"no buffer space available"
	if err != nil || a.err != nil || !slices.Equal(lines(a.rows), []string{"subject=CPU 0"}) ||
		!slices.Contains(a.warnings, want) {
		t.Errorf("%v, %v, %q, warnings %q", err, a.err, lines(a.rows), a.warnings)
	}
}

// TestFindingsEnd: a context that ends, as by Ctrl-C, ends the wait at once.
func TestFindingsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const patience = 50 * time.Millisecond
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		system := fakeKernel{}.system(vfstest.Files{
			"/proc/net/netstat": {Text: "TcpExt: ListenOverflows\nTcpExt: 7\n"},
		}, fakeFinder{})
		system.Live = true
		began := time.Now()
		a, err := run(ctx, system, query.Compile, "findings check == listen_overflows")
		if took := time.Since(began); err != nil || !errors.Is(a.err, context.DeadlineExceeded) || took != patience {
			t.Errorf("%v, %v after %v", err, a.err, took)
		}
	})
}

// TestFindingsEverywhere: findings of several namespaces come in one answer.
func TestFindingsEverywhere(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.NameNamespaces(t, "own", "a", "b", "c", "d", "e", "f")
		for _, name := range []string{"own", "b", "f"} {
			lab.In(t, name, func() {
				ipBatch(t, "link set lo up\nlink add dead0 type veth peer name dead1\nlink set dead0 up\n")
			})
		}
		a := elsewhere(t, inquiry{"all", "findings | select netns, check, subject"})[0]
		var got []string
		for _, r := range a.Rows {
			got = append(got, r["netns"]+" "+r["check"]+" "+r["subject"])
		}
		same(t, "findings", got, []string{"b no_carrier dead0", "f no_carrier dead0", "own no_carrier dead0"})
		if len(a.Warnings) > 0 {
			t.Errorf("warnings %q", a.Warnings)
		}
	})
}
