package query_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"netql/query"
	"netql/query/schema"
)

// thing is a row of a table that each member has.
type thing struct {
	n     int
	place string
	house *house
}

// house is a member: it has so many things, and then perhaps fails.
type house struct {
	name    string
	things  int
	failure error
	fault   any // that it panics with, if not nil
	gone    bool
	locked  error

	used bool // two goroutines that use it at once are told by the race detector
	town *town
}

func (*house) Port(string) (int, bool) { return 0, false }

// town is a union of houses.
type town struct {
	houses  []house
	failure error // why no house could be found
	opened  atomic.Int32
	started atomic.Int32 // rows made
}

// tables are those of each house.
func tables() *query.Catalog {
	define := func(scope query.Scope) *query.Table {
		return query.Define(query.Spec[thing]{
			Doc: "x.", Shown: []string{"n"}, Key: []string{"n"}, Scope: scope,
			Columns: []query.Column[thing]{
				query.Col("n", "", func(x *thing) int { x.house.used = true; return x.n }).
					Counter().ChangesAs((*thing).change),
				query.Col("street", "", func(x *thing) string { return x.place }),
			},
			Scan:   func(r query.Request) query.Scan[thing] { return thingScan{r.State.(*house), r} },
			Events: "x.",
			Follow: func(r query.Request) query.Follow[thing] { return thingScan{r.State.(*house), r} },
		})
	}
	return query.NewCatalog([]query.Declaration{
		declare("things", define(query.NamespaceScope)), declare("clocks", define(query.MachineScope)),
	})
}

// change says what the declaration does not.
func (*thing) change() schema.Change { return schema.Gauge }

type thingScan struct {
	house   *house
	request query.Request
}

func (s thingScan) String() string { return "made up, where " + s.request.Where.String() }

func (s thingScan) Rows(ctx context.Context) iter.Seq2[*thing, error] {
	return func(yield func(*thing, error) bool) {
		for n := 1; n <= s.house.things; n++ {
			if ctx.Err() != nil {
				yield(nil, ctx.Err())
				return
			}
			s.house.used = true
			s.house.town.started.Add(1)
			if n == 1 && s.request.Columns["street"] {
				s.request.Warn("the street is dark")
			}
			if !yield(&thing{n, "high street of " + s.house.name, s.house}, nil) {
				return
			}
		}
		if s.house.fault != nil {
			panic(s.house.fault)
		}
		if s.house.failure != nil {
			yield(nil, s.house.failure)
		}
	}
}

// Events tell of each thing, and end with the failure.
func (s thingScan) Events(ctx context.Context) iter.Seq2[query.Event[thing], error] {
	return func(yield func(query.Event[thing], error) bool) {
		for x, err := range s.Rows(ctx) {
			if !yield(query.Event[thing]{Kind: "new", Row: x}, err) {
				return
			}
		}
	}
}

func (w *town) catalog() *query.Catalog {
	union := &query.Union{
		Name: "every house",
		Columns: []query.MemberColumn{
			{Column: schema.Column{Name: "house", Type: schema.Of(schema.Text)}, Identifies: true},
			{Column: schema.Column{Name: "street", Type: schema.Of(schema.Text)}},
			{Column: schema.Column{Name: "floors", Type: schema.Of(schema.Int)}},
		},
		Members: func(context.Context, query.State, func(string)) ([]query.Member, error) {
			return w.members(), w.failure
		},
	}
	return union.Catalog(tables())
}

func (w *town) members() (members []query.Member) {
	for _, h := range w.houses {
		h.town = w
		members = append(members, query.Member{
			Name:  "house " + h.name,
			Value: func(column string) any { return map[string]any{"house": h.name, "floors": len(h.name)}[column] },
			Open: func() (query.State, error) {
				w.opened.Add(1)
				if h.gone || h.locked != nil {
					return nil, h.locked
				}
				return &h, nil
			},
		})
	}
	return members
}

// like is the house that is asked of what is the same for all.
func (w *town) like() *house { return &house{name: "like", things: 1, town: w} }

// ask gives the rows of a query as text, and the warnings.
func (w *town) ask(t *testing.T, text string) string {
	t.Helper()
	plan, err := query.Compile(text, w.catalog(), w.like())
	answer := rowsOf(t, plan, err)
	for _, warning := range plan.Warnings() {
		answer += "\n! " + warning
	}
	return strings.ReplaceAll(answer, "\n", " / ")
}

func newTown() *town {
	return &town{houses: []house{{name: "b", things: 2}, {name: "ab", gone: true}, {name: "abc", things: 1}}}
}

func TestUnion(t *testing.T) {
	for text, want := range map[string]string{
		"things": "b 1 / b 2 / abc 1",
		"things | select n, floors, street": "1 1 high street of b / 2 1 high street of b / 1 3 high " +
			"street of abc / ! house b: the street is dark / ! house abc: the street is dark",
		"things house == 'abc'":                       "abc 1",
		"things | sort n desc, house":                 "b 2 / abc 1 / b 1",
		"things | count by house":                     "b 2 / abc 1",
		"things | limit 1":                            "b 1",
		"things floors > 1 | select n":                "1",
		"clocks":                                      "1",
		"things | join clocks on n | select house, n": "b 1 / abc 1",
		"clocks | join things on n | select house":    "b / abc",
		"things | join things on n, house | count":    "3",
	} {
		if got := newTown().ask(t, text); got != want {
			t.Errorf("%s:\n  %s\nwant\n  %s", text, got, want)
		}
	}
}

// TestUnionFailures: a house that is locked, or whose scan fails, costs a warning and not the other houses.
func TestUnionFailures(t *testing.T) {
	w := newTown()
	w.houses[0].failure = errors.New("the floor gave way")
	w.houses[1].locked = errors.New("no key")
	const want = "b 1 / b 2 / abc 1 / ! house b: the floor gave way / ! house ab: no key"
	if got := w.ask(t, "things"); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

// TestUnionUnreadable: where no house could be read there is an error, with warnings of the other houses. A house that
// is empty was read, and one that has gone was not there.
func TestUnionUnreadable(t *testing.T) {
	fire, flood, key := errors.New("fire"), errors.New("flood"), errors.New("no key")
	for _, test := range []struct {
		houses []house
		err    error
		want   string
	}{
		{[]house{{name: "a", failure: fire}, {name: "b", locked: key}, {name: "c", gone: true},
			{name: "d", failure: flood}}, fire, "house a: fire / house b: no key / house d: flood"},
		{[]house{{name: "a", failure: fire}, {name: "b"}}, nil, "house a: fire"},
		{[]house{{name: "a", failure: fire}, {name: "b", things: 1, failure: flood}}, nil,
			"house a: fire / house b: flood"},
		{[]house{{name: "a", gone: true}, {name: "b", gone: true}}, nil, ""},
		{nil, nil, ""},
	} {
		for _, text := range []string{"things", "things | sort n", "things | count"} {
			w := &town{houses: test.houses}
			plan, err := query.Compile(text, w.catalog(), w.like())
			if err != nil {
				t.Fatal(err)
			}
			var failure error
			for _, err := range plan.Rows(t.Context()) {
				failure = err
			}
			told := plan.Warnings()
			if failure != nil {
				told = append([]string{failure.Error()}, told...)
			}
			if got := strings.Join(told, " / "); got != test.want || !errors.Is(failure, test.err) {
				t.Errorf("%v, %s: %s, %v; want %s", test.houses, text, got, failure, test.want)
			}
		}
	}
}

// TestUnionUnfound: where no house could be found there is an error, and where there is none, nothing.
func TestUnionUnfound(t *testing.T) {
	fog := errors.New("fog")
	for _, text := range []string{"things", "things | count", "things house == 'b'", "things | follow"} {
		w := &town{failure: fog}
		plan, err := query.Compile(text, w.catalog(), w.like())
		if err != nil {
			t.Fatal(err)
		}
		var failure error
		for _, err := range plan.Rows(t.Context()) {
			failure = err
		}
		if !errors.Is(failure, fog) {
			t.Errorf("%s: %v", text, failure)
		}
	}
}

// TestUnionEventsEnd: where the events of all houses have ended by a failure there is an error, with a warning of each
// other one. The order is that in which they end.
func TestUnionEventsEnd(t *testing.T) {
	fire := errors.New("fire")
	w := &town{houses: []house{{name: "a", things: 2, failure: fire}, {name: "b", locked: fire},
		{name: "c", gone: true}}}
	plan, err := query.Compile("things | follow", w.catalog(), w.like())
	if err != nil {
		t.Fatal(err)
	}
	var failure error
	events := 0
	for _, err := range plan.Rows(t.Context()) {
		if failure = err; err == nil {
			events++
		}
	}
	if events != 2 || !errors.Is(failure, fire) || len(plan.Warnings()) == 0 {
		t.Errorf("%d events, %v, %q", events, failure, plan.Warnings())
	}
}

// TestUnionFault: a panic while a member is read is one of whoever reads the rows, who may be guarded against it.
func TestUnionFault(t *testing.T) {
	for _, text := range []string{"things", "things | follow"} {
		w := &town{houses: []house{{name: "a", things: 200}, {name: "b", things: 200, fault: "a fault"}}}
		plan, err := query.Compile(text, w.catalog(), w.like())
		if err != nil {
			t.Fatal(err)
		}
		fault := func() (fault any) {
			defer func() { fault = recover() }()
			for _, err := range plan.Rows(t.Context()) {
				if err != nil {
					t.Fatal(err)
				}
			}
			return nil
		}()
		what, where, _ := strings.Cut(fmt.Sprint(fault), "\n")
		if what != "a fault" || !strings.Contains(where, "thingScan") {
			t.Errorf("%s: %v", text, fault)
		}
	}
}

// TestUnionPushdown: houses that cannot be wanted are not opened, and what the members are asked leaves out what only
// the union knows.
func TestUnionPushdown(t *testing.T) {
	for text, want := range map[string]int32{"things house == 'abc'": 1, "things floors > 1": 2,
		"things house == 'b' or n == 1": 3, "things street == 'x'": 3, "things house == 'x'": 0, "clocks": 0} {
		w := newTown()
		w.ask(t, text)
		if got := w.opened.Load(); got != want {
			t.Errorf("%s: opened %d houses, want %d", text, got, want)
		}
	}
	w := newTown()
	plan, err := query.Compile("things house == 'b' and n == 1", w.catalog(), w.like())
	if err != nil {
		t.Fatal(err)
	}
	if got := plan.Explain(); !strings.HasPrefix(got,
		"scan things: made up, where (? and n == 1); in every house\n  reads house, n\n") || w.opened.Load() != 0 {
		t.Errorf("%s\n%d houses were opened", got, w.opened.Load())
	}
}

// TestUnionDeclaration: the key tells the rows of all members apart, and what tells members apart is shown first.
func TestUnionDeclaration(t *testing.T) {
	table, _ := newTown().catalog().Table("things")
	var names []string
	for _, c := range table.Columns {
		names = append(names, c.Name)
	}
	if got := fmt.Sprint(names, table.Shown, table.Key); got != "[house floors n street] [house n] [house n]" {
		t.Error(got)
	}
}

// TestUnionChange: a column that says of each row how it changes is asked for the member's own row.
func TestUnionChange(t *testing.T) {
	w := newTown()
	plan, err := query.Compile("things", w.catalog(), w.like())
	if err != nil {
		t.Fatal(err)
	}
	n, _ := plan.Schema().Column("n")
	for row, err := range plan.Rows(t.Context()) {
		if err != nil || n.ChangeFor(row) != schema.Gauge {
			t.Errorf("%v, %v", n.ChangeFor(row), err)
		}
	}
}

// TestUnionAhead: few houses are read ahead, each a little, and nothing goes on when nobody wants more.
func TestUnionAhead(t *testing.T) {
	goroutines := runtime.NumGoroutine()
	w := &town{}
	for i := range 100 {
		w.houses = append(w.houses, house{name: fmt.Sprint(i), things: 1 << 30})
	}
	if got := w.ask(t, "things | limit 1"); got != "0 1" {
		t.Error(got)
	}
	if opened, rows := w.opened.Load(), w.started.Load(); opened > 8 || rows > 8000 {
		t.Errorf("%d houses and %d rows were read for one", opened, rows)
	}
	ctx, cancel := context.WithCancel(t.Context())
	plan, err := query.Compile("things | count by house", w.catalog(), w.like())
	if err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(20*time.Millisecond, cancel)
	var failure error
	for _, err := range plan.Rows(ctx) {
		failure = err
	}
	if !errors.Is(failure, context.Canceled) || len(plan.Warnings()) > 0 {
		t.Errorf("%v, %q", failure, plan.Warnings())
	}
	for end := time.Now().Add(time.Minute); runtime.NumGoroutine() > goroutines; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), goroutines)
		}
	}
}
