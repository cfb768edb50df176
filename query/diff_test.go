package query_test

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"netql/query"
	"netql/query/schema"
)

// item is a row of the tables that are compared.
type item struct {
	id    any
	name  string
	state any
	size  int
}

type items []item

func (items) String() string { return "made up" }

func (list items) Rows(context.Context) iter.Seq2[*item, error] {
	return func(yield func(*item, error) bool) {
		for _, i := range list {
			if !yield(&i, nil) {
				return
			}
		}
	}
}

func (items) Port(string) (int, bool) { return 0, false }

// itemCatalog has one table, of which id is the key, size a gauge and age a counter.
func itemCatalog() *query.Catalog {
	return one("items", query.Define(query.Spec[item]{
		Columns: []query.Column[item]{
			query.Opt("id", "", func(i *item) (int, bool) { return as[int](i.id) }),
			query.Col("name", "", func(i *item) string { return i.name }),
			query.Opt("state", "", func(i *item) (string, bool) { return as[string](i.state) }),
			query.Col("size", "", func(i *item) int { return i.size }).In(schema.Bytes).Gauge(),
			query.Col("limit", "", func(i *item) int { return i.size * 2 }).In(schema.Bytes),
			query.Col("age", "", func(i *item) int { return i.size * 3 }).Counter(),
		},
		Shown: []string{"name", "size"}, Key: []string{"id"},
		Scan: func(r query.Request) query.Scan[item] { return r.State.(items) },
	}))
}

// TestLeftOut: rows that are there because somebody asks, those that come and go with others, and changes that come by
// themselves, are left out and counted, unless all are asked for.
func TestLeftOut(t *testing.T) {
	catalog := one("items", query.Define(query.Spec[item]{
		Columns: []query.Column[item]{
			query.Opt("id", "", func(i *item) (int, bool) { return as[int](i.id) }),
			query.Col("name", "", func(i *item) string { return i.name }).Explains(),
			query.Opt("state", "", func(i *item) (string, bool) { return as[string](i.state) }).
				ByItself(func(old, new any) bool { return old == "warm" && new == "cold" }),
			query.Col("size", "", func(i *item) int { return i.size }),
		},
		Shown: []string{"name", "size"}, Key: []string{"id"},
		Own:         func(_ query.State, i *item) bool { return i.name == "netql" },
		Accompanies: func(i *item) bool { return i.name == "mate" },
		Scan:        func(r query.Request) query.Scan[item] { return r.State.(items) },
	}))
	old := items{{1, "a", "warm", 1}, {2, "b", "warm", 1}, {3, "c", "cold", 1}, {4, "netql", "warm", 1},
		{6, "mate", "warm", 1}, {7, "mate", "warm", 1}}
	now := items{{1, "a", "cold", 1}, {2, "b", "cold", 2}, {3, "c", "warm", 1}, {5, "netql", "warm", 1},
		{7, "mate", "warm", 2}, {8, "mate", "warm", 1}}
	for _, test := range []struct {
		text string
		all  bool
		want string
		left query.LeftOut
	}{
		{"items | select *", false, "changed [2 2], changed [1 3], changed [2 7]",
			query.LeftOut{Own: 2, Accompanying: 2, ByItself: 2}},
		{"items | select *", true, "changed [1 1], changed [2 2], changed [1 3], gone [1 4], new [1 5], gone [1 6], " +
			"changed [2 7], new [1 8]", query.LeftOut{}},
		{"items | count by name", false, "", query.LeftOut{}},
	} {
		c, err := query.CompareQuery(test.text, catalog, old, now, false)
		if err != nil {
			t.Fatal(err)
		}
		c.All = test.all
		var got []string
		for change, err := range c.Changes(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, fmt.Sprint(change.Kind, " ", change.Values))
		}
		if text := strings.Join(got, ", "); text != test.want || c.LeftOut() != test.left {
			t.Errorf("%s: %s %v, want %s %v", test.text, text, c.LeftOut(), test.want, test.left)
		}
	}
}

// TestDiff: what is new, gone and changed by key, in the order of the keys; NULL is a value; rows without a key are
// counted.
func TestDiff(t *testing.T) {
	old := []item{{3, "c", "up", 1}, {1, "a b", "up", 1}, {2, "b", nil, 1}, {nil, "x", "up", 1}, {nil, "x", "up", 1}}
	now := []item{{2, "b", "up", 1}, {1, "a b", "up", 5}, {10, "d=e", "up", 1}, {nil, "x", "up", 1}}
	for _, test := range []struct {
		text     string
		counters bool
		want     []string
	}{
		{"items | select *", false, []string{
			`changed id=1 [name="a b"] limit 2 10`, "changed id=2 [name=b] state <nil> up",
			"gone id=3 [name=c]  <nil> <nil>", `new id=10 [name="d=e"]  <nil> <nil>`,
			"gone  #2 [name=x]  <nil> <nil>",
		}},
		{"items | select *", true, []string{
			`changed id=1 [name="a b"] size 1 5`, `changed id=1 [name="a b"] limit 2 10`,
			`changed id=1 [name="a b"] age 3 15`, "changed id=2 [name=b] state <nil> up",
			"gone id=3 [name=c]  <nil> <nil>", `new id=10 [name="d=e"]  <nil> <nil>`, "gone  #2 [name=x]  <nil> <nil>",
		}},
		{"items id < 3 // a comment", true, []string{`changed id=1 [name="a b"] size 1 5`}},
		{"items id < 3", false, nil},
		{"items id != nil | select id, state", false,
			[]string{"changed id=2 [state=up] state <nil> up", "gone id=3 [state=up]  <nil> <nil>",
				"new id=10 [state=up]  <nil> <nil>"}},
		{"items | select state", false, []string{"gone  []  <nil> <nil>"}},
		{"items | count by state", false, []string{"gone count=1 []  <nil> <nil>"}},
		{"items id == 1 | select id = size", false, []string{"gone id=1 []  <nil> <nil>", "new id=5 []  <nil> <nil>"}},
	} {
		c, err := query.CompareQuery(test.text, itemCatalog(), items(old), items(now), test.counters)
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
			continue
		}
		var got []string
		for change, err := range c.Differences(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, fmt.Sprintf("%s %s [%s] %s %v %v", change.Kind, change.Key, change.Row, change.Column,
				change.Old, change.New))
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s:\n%s\nwant\n%s", test.text, strings.Join(got, "\n"), strings.Join(test.want, "\n"))
		}
	}
	if _, err := query.CompareQuery("items | select nothing", itemCatalog(), items{}, items{}, false); err == nil {
		t.Error("a wrong query is compared")
	}
}
