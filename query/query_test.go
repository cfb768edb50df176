package query_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"iter"
	"net/netip"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"netql/query"
	"netql/query/expression"
	"netql/query/schema"
	"netql/query/syntax"
)

var update = flag.Bool("update", false, "write what the queries give now into testdata")

// conn is the record of the test table; a zero number is NULL.
type conn struct {
	id      int
	state   string
	raddr   string
	rport   int
	process string
	rtt     time.Duration
	bytes   int
	segs    int
	lost    int
	flags   []string
}

var conns = []conn{
	{1, "LISTEN", "", 0, "sshd", 0, 0, 0, 0, []string{"UP"}},
	{2, "ESTABLISHED", "10.0.0.9", 443, "nginx", 4 * time.Millisecond, 1000, 10, 1, nil},
	{3, "ESTABLISHED", "10.0.0.10", 443, "nginx", 8 * time.Millisecond, 3000, 20, 0, []string{"UP", "LOOPBACK"}},
	{4, "ESTABLISHED", "2001:db8::1", 22, "ssh", 2 * time.Millisecond, 500, 4, 2, nil},
	{5, "TIME_WAIT", "10.0.0.9", 443, "", 0, 0, 0, 0, nil},
	{6, "TIME_WAIT", "10.0.0.10", 80, "", 0, 0, 0, 0, nil},
	{7, "CLOSE_WAIT", "fe80::1%eth0", 80, "curl", time.Millisecond, 1 << 20, 100, 0, nil},
}

var connStates = schema.NewVocabulary(
	schema.Word{Name: "LISTEN"}, schema.Word{Name: "ESTABLISHED", Aliases: []string{"ESTAB"}},
	schema.Word{Name: "CLOSE_WAIT"}, schema.Word{Name: "TIME_WAIT", Aliases: []string{"TIMED_WAIT"}},
)

// scanned counts what the last scan was asked for and how far it was read. Members of a union are read at the same
// time.
type scanned struct {
	rows   atomic.Int64
	closed atomic.Bool
	costly atomic.Int64
}

type connScan struct {
	request query.Request
	log     *scanned
}

// String tells the states that can be wanted, as the socket table does.
func (s connScan) String() string {
	var names []string
	for _, word := range connStates.Words() {
		if s.request.Where.May(func(column string) (any, bool) { return word.Name, column == "state" }) {
			names = append(names, word.Name)
		}
	}
	return strings.Join(names, "+")
}

// conns are those of the machine that is asked; without one, all.
func (s connScan) conns() []conn {
	if m, ok := s.request.State.(*machine); ok {
		return m.conns
	}
	return conns
}

func (s connScan) Rows(ctx context.Context) iter.Seq2[*conn, error] {
	return func(yield func(*conn, error) bool) {
		defer func() { s.log.closed.Store(true) }()
		conns := s.conns()
		for i := range conns {
			if ctx.Err() != nil {
				yield(nil, ctx.Err())
				return
			}
			if !s.request.Where.May(func(column string) (any, bool) { return conns[i].state, column == "state" }) {
				continue
			}
			s.log.rows.Add(1)
			if !yield(&conns[i], nil) {
				return
			}
		}
	}
}

// as is a value that may be nil, which is NULL.
func as[V any](v any) (V, bool) {
	value, ok := v.(V)
	return value, ok
}

// declare is a table that is there already.
func declare(name string, t *query.Table) query.Declaration {
	return query.Declaration{Name: name, Table: func() *query.Table { return t }}
}

// one is a catalogue of one table.
func one(name string, t *query.Table) *query.Catalog {
	return query.NewCatalog([]query.Declaration{declare(name, t)})
}

// someState knows one service.
type someState struct{}

func (someState) Port(name string) (int, bool) { return 22, name == "ssh" }

func catalog(log *scanned) *query.Catalog {
	return query.NewCatalog([]query.Declaration{connTable(log)}, functions()...)
}

func functions() []query.Function {
	return []query.Function{{
		Function: expression.Function{
			Name: "service", Params: []expression.Param{{Name: "port", Kinds: []schema.Kind{schema.Port}}},
			Result: schema.Of(schema.Text),
		},
		Call: func(_ context.Context, _ query.State, a []any) (any, error) {
			return fmt.Sprintf("service-%d", a[0]), nil
		},
	}}
}

func connTable(log *scanned) query.Declaration { return declare("conns", query.Define(connSpec(log))) }

func connSpec(log *scanned) query.Spec[conn] {
	return query.Spec[conn]{
		Doc: "A connection.", Shown: []string{"id", "state", "raddr", "rport"}, Key: []string{"id"},
		Columns: []query.Column[conn]{
			query.Col("id", "x.", func(c *conn) int { return c.id }),
			query.Enum("state", "x.", connStates, func(c *conn) string { return c.state }),
			query.Col("raddr", "x.", func(c *conn) netip.Addr { addr, _ := netip.ParseAddr(c.raddr); return addr }),
			query.Col("rport", "x.", func(c *conn) query.Port { return query.Port(c.rport) }),
			query.NonZero("process", "x.", func(c *conn) string { log.costly.Add(1); return c.process }).Costly(),
			query.NonZero("rtt", "x.", func(c *conn) time.Duration { return c.rtt }),
			query.NonZero("bytes", "x.", func(c *conn) int { return c.bytes }).In(schema.Bytes),
			query.NonZero("segs", "x.", func(c *conn) int { return c.segs }).In(schema.Segments),
			query.Col("lost", "x.", func(c *conn) int { return c.lost }).In(schema.Segments),
			query.Flags("flags", "x.", schema.Words("UP", "LOOPBACK"), func(c *conn) []string { return c.flags }),
		},
		Scan: func(r query.Request) query.Scan[conn] { return connScan{r, log} },
	}
}

// answer runs a query and writes it as its columns and rows, or its error.
func answer(text string) string {
	plan, err := query.Compile(text, catalog(&scanned{}), someState{})
	if err != nil {
		return show(err, text)
	}
	var b strings.Builder
	columns := plan.Schema().Visible()
	for i, c := range columns {
		fmt.Fprintf(&b, "%s%s", separator(i), c.Name)
	}
	b.WriteByte('\n')
	for row, err := range plan.Rows(context.Background()) {
		if err != nil {
			return err.Error()
		}
		for i, c := range columns {
			value := c.Get(row)
			text := schema.Format(value)
			if value == nil {
				text = "-"
			}
			fmt.Fprintf(&b, "%s%s", separator(i), text)
		}
		b.WriteByte('\n')
	}
	for _, warning := range plan.Warnings() {
		b.WriteString("warning: " + warning + "\n")
	}
	return b.String()
}

func separator(i int) string {
	if i == 0 {
		return ""
	}
	return " "
}

func show(err error, text string) string {
	var wrong *syntax.Error
	if errors.As(err, &wrong) {
		return wrong.Show(text) + "\n"
	}
	return "NO PLACE: " + err.Error() + "\n"
}

func explain(text string) string {
	plan, err := query.Compile(text, catalog(&scanned{}), someState{})
	if err != nil {
		return show(err, text)
	}
	return plan.Query() + "\n" + plan.Explain() + "\n"
}

// TestLimitClosesSource: rows that nobody wants are not read, and the source is closed at once.
func TestLimitClosesSource(t *testing.T) {
	log := &scanned{}
	plan, err := query.Compile("conns state == ESTAB | select id | limit 2", catalog(log), someState{})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, err := range plan.Rows(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != 2 || log.rows.Load() != 2 || !log.closed.Load() {
		t.Errorf("%d rows, the source read %d, closed %v", n, log.rows.Load(), log.closed.Load())
	}
}

// TestCostlyColumnsAreReadLate: a costly column behind a sort and a limit is read for the rows that are left.
func TestCostlyColumnsAreReadLate(t *testing.T) {
	log := &scanned{}
	plan, err := query.Compile("conns | sort rtt | limit 2 | select process", catalog(log), someState{})
	if err != nil {
		t.Fatal(err)
	}
	process := plan.Schema().Visible()[0]
	for row, err := range plan.Rows(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		process.Get(row)
	}
	if log.costly.Load() != 2 {
		t.Errorf("process was read %d times, want 2", log.costly.Load())
	}
}

func TestCancelled(t *testing.T) {
	for _, text := range []string{"conns", "conns | sort id", "conns | count by state", "conns | top 2 by id"} {
		plan, err := query.Compile(text, catalog(&scanned{}), someState{})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		var last error
		for _, err := range plan.Rows(ctx) {
			last = err
		}
		if !errors.Is(last, context.Canceled) {
			t.Errorf("%s: ends with %v", text, last)
		}
	}
}

// TestHints: what is pushed into the scan never changes the answer.
func TestHints(t *testing.T) {
	data, err := os.ReadFile("testdata/answers.txt")
	if err != nil {
		t.Fatal(err)
	}
	count := func(text string, compile compiler) string {
		plan, err := compile(text, catalog(&scanned{}), someState{})
		if err != nil {
			t.Fatalf("testdata/answers.txt: %s: %v (what is no query belongs into errors.txt)", text, err)
		}
		var rows []string
		for row := range plan.Rows(context.Background()) {
			var cells []string
			for _, c := range plan.Schema().Visible() {
				cells = append(cells, schema.Format(c.Get(row)))
			}
			rows = append(rows, strings.Join(cells, " "))
		}
		return strings.Join(rows, "\n")
	}
	for _, block := range goldenBlocks(string(data)) {
		text := block.query
		hinted := count(text, query.Compile)
		if plain := count(text, query.CompileUnhinted); plain != hinted {
			t.Errorf("%s: with hints\n%s\nwithout\n%s", text, hinted, plain)
		}
	}
}

// FuzzCompile: no text makes the compiler or the engine panic, every error has its place in the text, and what compiles
// has a canonical text that compiles to the same plan.
func FuzzCompile(f *testing.F) {
	f.Add("conns|A\x95\x95(0") // bytes that are no characters, in a word that is written small
	for _, name := range []string{"testdata/answers.txt", "testdata/errors.txt", "testdata/explain.txt"} {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, block := range goldenBlocks(string(data)) {
			f.Add(block.query)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		plan, err := query.Compile(text, catalog(&scanned{}), someState{})
		if err != nil {
			var wrong *syntax.Error
			if !errors.As(err, &wrong) {
				t.Fatalf("%q: error without a place: %v", text, err)
			}
			if r := wrong.Range; r.Start < 0 || r.End < r.Start || r.End > max(len(text), syntax.MaxLength) {
				t.Fatalf("%q: range %v", text, r)
			}
			wrong.Show(text)
			return
		}
		again, err := query.Compile(plan.Query(), catalog(&scanned{}), someState{})
		if err != nil {
			t.Fatalf("%q: its canonical text %q does not compile: %v", text, plan.Query(), err)
		}
		if again.Query() != plan.Query() || again.Explain() != plan.Explain() {
			t.Fatalf("%q: canonical text %q gives\n%s\n%s\nwant\n%s", text, plan.Query(), again.Query(),
				again.Explain(), plan.Explain())
		}
		for row, err := range plan.Rows(context.Background()) {
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range plan.Schema().Visible() {
				schema.AppendJSON(nil, c.Get(row))
			}
		}
	})
}
