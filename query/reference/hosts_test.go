package reference

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"netql/query"
	"netql/query/querytest"
)

// systems have all rows together, some of them perhaps none.
func (g *generator) systems() []*system {
	split := func(rows []row) [len(systemNames)][]row {
		first := g.IntN(len(rows) + 1)
		second := first + g.IntN(len(rows)-first+1)
		return [...][]row{rows[:first], rows[first:second], rows[second:]}
	}
	hosts, peers := split(g.hosts), split(g.peers)
	var all []*system
	for i, name := range systemNames {
		all = append(all, &system{name, hosts[i], peers[i]})
	}
	return all
}

// tablesOf are the tables of systems, and one that is of whoever asks.
func tablesOf(own []row) *query.Catalog {
	return query.NewCatalog([]query.Declaration{
		declareOf("hosts", hostColumns, "id", query.NamespaceScope,
			func(s query.State) []row { return s.(*system).hosts }),
		declareOf("peers", peerColumns, "label", query.NamespaceScope,
			func(s query.State) []row { return s.(*system).peers }),
		declareOf("own", peerColumns, "label", query.ProgramScope, func(query.State) []row { return own }),
	})
}

// member is the column that tells systems apart.
var member = column{"member", text}

// ofTable are the columns of a table of tablesOf.
func ofTable(name string) []column {
	switch name {
	case "hosts":
		return append([]column{member}, hostColumns...)
	case "peers":
		return append([]column{member}, peerColumns...)
	}
	return peerColumns
}

// ofSystems is a random query over the tables of systems, which joins rows of several of them. depth says in how many
// others it stands.
func (g *generator) ofSystems(depth int) string {
	parts := []string{[]string{"hosts", "peers"}[g.IntN(1+min(depth, 1))]}
	g.columns = ofTable(parts[0])
	for range 1 + g.IntN(4) {
		s := g.ofSystem(depth)
		parts, g.columns = append(parts, s.text), s.columns
	}
	return strings.Join(parts, " | ")
}

// ofSystem is a random stage whose answer the engine alone knows.
func (g *generator) ofSystem(depth int) stage {
	makers := []func() stage{g.ofMember, g.byMember, g.anyOf, g.graph, g.histogram}
	switch n := g.IntN(12); {
	case n < len(makers):
		return makers[n]()
	case n < 8 && depth < 3:
		return g.joinedSystems(depth)
	}
	for {
		if s := g.stage(); !strings.HasPrefix(s.text, "join ") { // whose table is one of the reference
			return s
		}
	}
}

func (g *generator) ofMember() stage {
	if !slices.Contains(g.columns, member) {
		return g.where()
	}
	name, operator := append(systemNames[:], "x")[g.IntN(4)], []string{"==", "!=", "startsWith"}[g.IntN(3)]
	return stage{fmt.Sprintf("where member %s %q", operator, name), g.columns, nil}
}

// byMember groups by the system.
func (g *generator) byMember() stage {
	if !slices.Contains(g.columns, member) {
		return g.grouped()
	}
	other, _ := g.of()
	a, name, keys := g.aggregate(), g.fresh(), []column{other, member}
	text := "group by " + other.name + ", member: "
	if other == member {
		text, keys = "group by member: ", keys[1:]
	}
	return stage{text + name + " = " + a.text, append(keys, column{name, a.kind}), nil}
}

func (g *generator) anyOf() stage {
	by, _ := g.of()
	of, _ := g.of()
	name := g.fresh()
	return stage{"group by " + by.name + ": " + name + " = any(" + of.name + ")", []column{by, {name, of.kind}}, nil}
}

func (g *generator) graph() stage {
	from, _ := g.of()
	to, _ := g.of()
	if from == to {
		return g.counted()
	}
	ends := []column{from, to}
	return stage{"graph " + from.name + ", " + to.name, append(ends, column{free("count", ends), whole}), nil}
}

func (g *generator) histogram() stage {
	columns := []column{{"lower", whole}, {"upper", whole}, {"count", whole}}
	of, ok := g.of(text, state, truth, address, texts, network)
	by, _ := g.of()
	switch taken := slices.ContainsFunc(columns, func(c column) bool { return c.name == by.name }); {
	case !ok:
		return g.distinct()
	case taken || g.oneIn(2):
		columns[0].kind, columns[1].kind = of.kind, of.kind
		return stage{"histogram " + of.name, columns, nil}
	}
	columns[0].kind, columns[1].kind = of.kind, of.kind
	return stage{"histogram " + of.name + " by " + by.name, append([]column{by}, columns...), nil}
}

// joinedSystems joins a table of systems, or a query over one.
func (g *generator) joinedSystems(depth int) stage {
	left, table := g.columns, []string{"peers", "hosts", "own"}[g.IntN(3)]
	right := ofTable(table)
	if g.oneIn(3) {
		table = "(" + g.ofSystems(depth+1) + ")"
		right, g.columns = g.columns, left
	}
	on, in, same := g.pairs(left, right)
	if on == "" {
		return g.limited()
	}
	words := "join "
	if g.oneIn(2) {
		words += "left "
	}
	if in && g.oneIn(3) {
		words += "all "
	}
	columns := slices.Clone(left)
	for _, c := range right {
		if !slices.Contains(same, c.name) {
			columns = append(columns, column{free(c.name, columns), c.kind})
		}
	}
	return stage{words + table + " on " + on, columns, nil}
}

// pairs are columns that agree in a join; in says that one is a prefix, and same are those of one name. A prefix is one
// of the row's own system.
func (g *generator) pairs(left, right []column) (on string, in bool, same []string) {
	var texts []string
	used := map[string]bool{}
	add := func(l, r column, operator string) {
		if used[l.name] {
			return
		}
		used[l.name] = true
		texts = append(texts, l.name+operator+r.name)
		if l.name == r.name {
			same = append(same, l.name)
		}
	}
	for range 20 {
		l, r := left[g.IntN(len(left))], right[g.IntN(len(right))]
		switch {
		case len(texts) > 1:
		case l.kind == address && r.kind == network && !in:
			in = true
			add(l, r, " in ")
			if slices.Contains(left, member) && slices.Contains(right, member) {
				add(member, member, " == ")
			}
		case l.kind == r.kind && !slices.Contains([]kind{network, state}, l.kind) && g.oneIn(2):
			add(l, r, " == ")
		}
	}
	return strings.Join(texts, ", "), in, same
}

// TestRandomSystems: the answer to a query that is cut is that over the union of the systems. As many queries are
// compared as by TestRandomQueries.
func TestRandomSystems(t *testing.T) {
	first, n := querytest.FromEnvironment(t, "NETQL_RANDOM_SEED", 1),
		querytest.FromEnvironment(t, "NETQL_RANDOM_QUERIES", 200)
	differ, answers := uint64(0), uint64(0)
	for seed := first; seed < first+n && differ < 5; seed++ {
		g := newGenerator(seed)
		all, one := g.systems(), tablesOf(madeUp(g.Rand, peerColumns, 4))
		text := g.ofSystems(0)
		whole, err := query.Compile(text, unionOf(one, all...), all[0])
		cut, cutErr := cutOver(text, one, all)
		if err != nil || cutErr != nil {
			if fmt.Sprint(err) != fmt.Sprint(cutErr) {
				t.Errorf("seed %d: %s\n%v, cut: %v", seed, text, err, cutErr)
				differ++
			}
			continue
		}
		want, wantErr := answered(whole)
		got, gotErr := answered(cut)
		if len(want) > 1 {
			answers++
		}
		if fmt.Sprint(wantErr) != fmt.Sprint(gotErr) || !slices.EqualFunc(got, want, equalLines) {
			t.Errorf("seed %d: %s\n%s\ngives %v\n%swant %v\n%s", seed, text, cut.Explain(), gotErr, lines(got), wantErr,
				lines(want))
			differ++
		}
	}
	if differ == 0 && answers < n/2 {
		t.Errorf("of %d queries only %d have rows", n, answers)
	}
}

// answered is what a plan gives, with the names and types of the columns before it, and its warnings.
func answered(plan *query.Plan) ([][]any, error) {
	var head []any
	for _, c := range plan.Schema().Visible() {
		head = append(head, c.Name+" "+c.Type.String())
	}
	lines, err := given(plan)
	if warnings := plan.Warnings(); err == nil && warnings != nil {
		err = errors.New(strings.Join(warnings, "; "))
	}
	return append([][]any{head}, lines...), err
}
