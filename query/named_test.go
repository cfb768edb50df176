package query_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"netql/query"
	"netql/query/schema"
	"netql/query/syntax"
)

// namedCatalog has the tables of the stages' examples, and named queries from texts: the first for all users.
func namedCatalog(texts ...string) *query.Catalog {
	c := exampleCatalog()
	c.Named = &syntax.Definitions{
		Language: query.Language,
		Taken: func(name string) string {
			if name == "sockets" || name == "services" {
				return "a table"
			}
			return ""
		},
		Load: func() (sources []*syntax.Source) {
			for i, text := range texts {
				sources = append(sources, &syntax.Source{Name: []string{"shared.nq", "user.nq"}[i], Text: text,
					Shared: i == 0})
			}
			return sources
		},
	}
	return c
}

func goldenNamed(t testing.TB) *query.Catalog {
	var texts []string
	for _, name := range []string{"shared.nq", "user.nq"} {
		text, err := os.ReadFile("testdata/named/" + name)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	return namedCatalog(texts...)
}

// TestNamedGolden asks the named queries of testdata/named, and compares what they are expanded to, and what is wrong.
func TestNamedGolden(t *testing.T) {
	const file = "testdata/named.txt"
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	catalog := goldenNamed(t)
	var written bytes.Buffer
	for _, block := range goldenBlocks(string(data)) {
		got := ""
		if plan, err := query.Compile(block.query, catalog, someState{}); err != nil {
			got = show(err, block.query)
		} else {
			got = plan.Query() + "\n"
			if again, err := query.Compile(plan.Query(), exampleCatalog(), someState{}); err != nil {
				t.Errorf("%s: its expanded text %s: %v", block.query, plan.Query(), err)
			} else if again.Query() != plan.Query() || again.Explain() != plan.Explain() {
				t.Errorf("%s: is %s, and that is %s", block.query, plan.Query(), again.Query())
			}
		}
		if !*update && strings.TrimSpace(got) != strings.TrimSpace(block.gives) {
			t.Errorf("%s (go test ./query -update writes it anew): %s\ngives\n%s\nwant\n%s", file, block.query, got,
				block.gives)
		}
		fmt.Fprintf(&written, "> %s\n%s\n", block.query, got)
	}
	if *update {
		if err := os.WriteFile(file, written.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestNamedProblems: what is wrong in a file is told once, and does not spoil the rest.
func TestNamedProblems(t *testing.T) {
	var all []string
	for _, problem := range goldenNamed(t).Named.Problems() {
		all = append(all, problem.ShowWarning())
	}
	got := strings.Join(all, "\n") + "\n"
	const file = "testdata/named_problems.txt"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || got != string(want) {
		t.Errorf("%s: %v\ngot\n%s", file, err, got)
	}
}

// TestNamedUntouched: a query that names a table, or nothing that is known, reads no more than it has to.
func TestNamedUntouched(t *testing.T) {
	c := exampleCatalog()
	loads := 0
	c.Named = &syntax.Definitions{Language: query.Language, Load: func() []*syntax.Source {
		loads++
		return []*syntax.Source{{Name: "f", Text: "def a = sockets"}}
	}}
	for _, text := range []string{"sockets", "SOCKETS lport == 22 | join services on lport == port", "sockets |", ""} {
		query.Compile(text, c, someState{})
	}
	if loads != 0 || c.Named.Loaded() {
		t.Error("tables had named queries read")
	}
	for range 2 {
		if _, err := query.Compile("a | count", c, someState{}); err != nil || loads != 1 {
			t.Errorf("%v, read %d times", err, loads)
		}
	}
	if c.Named.Forget(); len(c.Named.Names()) != 1 || loads != 2 {
		t.Errorf("read %d times", loads)
	}
}

// TestIntervalOfSettings: a watch that names no interval has that of the settings, also in a named query.
func TestIntervalOfSettings(t *testing.T) {
	c := namedCatalog("def seen = sockets | watch")
	c.Interval, c.Named.Interval = 7*time.Second, 7*time.Second
	for text, want := range map[string]string{
		"seen": "sockets | watch 7s", "sockets | watch": "sockets | watch 7s",
		"sockets | watch 1s": "sockets | watch 1s",
	} {
		if plan, err := query.Compile(text, c, someState{}); err != nil || plan.Query() != want {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

// TestNamedEverywhere: the catalogue of all members knows what that of one knows.
func TestNamedEverywhere(t *testing.T) {
	one := namedCatalog("def seen = sockets | watch")
	one.Interval = 3 * time.Second
	table, _ := one.Table("sockets")
	table.ShowByDefault([]string{"PID", "rtt", "pid"})
	united := (&query.Union{Name: "all"}).Catalog(one)
	plan, err := query.Compile("sockets | watch", united, someState{})
	if err != nil || united.Named != one.Named || plan.Query() != "sockets | watch 3s" ||
		!strings.Contains(plan.Explain(), "\n  shows pid, rtt: set for sockets\n") {
		t.Errorf("%v %v", err, plan)
	}
	plan, err = query.Compile("services | join sockets on port == lport", one, someState{})
	if err != nil || !strings.Contains(plan.Explain(), "\n  shows pid, rtt: set for sockets\n") {
		t.Errorf("a joined table: %v", err)
	}
	for i, test := range []struct {
		chosen []string
		shown  string
	}{
		{[]string{"rtt", "Place", "pid"}, "house, rtt, place, pid"}, {[]string{"rtt"}, "house, place, rtt"},
		{[]string{"pid", "house"}, "place, pid, house"}, {[]string{"place"}, "house, place"},
	} {
		table.ShowByDefault(test.chosen)
		named := func(name string) *query.Union {
			return &query.Union{Columns: []query.MemberColumn{{Identifies: true,
				Column: schema.Column{Name: name, Type: schema.Of(schema.Text)}}}}
		}
		united := named("house").Catalog(named("place").Catalog(one))
		plan, err := query.Compile("sockets", united, someState{})
		if err != nil || !strings.Contains(plan.Explain(), "\n  shows "+test.shown+": set for sockets") {
			t.Errorf("%d: %v %s", i, err, plan.Explain())
		}
	}
	for _, text := range []string{"sockets | select pid", "sockets | count"} {
		if plan, err := query.Compile(text, one, someState{}); err != nil || strings.Contains(plan.Explain(), "shows") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// TestNamedBombs: named queries that double at each step, or have too many stages, are refused, and cost little.
func TestNamedBombs(t *testing.T) {
	var doubling, long strings.Builder
	doubling.WriteString("def a0(x) = sockets pid == $x\n")
	long.WriteString("def b0 = sockets" + strings.Repeat(" | limit 1", 150) + "\ndef b1 = b0" +
		strings.Repeat(" | limit 2", 60))
	for i := range 40 {
		fmt.Fprintf(&doubling, "def a%d(x) = a%d ($x + $x)\n", i+1, i)
	}
	for text, want := range map[string]string{"a40 1": "too large", "a9 1": "", "b1": "more than 200 stages",
		"b0": ""} {
		_, err := query.Compile(text, namedCatalog(doubling.String()+long.String()), someState{})
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

// TestManyDefinitions: whatever is in the files, reading them takes no time that a person notices.
func TestManyDefinitions(t *testing.T) {
	var lines strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&lines, "def a%d = t\n", i)
	}
	named := namedCatalog("", lines.String()).Named
	if n, problems := len(named.Names()), named.Problems(); n != 1000 || len(problems) != 1 ||
		!strings.Contains(problems[0].ShowWarning(), "user.nq:1001:") {
		t.Errorf("%d names, %v", n, problems)
	}
}

// FuzzNamed: the canonical text of a definition gives the same definition, and no text makes reading, using or showing
// one panic.
func FuzzNamed(f *testing.F) {
	for _, name := range []string{"shared.nq", "user.nq"} {
		text, err := os.ReadFile("testdata/named/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text), "22")
		f.Add("def x = sockets state == LISTEN & lport == $1", "22")
		for line := range strings.Lines(string(text)) {
			f.Add(line, "lport, 5ms | count")
		}
	}
	f.Fuzz(func(t *testing.T, text, arguments string) {
		c := namedCatalog("", text)
		for _, problem := range c.Named.Problems() {
			if problem.Hint == "" || problem.Incomplete || strings.Contains(problem.ShowWarning(), "\x1b") {
				t.Errorf("%q: %+v", text, problem)
			}
		}
		for _, d := range c.Named.All() {
			query.Compile(d.Name.String()+" "+arguments, c, someState{})
			if d.Problem() != nil {
				continue
			}
			again := namedCatalog("", d.String()).Named.Find(d.Name.Name)
			if again == nil || again.Problem() != nil || again.String() != d.String() {
				t.Errorf("%q: %s becomes %v", text, d, again)
			}
		}
	})
}

// TestEveryStageSubstitutes: where an expression stands in a stage, a parameter may stand, too. The others have names
// of columns and tables alone.
func TestEveryStageSubstitutes(t *testing.T) {
	names := []string{"drop", "follow"}
	for _, kind := range query.Language {
		q, err := query.Language.Parse(kind.Example)
		if err != nil {
			t.Fatal(err)
		}
		for _, stage := range q.Stages {
			_, ok := stage.Node.(syntax.Substitutable)
			switch onlyNames := slices.Contains(names, stage.Kind.Name); {
			case !ok && !onlyNames:
				t.Errorf("query/substitute.go lacks a method Substitute of the stage %s; if it has names alone, "+
					"list it in this test", stage.Kind.Name)
			case ok && onlyNames:
				t.Errorf("the stage %s has a method Substitute: take it out of the list of this test", stage.Kind.Name)
			}
		}
	}
}

// TestNamedMended: a stage of another language behind a named query is translated, too. The stages of that are in a
// file, and no part of the text that is mended.
func TestNamedMended(t *testing.T) {
	catalog := namedCatalog("", "def slowest(limit = 5ms) = sockets rtt > $limit | sort rtt")
	_, err := query.Compile("slowest 6ms | tail 5", catalog, someState{})
	wrong, ok := errors.AsType[*syntax.Error](err)
	const want = "sockets rtt > 6ms | sort rtt | sort rtt desc | limit 5"
	if !ok || wrong.Line != want {
		t.Errorf("%v: the line %q, want %q", err, wrong.Line, want)
	}
}
