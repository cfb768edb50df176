package query_test

import (
	"context"
	"errors"
	"iter"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"netql/query"
	"netql/query/schema"
	"netql/query/syntax"
)

// endless is a table that takes no notice of the context it is read with, so that only the engine can end a query over
// it. It is cancelled from within, at one of these places.
type endless struct {
	place  string
	rows   int // 0: without an end
	cancel func()
	plan   *query.Plan

	padding int         // how many bytes larger a row is
	at      func(n int) // called with the number of each row; nil for nothing

	pulled, looked atomic.Int32 // rows, and values of columns
	pulledAtTheEnd int32
	cancelled      atomic.Bool
}

// placesToCancel are where a query may be when nobody waits for it any more.
const (
	whileReading   = "while rows are read"
	whileComputing = "while columns are computed"
	afterTheLast   = "after the last row was read"
	whenHandedOn   = "when the first row has arrived"
)

// enough ends the query, and waits until the plan knows it.
func (e *endless) enough() {
	if e.cancelled.Swap(true) {
		return
	}
	e.cancel()
	for !e.plan.Stopped() {
		runtime.Gosched()
	}
	e.pulledAtTheEnd = e.pulled.Load()
}

// flow is a row of it.
type flow struct {
	n       int
	of      *endless
	padding []byte
}

// look is called by all columns.
func (f *flow) look() int {
	if f.of.looked.Add(1) == 5 && f.of.place == whileComputing {
		f.of.enough()
	}
	return f.n
}

// next makes a row.
func (e *endless) next() *flow {
	n := int(e.pulled.Add(1))
	if n == 5 && e.place == whileReading {
		e.enough()
	}
	if e.at != nil {
		e.at(n)
	}
	return &flow{n, e, make([]byte, e.padding)}
}

func (*endless) String() string { return "without an end" }

func (e *endless) Rows(context.Context) iter.Seq2[*flow, error] {
	return func(yield func(*flow, error) bool) {
		for i := 0; e.rows == 0 || i < e.rows; i++ {
			if !yield(e.next(), nil) {
				break
			}
		}
		if e.place == afterTheLast {
			e.enough()
		}
	}
}

func (e *endless) Events(ctx context.Context) iter.Seq2[query.Event[flow], error] {
	return func(yield func(query.Event[flow], error) bool) {
		for row := range e.Rows(ctx) {
			if !yield(query.Event[flow]{Kind: "new", Row: row}, nil) {
				return
			}
		}
	}
}

// columns are those that the stages' examples name.
func (e *endless) columns() []query.Column[flow] {
	states := schema.Words("LISTEN", "SYN_SENT")
	return []query.Column[flow]{
		query.Col("lport", "x.", func(f *flow) query.Port { return query.Port(f.look()) }),
		query.Col("proto", "x.", func(f *flow) string { f.look(); return "tcp" }),
		query.Enum("state", "x.", states, func(f *flow) string { return states.Words()[f.look()%2].Name }),
		query.Col("process", "x.", func(f *flow) string { return string(rune('a' + f.look()%10)) }),
		query.Col("pid", "x.", (*flow).look),
		query.Col("local", "x.", (*flow).look),
		query.Col("raddr", "x.", (*flow).look),
		query.Col("total_retrans", "x.", (*flow).look),
		query.Col("segs_out", "x.", (*flow).look),
		query.Col("rtt", "x.", func(f *flow) time.Duration { return time.Duration(f.look()) }),
		query.Col("last_data_recv", "x.", func(f *flow) time.Duration { return time.Duration(f.look()) }),
	}
}

// service is a row of a small table beside it.
type service struct{ port int }

type serviceScan struct{}

func (serviceScan) String() string { return "three" }

func (serviceScan) Rows(context.Context) iter.Seq2[*service, error] {
	return func(yield func(*service, error) bool) {
		for port := 1; port <= 3 && yield(&service{port}, nil); port++ {
		}
	}
}

func serviceColumns() []query.Column[service] {
	return []query.Column[service]{
		query.Col("port", "x.", func(s *service) query.Port { return query.Port(s.port) }),
		query.Col("proto", "x.", func(*service) string { return "tcp" }),
	}
}

func (e *endless) catalog() *query.Catalog {
	sockets := query.Define(query.Spec[flow]{
		Doc: "x.", Columns: e.columns(), Shown: []string{"lport", "state"}, Key: []string{"pid"},
		Scan:   func(query.Request) query.Scan[flow] { return e },
		Follow: func(query.Request) query.Follow[flow] { return e },
	})
	services := query.Define(query.Spec[service]{
		Doc: "x.", Shown: []string{"port"}, Key: []string{"port"}, Columns: serviceColumns(),
		Scan: func(query.Request) query.Scan[service] { return serviceScan{} },
	})
	return query.NewCatalog([]query.Declaration{declare("sockets", sockets), declare("services", services)})
}

// everywhere is the catalogue of a union whose members have such tables.
func (e *endless) everywhere() *query.Catalog {
	union := &query.Union{
		Name:    "every member",
		Columns: []query.MemberColumn{{Column: schema.Column{Name: "member"}, Identifies: true}},
		Members: func(context.Context, query.State, func(string)) ([]query.Member, error) {
			open := func() (query.State, error) { return someState{}, nil }
			member := query.Member{Value: func(string) any { return 1 }, Open: open}
			return []query.Member{member, member, member, member, member, member}, nil
		},
	}
	return union.Catalog(e.catalog())
}

// TestEveryStageEnds: wherever a query is when its context ends, it reads no more than the row it is at, hands on no
// more, and tells the cause. A stage that is added is held to it by its example.
func TestEveryStageEnds(t *testing.T) {
	queries := []string{
		"services | join sockets on port == lport", "sockets | select lport, d = delta(pid) | watch 1s",
	}
	for _, stage := range query.Language {
		if givesRows(t, stage) {
			queries = append(queries, stage.Example)
		}
	}
	for _, place := range []string{whileReading, whileComputing, afterTheLast, whenHandedOn} {
		for _, text := range queries {
			e := &endless{place: place}
			e.ends(t, text, e.catalog(), 1)
			const readAhead = 6 * 128 // rows that the readers of members have in hand
			if text != "sockets | follow" {
				e = &endless{place: place}
				e.ends(t, text, e.everywhere(), readAhead)
			}
		}
	}
}

// givesRows says whether the example of a stage can be used here; what it must be is at StageKind.Example.
func givesRows(t *testing.T, stage syntax.StageKind) bool {
	t.Helper()
	plan, err := query.Compile(stage.Example, exampleCatalog(), someState{})
	if err != nil {
		t.Errorf("stage %s: its Example (query/stages.go) does not compile over exampleCatalog "+
			"(query/pushdown_test.go):\n%s",
			stage.Name, show(err, stage.Example))
		return false
	}
	for _, err := range plan.Rows(t.Context()) {
		return err == nil
	}
	t.Errorf("stage %s: its Example gives no row of %d sockets; let it give one (query/stages.go): %s",
		stage.Name, exampleRows, stage.Example)
	return false
}

var errEnough = errors.New("enough")

// ends runs a query that reads at most so many more rows when it is cancelled.
func (e *endless) ends(t *testing.T, text string, catalog *query.Catalog, more int32) {
	t.Helper()
	if e.place == afterTheLast || e.place == whenHandedOn {
		e.rows = exampleRows
	}
	plan, err := query.Compile(text, catalog, someState{})
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	e.plan, e.cancel = plan, func() { cancel(errEnough) }
	var last error
	over := false
	for row, err := range plan.Rows(ctx) {
		if last = err; err != nil {
			continue
		}
		if over {
			t.Errorf("%s, cancelled %s: a row comes after", text, e.place)
		}
		if e.place == whenHandedOn {
			e.enough()
		}
		for _, column := range plan.Schema().Visible() {
			column.Get(row)
		}
		over = ctx.Err() != nil
	}
	if !e.cancelled.Load() || last != errEnough || e.pulled.Load() > e.pulledAtTheEnd+more {
		t.Errorf("%s, cancelled %s (%v): %d rows read, then %d more, ends with %v",
			text, e.place, e.cancelled.Load(), e.pulledAtTheEnd, e.pulled.Load()-e.pulledAtTheEnd, last)
	}
}
