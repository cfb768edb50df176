package reference

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"netql/query"
	"netql/query/querytest"
	"netql/query/schema"
	"netql/query/syntax"
)

// generator makes a random query over two tables of made-up rows.
type generator struct {
	*rand.Rand
	hosts, peers []row
	columns      []column // that the next stage reads
	names        int
	hasJoined    bool
}

func (g *generator) oneIn(n int) bool { return g.IntN(n) == 0 }

// fresh is the beginning of names that no column has.
func (g *generator) fresh() string {
	g.names++
	return "c" + strconv.Itoa(g.names) + "_"
}

func newGenerator(seed uint64) *generator {
	r := rand.New(rand.NewPCG(seed, 1))
	return &generator{
		Rand: r, hosts: madeUp(r, hostColumns, r.IntN(40)), peers: madeUp(r, peerColumns, r.IntN(10)),
		columns: hostColumns,
	}
}

// query is a random query, and the rows that it has for an answer.
func (g *generator) query() (text string, answer []row) {
	text, answer = "hosts", g.hosts
	for range 1 + g.IntN(4) {
		s := g.stage()
		text += " | " + s.text
		answer = s.apply(answer)
		g.columns = s.columns
	}
	return text, answer
}

// wanted is the answer as lines of JSON.
func (g *generator) wanted(answer []row) [][]any {
	lines := make([][]any, len(answer))
	for i, r := range answer {
		for _, c := range g.columns {
			lines[i] = append(lines[i], shown(r[c.name]))
		}
	}
	return lines
}

// given is what the engine answers, through the JSON that it writes.
func given(plan *query.Plan) (lines [][]any, err error) {
	columns := plan.Schema().Visible()
	for r, err := range plan.Rows(context.Background()) {
		if err != nil {
			return nil, err
		}
		var line []any
		for _, c := range columns {
			var v any
			if err := json.Unmarshal(schema.AppendJSON(nil, c.Get(r)), &v); err != nil {
				return nil, err
			}
			line = append(line, v)
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// TestRandomQueries compares some hundred answers; NETQL_RANDOM_QUERIES says how many, NETQL_RANDOM_SEED which are the
// first.
func TestRandomQueries(t *testing.T) {
	first, n := querytest.FromEnvironment(t, "NETQL_RANDOM_SEED", 1),
		querytest.FromEnvironment(t, "NETQL_RANDOM_QUERIES", 500)
	differ := 0
	for seed := first; seed < first+n && differ < 5; seed++ {
		if !agree(t, seed) {
			differ++
		}
	}
}

// agree says whether both have the same answer to the query of a seed, with the conditions pushed into the scan and
// without.
func agree(t *testing.T, seed uint64) bool {
	g := newGenerator(seed)
	text, answer := g.query()
	catalog := query.NewCatalog([]query.Declaration{
		declare("hosts", hostColumns, "id", g.hosts), declare("peers", peerColumns, "label", g.peers),
	})
	want := g.wanted(answer)
	for name, compile := range map[string]func(string, *query.Catalog, query.State) (*query.Plan, error){
		"with hints": query.Compile, "without hints": query.CompileUnhinted,
	} {
		plan, err := compile(text, catalog, nil)
		if !g.gives(t, fmt.Sprintf("seed %d, %s", seed, name), text, plan, err, want) {
			return false
		}
	}
	plan, err := g.cut(text)
	return g.gives(t, fmt.Sprintf("seed %d, cut", seed), text, plan, err, want)
}

// gives says whether the answer of a plan is the one that is wanted; err is that of compiling it.
func (g *generator) gives(t *testing.T, what, text string, plan *query.Plan, err error, want [][]any) bool {
	if wrong, ok := errors.AsType[*syntax.Error](err); ok {
		t.Errorf("%s: %s", what, wrong.Show(text))
		return false
	}
	if err != nil {
		t.Errorf("%s: %s: %v", what, text, err)
		return false
	}
	got, err := given(plan)
	var names []string
	for _, c := range g.columns {
		names = append(names, c.name)
	}
	visible := schema.Schema{Columns: plan.Schema().Visible()}.Names()
	if err != nil || !slices.Equal(names, visible) || !slices.EqualFunc(got, want, equalLines) {
		t.Errorf("%s: %s\n%s\ngives %v %v\n%swant %v\n%s", what, text, plan.Explain(), visible, err, lines(got), names,
			lines(want))
		return false
	}
	return true
}

func equalLines(a, b []any) bool { return slices.EqualFunc(a, b, same) }

func lines(all [][]any) string {
	var b strings.Builder
	for _, line := range all {
		fmt.Fprintln(&b, line...)
	}
	return b.String()
}
