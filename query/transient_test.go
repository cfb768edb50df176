package query_test

import (
	"context"
	"iter"
	"reflect"
	"testing"

	"netql/query"
	"netql/query/schema"
)

// reusing is a scan that uses one row for all where it may. Behind the last row there is nothing left in it.
type reusing struct {
	query.Scan[flow]
	request query.Request
	reused  *bool // says that it did
}

func (s reusing) Rows(ctx context.Context) iter.Seq2[*flow, error] {
	if !s.request.Reuse() {
		return s.Scan.Rows(ctx)
	}
	*s.reused = true
	return func(yield func(*flow, error) bool) {
		var only flow
		for row, err := range s.Scan.Rows(ctx) {
			if err == nil {
				only = *row
			}
			if !yield(&only, err) {
				break
			}
			only = flow{}
		}
	}
}

// reusingCatalog is exampleCatalog with sockets that share the memory of one row where they may.
func reusingCatalog(reused *bool) *query.Catalog {
	source := &endless{rows: exampleRows}
	table := func(rows query.Scan[flow]) func() *query.Table {
		return func() *query.Table {
			return query.Define(query.Spec[flow]{
				Doc: "x.", Columns: source.columns(), Shown: []string{"lport", "state", "pid"}, Key: []string{"pid"},
				Scan: func(r query.Request) query.Scan[flow] { return reusing{rows, r, reused} },
			})
		}
	}
	services := query.Define(query.Spec[service]{
		Doc: "x.", Columns: serviceColumns(), Shown: []string{"port"}, Key: []string{"port"},
		Scan: func(query.Request) query.Scan[service] { return serviceScan{} },
	})
	return query.NewCatalog([]query.Declaration{
		{"sockets", table(source), nil}, declare("services", services),
	})
}

// TestRowsInTurn: a reader that reads each row at once gets the same answer whether rows share memory or not, from
// every stage, alone and behind others.
func TestRowsInTurn(t *testing.T) {
	tests := map[string]bool{ // whether rows share memory
		"sockets": true,
		"sockets state == LISTEN | select pid, port = lport | drop port | limit 3": true,
		"sockets | count by state | join (sockets | count by state) on state":      true,
		"sockets | group by state: sum(pid), max(rtt), list(process)":              true,
		"sockets | extend twice = 2 * pid | where twice > 3":                       false,
		"sockets | extend twice = 2 * pid | group by state: sum(twice)":            false,
		"sockets | sort pid desc":                                  false,
		"sockets | top 3 by pid":                                   false,
		"sockets | distinct state":                                 false,
		"services | join sockets on port == lport":                 false,
		"services | count by port | join sockets on port == lport": false,
	}
	for text, want := range tests {
		if reused := sameInTurn(t, text); reused != want {
			t.Errorf("%s: rows share memory: %v, want %v", text, reused, want)
		}
	}
	for _, kind := range query.Language {
		if kind.Example != "sockets | follow" && givesRows(t, kind) {
			sameInTurn(t, kind.Example)
		}
	}
}

// TestOnlyMemberInTurn: rows of a union share memory where it has one member alone, whose rows nothing reads ahead.
func TestOnlyMemberInTurn(t *testing.T) {
	one := func(catalog *query.Catalog) *query.Catalog { return unionOf(1, catalog) }
	for text, want := range map[string]bool{
		"sockets": true, "sockets | count by state": true, "sockets | sort pid desc": false,
	} {
		if reused := sameIn(t, text, one); reused != want {
			t.Errorf("%s: rows share memory: %v, want %v", text, reused, want)
		}
	}
	var reused bool
	plan, err := query.Compile("sockets", unionOf(2, reusingCatalog(&reused)), someState{})
	if err != nil {
		t.Fatal(err)
	}
	if rows := valuesOf(t, plan, plan.RowsInTurn(t.Context())); len(rows) == 0 || reused {
		t.Errorf("two members: %d rows, which share memory: %v", len(rows), reused)
	}
}

// unionOf has the rows of a catalogue once for each of some members.
func unionOf(members int, catalog *query.Catalog) *query.Catalog {
	union := &query.Union{
		Name: "every member",
		Columns: []query.MemberColumn{{Column: schema.Column{Name: "member", Type: schema.Of(schema.Int)},
			Identifies: true}},
		Members: func(context.Context, query.State, func(string)) (list []query.Member, err error) {
			for i := range members {
				list = append(list, query.Member{
					Name: "one", Value: func(string) any { return i },
					Open: func() (query.State, error) { return someState{}, nil },
				})
			}
			return list, nil
		},
	}
	return union.Catalog(catalog)
}

// sameInTurn compares the rows of a query, and says whether they shared memory.
func sameInTurn(t *testing.T, text string) bool {
	t.Helper()
	return sameIn(t, text, func(catalog *query.Catalog) *query.Catalog { return catalog })
}

// sameIn is sameInTurn for what is made of the catalogue.
func sameIn(t *testing.T, text string, of func(*query.Catalog) *query.Catalog) (reused bool) {
	t.Helper()
	compile := func(catalog *query.Catalog) *query.Plan {
		plan, err := query.Compile(text, catalog, someState{})
		if err != nil {
			t.Fatal(show(err, text))
		}
		return plan
	}
	plan, other := compile(of(reusingCatalog(&reused))), compile(of(exampleCatalog()))
	got := valuesOf(t, plan, plan.RowsInTurn(t.Context()))
	if want := valuesOf(t, other, other.Rows(t.Context())); !reflect.DeepEqual(got, want) {
		t.Errorf("%s: %v, want %v", text, got, want)
	}
	return reused
}

// valuesOf reads each row before the next one.
func valuesOf(t *testing.T, plan *query.Plan, rows query.Rows) (values [][]string) {
	t.Helper()
	for row, err := range rows {
		if err != nil {
			t.Fatal(err)
		}
		var line []string
		for _, c := range plan.Schema().Visible() {
			line = append(line, schema.Format(c.Get(row)))
		}
		values = append(values, line)
	}
	return values
}
