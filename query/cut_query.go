package query

import (
	"slices"
	"strconv"
	"strings"

	"netql/query/expression"
	"netql/query/schema"
	"netql/query/syntax"
)

// cutter cuts one query, and the queries that are joined in it.
type cutter struct {
	catalog *Catalog // of the union
	state   State
	ask     Ask
	watch   *Watch
	answers []*answers
}

// split is how a stage is cut.
type split struct {
	hosts bool          // hosts do all of it, and what comes after it may be theirs, too
	local []syntax.Node // else what hosts do of it
	merge []syntax.Node // and what is done with their answers instead of it; nil: the stage itself
	takes int           // how many stages behind it are done with it
}

// cutting is what a stage knows that is to be cut.
type cutting struct {
	*cutter
	local         *compiler         // of the stages before, as each host runs them
	input, output schema.Schema     // before the stage and behind it, in the whole query
	later         []syntax.Stage    // those behind it
	taken         Set               // names of columns
	computed      []syntax.Item     // what hosts compute before they do their part of the stage
	made          map[string]string // what is computed in columns that hosts are given, by their names
}

// query cuts a query: its table of answers is added to the others, and what is left reads that. joined says that it is
// a query inside a join.
func (x *cutter) query(q *syntax.Query, joined bool) (*syntax.Query, error) {
	schemas, table, err := x.schemas(q)
	if err != nil {
		return nil, err
	}
	if table.member == "" { // the rows are the asker's own
		stages, err := x.merging(q.Stages, q.Stages)
		return q.With(q.Table, stages), err
	}
	local, err := newPlan(q, x.catalog, x.state)
	if err != nil {
		return nil, err
	}
	c := newCompiler(local, x.catalog)
	if err := c.checkFollow(q); err != nil {
		return nil, err
	}
	for n, s := range q.Stages {
		at := &cutting{cutter: x, local: c, input: schemas[n], output: schemas[n+1], later: q.Stages[n+1:],
			taken: Set{}, made: map[string]string{}}
		if s.Node.(stage).cut(at).hosts {
			if err := c.stage(s); err != nil {
				return nil, err
			}
			continue
		}
		at.taken = Set{}
		for _, s := range schemas {
			at.taken.add(s.Names()...)
		}
		return x.cutAt(q, n, at, schemas, joined)
	}
	return x.answered(q, c, q.Stages, nil, joined), nil
}

// cutAt cuts a query at its stage n.
func (x *cutter) cutAt(
	q *syntax.Query, n int, at *cutting, schemas []schema.Schema, joined bool,
) (*syntax.Query, error) {
	rest, changed := at.computedByHosts(q, n, schemas)
	at.later = rest[1:]
	done := rest[0].Node.(stage).cut(at)
	if done.merge == nil {
		done.merge = []syntax.Node{rest[0].Node}
	} else {
		changed = max(changed, n+done.takes)
	}
	merging := stagesOf(done.merge)
	typed := slices.Repeat([]syntax.Stage{q.Stages[n]}, len(merging))
	add := func(s, of syntax.Stage) { merging, typed = append(merging, s), append(typed, of) }
	for i := n + 1 + done.takes; i < len(q.Stages); i++ {
		if i-1 == changed {
			add(syntax.Stage{Node: likeStage{schemas[i]}}, q.Stages[i])
		}
		add(rest[i-n], q.Stages[i])
	}
	if changed == len(q.Stages)-1 {
		add(syntax.Stage{Node: likeStage{schemas[len(schemas)-1]}}, q.Stages[changed])
	}
	merging, err := x.merging(merging, typed)
	if err != nil {
		return nil, err
	}
	if len(at.computed) > 0 {
		done.local = slices.Insert(done.local, 0, syntax.Node(&extendStage{at.computed}))
	}
	local := slices.Clone(q.Stages[:n])
	for _, s := range stagesOf(done.local) {
		if err := at.local.stage(s); err != nil {
			return nil, err
		}
		local = append(local, s)
	}
	left := x.answered(q, at.local, local, merging, joined)
	x.answers[len(x.answers)-1].local.made = at.made
	return left, nil
}

// answered is the query that is left where hosts do the local stages, which are compiled.
func (x *cutter) answered(
	q *syntax.Query, c *compiler, local, rest []syntax.Stage, joined bool,
) *syntax.Query {
	a := x.newAnswers(q.With(q.Table, local), c.plan, joined)
	return q.With(Language.Identifier(a.local.Name), rest)
}

// schemas are what the stages of the whole query hand on: before the first one, and behind each.
func (x *cutter) schemas(q *syntax.Query) ([]schema.Schema, *Table, error) {
	p, err := newPlan(q, x.catalog, x.state)
	if err != nil {
		return nil, nil, err
	}
	c := newCompiler(p, x.catalog)
	if err := c.checkFollow(q); err != nil {
		return nil, nil, err
	}
	all := []schema.Schema{p.Schema()}
	for _, s := range q.Stages {
		if err := c.stage(s); err != nil {
			return nil, nil, err
		}
		all = append(all, p.Schema())
	}
	return all, p.table, nil
}

// merged is the catalogue of the answers, and of the asker's own tables.
func (x *cutter) merged() *Catalog {
	var declarations []Declaration
	for _, a := range x.answers {
		declarations = append(declarations, Declaration{Name: a.local.Name, Table: func() *Table { return a.table }})
	}
	c := NewCatalog(declarations, x.catalog.Functions...)
	c.answersOver = x.catalog
	return c
}

func stagesOf(nodes []syntax.Node) (stages []syntax.Stage) {
	for _, node := range nodes {
		stages = append(stages, stageOf(node))
	}
	return stages
}

// stageOf is a stage of the language; its text begins with the word of its kind.
func stageOf(node syntax.Node) syntax.Stage {
	word, _, _ := strings.Cut(node.String(), " ")
	kind, _ := Language.Stage(word)
	return syntax.Stage{Kind: kind, Node: node}
}

// name is a name that no column has yet, for one that hosts compute: nobody types one with a blank in it by accident.
func (c *cutting) name(what string, of syntax.Expression) string {
	for n := 1; ; n++ {
		if name := what + " " + strconv.Itoa(n); !c.taken[name] {
			c.taken.add(name)
			c.made[name] = of.String()
			return name
		}
	}
}

// asks says whether one of the expressions asks something that the asker has to be asked for, such as host().
func (c *cutting) asks(expressions ...syntax.Expression) bool {
	return slices.ContainsFunc(expressions, func(e syntax.Expression) bool {
		return syntax.Some(e, func(n syntax.Expression) bool {
			call, ok := n.(*syntax.Call)
			return ok && slices.ContainsFunc(c.catalog.Functions, func(f Function) bool {
				return f.Prefetch != nil && strings.EqualFold(f.Name, call.Name.Name)
			})
		})
	})
}

// ofHost says whether a name is that of a column that is the name of the host.
func (c *cutting) ofHost(n syntax.Expression) bool {
	word, ok := n.(*syntax.Word)
	if !ok {
		return false
	}
	column, ok := expression.FindColumn(c.local.plan.Schema(), word.Name)
	return ok && c.local.plan.isHost(column.Name)
}

func identifier(name string) *syntax.Identifier {
	i := Language.Identifier(name)
	return &i
}
