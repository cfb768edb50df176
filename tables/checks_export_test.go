package tables

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"time"

	"netql/query"
	"netql/query/schema"
)

// CheckNames are the names of all checks.
func CheckNames() []string { return checkNames() }

// CheckExplainers are, by checks, those that name what they only count.
func CheckExplainers() map[string][]string {
	explainers := map[string][]string{}
	for _, c := range checks() {
		explainers[c.name] = c.explainedBy
	}
	return explainers
}

// A MadeUp row has values by column; others are NULL.
type MadeUp map[string]any

// madeUpScan gives other rows each time it is read, and then the last ones again.
type madeUpScan struct {
	samples [][]*MadeUp
	read    *int
}

func (madeUpScan) String() string { return "made-up rows" }

func (s madeUpScan) Rows(context.Context) iter.Seq2[*MadeUp, error] {
	return func(yield func(*MadeUp, error) bool) {
		sample := min(*s.read, len(s.samples)-1)
		*s.read++
		for i := 0; sample >= 0 && i < len(s.samples[sample]); i++ {
			if !yield(s.samples[sample][i], nil) {
				return
			}
		}
	}
}

// madeUpTable is a table with the columns of a real one and made-up rows: a list for each sample.
func madeUpTable(like *query.Table, samples [][]*MadeUp) *query.Table {
	read := 0
	t := query.Define(query.Spec[MadeUp]{Doc: like.Doc, Scan: func(query.Request) query.Scan[MadeUp] {
		return madeUpScan{samples, &read}
	}})
	for _, column := range like.Columns {
		made := *column
		made.Value = schema.Boxing(func(r schema.Row) any { return (*r.(*MadeUp))[column.Name] })
		if made.ChangeOf != nil { // it reads the real rows; those of made-up ones are counters
			made.ChangeOf, made.Change = nil, schema.Counter
		}
		t.Columns = append(t.Columns, &made)
	}
	t.Shown, t.Key = like.Shown, like.Key
	return t
}

// MakeCheck makes one check over made-up tables, by their names: once, or twice and so long apart, in the time of a
// synctest bubble.
func MakeCheck(ctx context.Context, name string, rows map[string][][]*MadeUp, state query.State, apart time.Duration) (
	lines []string, err error,
) {
	declared := slices.Clone(declarations)
	for i, d := range declared {
		if samples, made := rows[d.Name]; made {
			declared[i].Table = func() *query.Table { return madeUpTable(d.Table(), samples) }
		}
	}
	all := checks()
	i := slices.IndexFunc(all, func(c *check) bool { return c.name == name })
	if i < 0 {
		return nil, fmt.Errorf("there is no check %s", name)
	}
	g := groupChecks(all[i : i+1])[0]
	if err := g.compile(query.NewCatalog(declared, functions()...), state, apart > 0); err != nil {
		return nil, err
	}
	if g.sampled {
		if _, err := g.findings(ctx); err != nil {
			return nil, err
		}
		time.Sleep(apart)
	}
	found, err := g.findings(ctx)
	for _, f := range found {
		limit := ""
		if f.limit.known {
			limit = "/" + schema.Format(f.limit.value)
		}
		value := "-"
		if f.value.known {
			value = schema.Format(f.value.value)
		}
		lines = append(lines, fmt.Sprintf("%s %s (%s%s): %s", f.severity, f.subject, value, limit, f.sentence))
	}
	return lines, err
}
