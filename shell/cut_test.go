package shell

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"netql/query"
	"netql/query/querytest"
	"netql/query/schema"
	"netql/shell/render"
	"netql/sources/capture"
	"netql/sources/lab"
	"netql/tables"
)

// TestCutIsUnion: every query that the documents, help and the tables recommend has the same answer, byte by byte,
// where each of three hosts answers its part and the parts are put together, and over the union of the three. With the
// race detector a fifth of them is asked, as the gate asks all without it.
func TestCutIsUnion(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Need(t, "/etc/services")
		lab.Troubled(t)
		hosts := threeHosts(t)
		compared, oneOf := 0, 1
		if lab.RaceDetector {
			oneOf = 5
		}
		for i, text := range everyQuery(t) {
			if i%oneOf == 0 && comparesCut(t, hosts, text) {
				compared++
			}
		}
		if compared < 200/oneOf {
			t.Errorf("only %d queries were compared", compared)
		}
	})
}

// everyQuery are all queries that somebody is told of, each once, and some that are hard to cut.
func everyQuery(t *testing.T) []string {
	all := recommended(t)
	for _, table := range tables.Catalog().Tables() {
		all = append(all, table.Examples...)
	}
	return slices.Compact(slices.Sorted(slices.Values(append(all, hardToCut...))))
}

// hardToCut are queries whose two parts are easily not those of the whole.
var hardToCut = []string{
	"sockets", "sockets | sort rtt desc | limit 3", "sockets | limit 4", "sockets | count", "routes | count by table",
	"routes | sort metric", "routes | limit 5 | count by table", "routes | sort metric | select dst, table",
	"routes | sort metric | where dst contains 198.51.100.7", "routes | distinct type | where type != unicast",
	"routes | extend t = table | limit 3", "routes | extend t = scope | drop t | limit 30", "routes | top 3 by metric",
	"limits | sort used desc | where name != 'x' and share != nil", "sockets | sort local | select overflow, local",
	"sockets state == LISTEN | join processes on host, pid | select host, name, lport | sort lport, host",
	"sockets state == LISTEN | join left processes on pid | count by host, host_2",
	"sockets | join routes on host, raddr in dst | select host, raddr, dst, table | sort raddr, dst, host",
	"sockets raddr != nil | join route_to on host, raddr == dst | select host, raddr, dev",
	"interfaces | join (addresses | count by dev) on name == dev | select host, name, count",
	"interfaces | join left (addresses | count by host, dev) on name == dev, host | select host, name, count",
	"interfaces | join all routes on host, name == dev | count by host, name, table",
	"addresses addr != nil | join all routes on addr in dst, host | count by host, table | where table != 'main'",
	"sockets | count by host | join interfaces on host | count",
	"tables | join columns on name == table | count by name",
	"columns | join interfaces on name | count", "processes | count by host, user | sort user, host",
	"sockets lport == ssh or rport in [http, 443] | count by service(lport)", "interfaces | select *, m = mtu * 2",
	"sockets | group by state: n = count(), p95(rtt), list(lport), any(process), avg(rtt), dcount(raddr)",
	"sockets | group by state: list(lport), dcount(raddr), n = count(), max(rtt)",
	"sockets | stats any(local), any(host)", "sockets | group by host: p95(rtt), list(state), any(local)",
	"sockets | group by h = host, state | sort state desc",
	"sockets | select local, name = host(raddr) | where name != nil | count by name", "sockets | count by host(raddr)",
	"sockets | histogram lport log by host", "sockets | graph host, state: n = count()", "sockets | bars rtt",
	"sysctls | limit 3000 | count by host", "unix_sockets | distinct", "addresses | distinct host, family",
	"proto_stats | where value > 0 | sort name, host | limit 20",
	"services | join left sockets on port == lport | limit 9",
	"interfaces | sort mtu desc, name | select name | limit 3",
	"sockets | select state, host | drop host | count by state",
}

// threeHosts records what there is three times, with a listener more each time.
func threeHosts(t *testing.T) (hosts []tables.Host) {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"web1", "web2", "db1"} {
		path := filepath.Join(dir, name+".nq")
		netql(t, done, "record", path)
		lab.Listen(t, lab.TCP, "127.0.0.1:0")
		c, err := capture.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		hosts = append(hosts, tables.Host{Name: name, System: c.System()})
	}
	return hosts
}

// askCaptures asks each capture as a host by itself.
func askCaptures(hosts []tables.Host) query.Ask {
	var list []querytest.Host
	for _, h := range hosts {
		list = append(list, querytest.Host{Name: h.Name, Catalog: tables.Hosts(tables.Catalog()), Err: h.Err,
			State: func() query.State { return tables.AskHosts([]tables.Host{h}) }})
	}
	return querytest.Ask(list)
}

// comparesCut compares the two answers of a query; false where it needs a running system, of which the two would
// differ.
func comparesCut(t *testing.T, hosts []tables.Host, text string) bool {
	t.Helper()
	catalog := tables.Hosts(tables.Catalog())
	whole, err := query.Compile(text, catalog, tables.AskHosts(hosts))
	cut, cutErr := query.CompileCut(text, catalog, tables.AskHosts(hosts), askCaptures(hosts))
	if fmt.Sprint(err) != fmt.Sprint(cutErr) {
		t.Errorf("%s: %v, cut: %v", text, err, cutErr)
	}
	if err != nil || cutErr != nil {
		return false
	}
	if got, want := described(cut), described(whole); got != want {
		t.Errorf("%s: cut in\n%s\nshows\n%s\nwant\n%s", text, cut.Explain(), got, want)
	}
	if whole.Live() != "" {
		return false
	}
	formats := []string{"ndjson"}
	if slices.Contains(hardToCut, text) { // of the same values and columns all formats make the same text
		formats = append(formats, "csv", "table")
	}
	for _, format := range formats {
		if got, want := written(t, cut, format), written(t, whole, format); got != want {
			t.Errorf("%s: cut in\n%s\ngives\n%s\nwant\n%s", text, cut.Explain(), got, want)
			break
		}
	}
	return true
}

// written is the answer in a format, with an error behind it, and the warnings.
func written(t *testing.T, plan *query.Plan, format string) string {
	t.Helper()
	var out bytes.Buffer
	s := plan.Schema()
	options := render.Options{Format: format, Width: 200, Bars: plan.Bars(), Graph: plan.Graph(), Spare: s.Spare,
		Quiet: s.Quiet, Defaults: !s.Chosen}
	_, err := render.Write(t.Context(), &out, s.Visible(), rowsFor(t.Context(), plan, options), options)
	if err != nil {
		fmt.Fprintln(&out, "error:", err)
	}
	warnings := plan.Warnings()
	slices.Sort(warnings)
	return out.String() + strings.Join(warnings, "\n")
}

// described is all that formats know of the columns.
func described(plan *query.Plan) string {
	var b strings.Builder
	s := plan.Schema()
	for _, c := range s.Columns {
		fmt.Fprintln(&b, c.Name, c.Type, c.Type.Words, c.Unit, c.Alarm, c.Change, c.Millis, c.Whole, c.Prose,
			c.Explains,
			c.Comparing, c.PartOf, c.Section, c.ForPeople != nil, c.Doc)
	}
	fmt.Fprintln(&b, plan.Query(), s.Source, s.Shown, s.Spare, s.Quiet, s.Chosen, s.After, plan.FirstLacks(),
		plan.Live(), plan.Follows(), plan.Watch() != nil, plan.Table().Name)
	for _, columns := range pictured(plan) {
		fmt.Fprintln(&b, schema.Schema{Columns: columns}.Names())
	}
	return b.String()
}

// pictured are the columns that are drawn.
func pictured(plan *query.Plan) (columns [][]*schema.Column) {
	if bars := plan.Bars(); bars != nil {
		columns = append(columns, bars.Numbers)
	}
	if graph := plan.Graph(); graph != nil {
		columns = append(columns, []*schema.Column{graph.From, graph.To})
	}
	return columns
}
