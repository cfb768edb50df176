package query_test

import (
	"context"
	"fmt"
	"iter"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"netql/query"
	"netql/query/schema"
	"netql/query/syntax"
)

// exampleRows is how many rows the tables have over which the stages' examples run: more than limit 10 lets through.
const exampleRows = 24

// narrowedScan leaves out every row that the request's hint says nobody wants.
type narrowedScan[T any] struct {
	request query.Request
	columns []*schema.Column
	rows    query.Scan[T]
}

func (s narrowedScan[T]) String() string { return "rows that may be wanted" }

func (s narrowedScan[T]) Rows(ctx context.Context) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		for row, err := range s.rows.Rows(ctx) {
			if err == nil && !s.request.Where.May(s.values(row)) {
				continue
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

// Events are the rows as new ones.
func (s narrowedScan[T]) Events(ctx context.Context) iter.Seq2[query.Event[T], error] {
	return func(yield func(query.Event[T], error) bool) {
		for row, err := range s.Rows(ctx) {
			if !yield(query.Event[T]{Kind: "new", Row: row}, err) {
				return
			}
		}
	}
}

func (s narrowedScan[T]) values(row *T) func(column string) (any, bool) {
	return func(column string) (any, bool) {
		i := slices.IndexFunc(s.columns, func(c *schema.Column) bool { return c.Name == column })
		if i < 0 {
			return nil, false
		}
		return s.columns[i].Get(row), true
	}
}

// exampleCatalog has the tables that the stages' examples name, whose scans make use of all hints.
func exampleCatalog() *query.Catalog {
	source := &endless{rows: exampleRows}
	narrowed := func(r query.Request) narrowedScan[flow] {
		return narrowedScan[flow]{r, query.Erase(source.columns()), source}
	}
	sockets := query.Define(query.Spec[flow]{
		Doc: "x.", Columns: source.columns(), Shown: []string{"lport", "state", "pid"}, Key: []string{"pid"},
		Scan:   func(r query.Request) query.Scan[flow] { return narrowed(r) },
		Follow: func(r query.Request) query.Follow[flow] { return narrowed(r) },
	})
	services := query.Define(query.Spec[service]{
		Doc: "x.", Columns: serviceColumns(), Shown: []string{"port"}, Key: []string{"port"},
		Scan: func(r query.Request) query.Scan[service] {
			return narrowedScan[service]{r, query.Erase(serviceColumns()), serviceScan{}}
		},
	})
	wide, narrow := netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("10.1.0.0/16")
	inner, outer := netip.MustParseAddr("10.1.0.1"), netip.MustParseAddr("10.2.0.1")
	return query.NewCatalog([]query.Declaration{
		declare("sockets", sockets), declare("services", services),
		declare("destinations", destinationsTable([]destination{{1, inner, "a"}, {2, outer, "b"}, {3, inner, "b"}})),
		declare("networks", networksTable([]network{{1, wide, "a"}, {2, narrow, "a"}, {3, narrow, "b"}})),
	})
}

// furtherExamples are queries that no stage has as its example, though conditions take other ways in them.
var furtherExamples = []string{
	"destinations | join networks on to in prefix",
	"destinations | join left all networks on to in prefix",
	"destinations | join networks on group, to in prefix",
}

// TestPushdown: a condition behind a stage has the same answer whether it is pushed towards the table or not. Each
// stage is asked behind each stage of its example.
func TestPushdown(t *testing.T) {
	examples := slices.Clone(furtherExamples)
	for _, kind := range query.Language {
		if givesRows(t, kind) {
			examples = append(examples, kind.Example)
		}
	}
	for _, example := range examples {
		q, err := query.Language.Parse(example)
		if err != nil {
			t.Fatal(err)
		}
		for _, stage := range q.Stages {
			if stage.Kind.Last > 0 {
				break // nothing may stand behind it
			}
			pushBehind(t, stage, example[:stage.Range.End])
		}
	}
}

// pushBehind adds a condition for each value that a column has in the answer or in the table.
func pushBehind(t *testing.T, stage syntax.Stage, text string) {
	t.Helper()
	table, _, _ := strings.Cut(text, " ")
	plan, values := exampleAnswer(t, text, query.CompileUnhinted)
	_, before := exampleAnswer(t, table+" | select *", query.CompileUnhinted)
	for _, column := range plan.Schema().Visible() {
		for _, literal := range literals(append(values[column.Name], before[column.Name]...)) {
			narrowed := fmt.Sprintf("%s | where %s == %s", text, query.Language.Identifier(column.Name), literal)
			_, hinted := exampleAnswer(t, narrowed, query.Compile)
			_, plain := exampleAnswer(t, narrowed, query.CompileUnhinted)
			if got, want := fmt.Sprint(hinted), fmt.Sprint(plain); got != want {
				t.Errorf("inputColumn of stage %s lets a condition on %s pass that changes its rows: %s\ngives "+
					"%s\nwant  %s",
					stage.Kind.Name, column.Name, narrowed, got, want)
				return
			}
		}
	}
}

// exampleAnswer is what a query over the examples' tables gives: the values of each visible column, in order.
func exampleAnswer(t *testing.T, text string, compile compiler) (*query.Plan, map[string][]any) {
	t.Helper()
	plan, err := compile(text, exampleCatalog(), someState{})
	if err != nil {
		t.Fatal(show(err, text))
	}
	values := map[string][]any{}
	for row, err := range plan.Rows(t.Context()) {
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		for _, column := range plan.Schema().Visible() {
			values[column.Name] = append(values[column.Name], column.Get(row))
		}
	}
	return plan, values
}

// literals are the values as a query spells them, each once. Values of other types are left out.
func literals(values []any) (texts []string) {
	for _, v := range values {
		text := ""
		switch v := v.(type) {
		case nil:
			text = "nil"
		case int:
			text = strconv.Itoa(v)
		case float64:
			text = strconv.FormatFloat(v, 'f', -1, 64)
		case string:
			text = strconv.Quote(v)
		case time.Duration:
			text = v.String()
		}
		if text != "" && !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return texts
}
