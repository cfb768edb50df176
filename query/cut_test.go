package query_test

import (
	"context"
	"fmt"
	"iter"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"netql/query"
	"netql/query/expression"
	"netql/query/querytest"
	"netql/query/schema"
)

// machine is a host with some connections.
type machine struct {
	name  string
	conns []conn
	err   error // why it does not answer
}

func (*machine) Port(name string) (int, bool) { return 22, name == "ssh" }

// machines have all the connections of the test table together, in the same order.
func machines() []*machine {
	return []*machine{{name: "a", conns: conns[:3]}, {name: "b", conns: conns[3:4]}, {name: "c"},
		{name: "d", conns: conns[4:]}}
}

// Events tell of each connection, and end.
func (s connScan) Events(ctx context.Context) iter.Seq2[query.Event[conn], error] {
	return func(yield func(query.Event[conn], error) bool) {
		for c, err := range s.Rows(ctx) {
			if !yield(query.Event[conn]{Time: time.Unix(1, 0), Kind: "new", Row: c}, err) {
				return
			}
		}
	}
}

// word is a row of a table about the program itself.
type word struct{ state, meaning string }

// catalogOf is the catalogue of a union of machines.
func catalogOf(machines []*machine) *query.Catalog {
	log := &scanned{}
	spec := connSpec(log)
	spec.Events, spec.Follow = "x.", func(r query.Request) query.Follow[conn] { return connScan{r, log} }
	words := query.Spec[word]{
		Doc: "x.", Shown: []string{"state"}, Key: []string{"state"}, Scope: query.ProgramScope,
		Columns: []query.Column[word]{
			query.Enum("state", "x.", connStates, func(w *word) string { return w.state }),
			query.Col("meaning", "x.", func(w *word) string { return w.meaning }),
		},
		Scan: func(query.Request) query.Scan[word] {
			return sliceScan[word]{records: []word{{"LISTEN", "waits"}, {"ESTABLISHED", "talks"}},
				group: func(*word) string { return "" }}
		},
	}
	one := query.NewCatalog([]query.Declaration{declare("conns", query.Define(spec)),
		declare("words", query.Define(words))}, append(functions(), hostFunction())...)
	union := &query.Union{Name: "every machine", Scope: query.MachineScope,
		Columns: []query.MemberColumn{{Column: schema.Column{Name: "host", Type: schema.Of(schema.Text)},
			Identifies: true}},
		Members: func(context.Context, query.State, func(string)) (members []query.Member, err error) {
			for _, m := range machines {
				members = append(members, query.Member{Name: m.name, Value: func(string) any { return m.name },
					Open: func() (query.State, error) { return m, m.err }})
			}
			return members, nil
		},
	}
	return union.Catalog(one)
}

// hostFunction looks an address up, which takes time.
func hostFunction() query.Function {
	return query.Function{
		Function: expression.Function{Name: "host", Result: schema.Of(schema.Text), Costly: true,
			Params: []expression.Param{{Name: "address", Kinds: []schema.Kind{schema.Address}}}},
		Call: func(_ context.Context, _ query.State, a []any) (any, error) {
			return "host of " + schema.Format(a[0]), nil
		},
		Prefetch: func(query.State, []any) {},
	}
}

// askMachines asks each machine by itself.
func askMachines(machines []*machine) query.Ask {
	var hosts []querytest.Host
	for _, m := range machines {
		hosts = append(hosts, querytest.Host{Name: m.name, Catalog: catalogOf([]*machine{m}), Err: m.err,
			State: func() query.State { return m }})
	}
	return querytest.Ask(hosts)
}

func compileCut(text string, all []*machine) (*query.Plan, error) {
	return query.CompileCut(text, catalogOf(all), someState{}, askMachines(all))
}

// cutOf is how a query is cut, as text.
func cutOf(text string) string {
	plan, err := compileCut(text, machines())
	if err != nil {
		return show(err, text)
	}
	if plan.Cut() == nil {
		return "no host is asked\n"
	}
	var b strings.Builder
	for _, local := range plan.Cut().Locals {
		fmt.Fprintf(&b, "each host: %s\n  gives %s", local.Text, strings.Join(local.Names(), ", "))
		if len(local.Hosts) > 0 {
			fmt.Fprint(&b, "; its name: ", local.Hosts)
		}
		if local.Whole {
			b.WriteString("; whole")
		}
		b.WriteByte('\n')
	}
	return b.String() + "then: " + plan.Cut().Merge + "\n"
}

// TestCut runs the queries of some golden files cut over several hosts: what they show and give is what they do over
// the union of the hosts, and both parts are queries in canonical spelling.
func TestCut(t *testing.T) {
	for _, file := range []string{"answers", "cut", "explain", "errors"} {
		data, err := os.ReadFile("testdata/" + file + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range goldenBlocks(string(data)) {
			checkCut(t, block.query)
		}
	}
}

func checkCut(t *testing.T, text string) {
	t.Helper()
	all := machines()
	whole, err := query.Compile(text, catalogOf(all), someState{})
	cut, cutErr := compileCut(text, all)
	if fmt.Sprint(err) != fmt.Sprint(cutErr) {
		t.Errorf("%s: %v, cut: %v", text, err, cutErr)
	}
	if err != nil || cutErr != nil {
		return
	}
	if cut.Cut() != nil {
		for _, local := range cut.Cut().Locals {
			plan, err := query.Compile(local.Text, catalogOf(all[:1]), nil) // no service is known
			if err != nil || plan.Query() != local.Text {
				t.Errorf("%s: hosts are asked %s: %v", text, local.Text, err)
			}
		}
	}
	if got, want := shown(cut), shown(whole); got != want {
		t.Errorf("%s: cut it shows\n%s\nand else\n%s", text, got, want)
	}
	if whole.Live() == "" || whole.Follows() {
		got, want := given(cut), given(whole)
		if whole.Follows() && strings.Contains(text, "limit") { // the first events are those of any host
			got, want = strconv.Itoa(strings.Count(got, "\n")), strconv.Itoa(strings.Count(want, "\n"))
		}
		if got != want {
			t.Errorf("%s: cut in\n%sgives\n%s\nand else\n%s", text, cutOf(text), got, want)
		}
	}
}

// shown is what formats know of an answer before there are rows.
func shown(plan *query.Plan) string {
	s := plan.Schema()
	text := fmt.Sprintln(plan.Query(), s.Source, s.Shown, s.Spare, s.Quiet, s.Chosen, s.After, plan.FirstLacks(),
		plan.Live(), plan.Table().Name, plan.Bars() != nil, plan.Graph() != nil)
	for _, c := range s.Columns {
		text += fmt.Sprintln(c.Name, c.Type, c.Unit, c.Change, c.Comparing, c.Doc)
	}
	if bars := plan.Bars(); bars != nil {
		text += fmt.Sprintln(schema.Schema{Columns: bars.Numbers}.Names(), bars.Known != nil, bars.Log, bars.Share)
	}
	if graph := plan.Graph(); graph != nil {
		text += fmt.Sprintln(graph.From.Name, graph.To.Name)
	}
	return text
}

// given is the answer as lines, with the error and the warnings. Events of several hosts have no order.
func given(plan *query.Plan) string {
	var lines []string
	for row, err := range plan.Rows(context.Background()) {
		if err != nil {
			lines = append(lines, "error: "+err.Error())
			break
		}
		var cells []string
		for _, c := range plan.Schema().Visible() {
			cells = append(cells, string(c.Value(row).AppendJSON(nil)))
		}
		lines = append(lines, strings.Join(cells, " "))
	}
	if plan.Follows() {
		slices.Sort(lines)
	}
	for _, warning := range plan.Warnings() {
		// Each host tells it of a row of its own.
		before, _, ofRow := strings.Cut(warning, " is NULL in some rows: ")
		if line := "warning: " + before; !ofRow || !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}
