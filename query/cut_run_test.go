package query_test

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"netql/query"
	"netql/query/querytest"
	"netql/query/schema"
)

// TestCutLimitEndsAsking: once a limit is full, no further host is asked.
func TestCutLimitEndsAsking(t *testing.T) {
	all := machines()
	asked := 0
	ask := askMachines(all)
	counting := func(ctx context.Context, l *query.Local, warn func(string)) iter.Seq2[[]schema.Scalar, error] {
		return func(yield func([]schema.Scalar, error) bool) {
			ask(ctx, l, warn)(func(values []schema.Scalar, err error) bool {
				asked++
				return yield(values, err)
			})
		}
	}
	plan, err := query.CompileCut("conns | limit 2 | select id", catalogOf(all), someState{}, counting)
	if err != nil {
		t.Fatal(err)
	}
	if got := given(plan); got != "1\n2" || asked != 2 {
		t.Errorf("%q after %d rows", got, asked)
	}
}

// TestCutFailures: a host that does not answer costs a warning; where none does, there is an error and nothing is
// counted. So it is over the union.
func TestCutFailures(t *testing.T) {
	fire := errors.New("fire")
	for _, text := range []string{"conns", "conns | count", "conns | sort id",
		"conns | join conns on raddr | select id"} {
		for _, failing := range []int{1, 4} {
			all := machines()
			for _, m := range all[:failing] {
				m.err = fire
			}
			whole, err := query.Compile(text, catalogOf(all), someState{})
			cut, cutErr := compileCut(text, all)
			if err != nil || cutErr != nil {
				t.Fatal(err, cutErr)
			}
			got, want := given(cut), given(whole)
			if got != want || !strings.Contains(got, "a: fire") {
				t.Errorf("%s, %d hosts fail: %s\nwant %s", text, failing, got, want)
			}
		}
	}
}

// TestCutWholeHosts: the rows that a host gave before it failed are rows of an answer, but count for no group.
func TestCutWholeHosts(t *testing.T) {
	for text, want := range map[string]string{
		"things":                  `"a" 1` + "\n" + `"a" 2` + "\n" + `"b" 1` + "\nwarning: house a: the floor gave way",
		"things | count":          "1\nwarning: house a: the floor gave way",
		"things | count by house": `"b" 1` + "\nwarning: house a: the floor gave way",
	} {
		plan, err := streets(text, errors.New("the floor gave way"))
		if err != nil {
			t.Fatal(err)
		}
		if got := given(plan); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

// streets cuts a query over the houses a and b, of which a has two things, and then an error, and b one.
func streets(text string, failure error) (*query.Plan, error) {
	w := &town{houses: []house{{name: "a", things: 2, failure: failure}, {name: "b", things: 1}}}
	var hosts []querytest.Host
	for _, h := range w.houses {
		one := &town{houses: []house{h}}
		hosts = append(hosts, querytest.Host{Name: h.name, Catalog: one.catalog(),
			State: func() query.State { return one.like() }})
	}
	return query.CompileCut(text, w.catalog(), w.like(), querytest.Ask(hosts))
}

// TestLeftJoinWithoutAnswer: a row without a partner says that there is none, and is left out where the answer that may
// have one is missing. Where that may be any host's, a warning says so.
func TestLeftJoinWithoutAnswer(t *testing.T) {
	const gaveWay = "\nwarning: house a: the floor gave way"
	for text, want := range map[string]string{
		"things | limit 9 | join left (things n == 7) on house | select house, n, n_2": `"b" 1 null` + gaveWay +
			"\nwarning: join left (things n == 7) on house: rows of a without a partner are left out, because the " +
			"answer that may have one is missing",
		"things | limit 9 | join left (things | select h = house, m = n | where m == 7) on house == h | " +
			"select n, m": "" +
			"1 null" + gaveWay + "\nwarning: join left (things | select h = house, m = n | where m == 7) on house == " +
			"h: rows of a without a partner are left out, because the answer that may have one is missing",
		"things | limit 9 | join left (things n == 7 | select m = n) on n == m | select house, n, m": `"a" 1 null` +
			"\n" +
			`"a" 2 null` + "\n" + `"b" 1 null` + gaveWay +
			"\nwarning: join left (things n == 7 | select m = n) on n == m: rows without a partner may have one on " +
			"a, whose answer is missing",
		"things | limit 9 | join (things n == 7) on house | select n": "warning: house a: the floor gave way",
	} {
		failure := errors.New("the floor gave way")
		cut, err := streets(text, failure)
		w := &town{houses: []house{{name: "a", things: 2, failure: failure}, {name: "b", things: 1}}}
		whole, wholeErr := query.Compile(text, w.catalog(), w.like())
		if err != nil || wholeErr != nil {
			t.Fatal(err, wholeErr)
		}
		if got := given(cut); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", text, got, want)
		}
		if got := given(whole); got != want {
			t.Errorf("over the union: %s:\n%s\nwant\n%s", text, got, want)
		}
	}
}

// fleetOfLinks is a catalogue of links whose samples differ, and hosts that have them.
func fleetOfLinks(samples map[string][][]link) (*query.Catalog, query.Ask) {
	union := func(names ...string) *query.Catalog {
		u := &query.Union{Name: "every host", Scope: query.MachineScope, Columns: []query.MemberColumn{
			{Column: schema.Column{Name: "host", Type: schema.Of(schema.Text)}, Identifies: true}},
			Members: func(context.Context, query.State, func(string)) (list []query.Member, err error) {
				for _, name := range names {
					list = append(list, query.Member{Name: name, Value: func(string) any { return name },
						Open: func() (query.State, error) { return someState{}, nil }})
				}
				return list, nil
			}}
		return u.Catalog(linkCatalog(samples[names[0]]...))
	}
	var hosts []querytest.Host
	for _, name := range []string{"a", "b"} {
		hosts = append(hosts, querytest.Host{Name: name, Catalog: union(name),
			State: func() query.State { return someState{} }})
	}
	return union("a", "b"), querytest.Ask(hosts)
}

// TestCutSamples: hosts compare their own samples: in a watch from tick to tick, else two that each takes.
func TestCutSamples(t *testing.T) {
	for text, want := range map[string]string{
		"links | select host, delta(bytes) | watch 1s":                `"a" null,"b" null | "a" 10,"b" 7 | "a" 5,"b" 0`,
		"links | stats delta(sum(bytes)) | watch 1s":                  "null | 17 | 5",
		"links | stats sum(delta(bytes)) | watch 1s":                  "null | 17 | 5",
		"links | sort delta(bytes) | select name | watch 1s":          `"x","y" | "y","x" | "y","x"`,
		"links | limit 1 | select delta(bytes) | watch 1s":            "null | 10 | 5",
		"links | join links on name | select delta(bytes) | watch 1s": "null,null | 5,0 | 0,0", // read twice each time
		"links | select host, delta(bytes)":                           `"a" 10,"b" 7`,
		"links | stats spark(sum(bytes)) | watch 1s":                  "[101] | [101,118] | [101,118,123]",
	} {
		synctest.Test(t, func(t *testing.T) {
			catalog, ask := fleetOfLinks(map[string][][]link{
				"a": {{{name: "x", bytes: 100}}, {{name: "x", bytes: 110}}, {{name: "x", bytes: 115}}},
				"b": {{{name: "y", bytes: 1}}, {{name: "y", bytes: 8}}, {{name: "y", bytes: 8}}},
			})
			plan, err := query.CompileCut(text, catalog, someState{}, ask)
			if err != nil {
				t.Fatal(err)
			}
			samples := 1
			if plan.Watch() != nil {
				samples = 3
			}
			var all []string
			for range samples {
				all = append(all, strings.ReplaceAll(given(plan), "\n", ","))
				time.Sleep(time.Second)
			}
			if got := strings.Join(all, " | "); got != want {
				t.Errorf("%s: cut in %s\ngives %s\nwant  %s", text, plan.Explain(), got, want)
			}
		})
	}
}

// TestCutIdentity: rows of a watch are found again by what identifies them on their hosts, though that is not selected.
func TestCutIdentity(t *testing.T) {
	plan, err := compileCut("conns | select process | watch 1s", machines())
	if err != nil {
		t.Fatal(err)
	}
	var seen []string
	for range 2 {
		var ids []string
		for row, err := range plan.Rows(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, schema.Format(plan.Schema().Identity[0].Get(row)))
		}
		seen = append(seen, strings.Join(ids, " "))
		if slices.Sort(ids); len(ids) != len(conns) || len(slices.Compact(ids)) != len(conns) {
			t.Errorf("%d rows have the identities %q", len(conns), ids)
		}
	}
	if seen[0] != seen[1] {
		t.Errorf("rows are others in the next sample: %q, %q", seen[0], seen[1])
	}
}

// TestCompileLocal: a column that a host does not have is nil; a query that it does not understand is an error.
func TestCompileLocal(t *testing.T) {
	all := machines()
	plan, columns, err := query.CompileLocal("conns | limit 1", []string{"process", "newer", "host"},
		catalogOf(all[:1]),
		all[0])
	if err != nil || len(columns) != 3 || columns[1] != nil {
		t.Fatalf("%v, %v", columns, err)
	}
	for row := range plan.RowsInTurn(t.Context()) {
		if columns[0].Get(row) != "sshd" || columns[2].Get(row) != "a" {
			t.Errorf("%v, %v", columns[0].Get(row), columns[2].Get(row))
		}
	}
	if _, _, err := query.CompileLocal("conns newer == 1", nil, catalogOf(all[:1]), all[0]); err == nil {
		t.Error("an unknown column is none to a host")
	}
}

// TestCutNamed: a host need not know the named queries of the one who asks.
func TestCutNamed(t *testing.T) {
	all := machines()
	const definitions = "def slow(limit = 1ms) = conns rtt > $limit\ndef users = slow(2ms) | count by process"
	catalog := catalogOf(all)
	catalog.Named = namedCatalog("", definitions).Named
	plan, err := query.CompileCut("users | join (slow) on process | select process, count, id | sort id", catalog,
		someState{}, askMachines(all))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := given(plan), "\"nginx\" 2 2\n\"nginx\" 2 3"; got != want {
		t.Errorf("%s\ngives %s\nwant %s", plan.Cut(), got, want)
	}
}
