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
	follow  bool
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
	local         *compiler     // of the stages before, as each host runs them
	input, output schema.Schema // before the stage and behind it, in the whole query
	next          syntax.Node   // the stage behind it; nil for none
	table         *Table        // of the query
	taken         Set           // names of columns
	computed      []syntax.Item // what hosts compute before they do their part of the stage
}

// query cuts a query: its table of answers is added to the others, and what is left reads that. joined says that it is
// a query inside a join.
func (x *cutter) query(q *syntax.Query, joined bool) (*syntax.Query, error) {
	schemas, table, err := x.schemas(q)
	if err != nil {
		return nil, err
	}
	if table.member == "" { // the rows are the asker's own
		stages, err := x.merging(q.Stages)
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
		at := &cutting{cutter: x, local: c, table: table, input: schemas[n], taken: Set{}}
		at.taken.add(at.input.Names()...)
		at.taken.add(schemas[n+1].Names()...)
		if n+1 < len(q.Stages) {
			at.next = q.Stages[n+1].Node
		}
		node := at.withComputed(q, s)
		at.output = schemas[n+1]
		done := node.(stage).cut(at)
		if done.hosts {
			if err := c.stage(s); err != nil {
				return nil, err
			}
			continue
		}
		return x.cutAt(q, n, at, node, done, schemas[n+1+done.takes], joined)
	}
	return x.answered(q, c, q.Stages, nil, joined)
}

// cutAt cuts a query at its stage n, which is now the node.
func (x *cutter) cutAt(
	q *syntax.Query, n int, at *cutting, node syntax.Node, done split, output schema.Schema, joined bool,
) (*syntax.Query, error) {
	local, c := slices.Clone(q.Stages[:n]), at.local
	add := func(node syntax.Node) error {
		local = append(local, stageOf(node))
		return c.stage(local[len(local)-1])
	}
	if len(at.computed) > 0 {
		if err := add(&extendStage{at.computed}); err != nil {
			return nil, err
		}
	}
	for _, node := range done.local {
		if err := add(node); err != nil {
			return nil, err
		}
	}
	changed := done.merge != nil || len(at.computed) > 0
	if done.merge == nil {
		done.merge = []syntax.Node{node}
	}
	var rest []syntax.Stage
	for _, node := range done.merge {
		rest = append(rest, stageOf(node))
	}
	if changed {
		rest = append(rest, syntax.Stage{Node: likeStage{output}})
	}
	rest, err := x.merging(append(rest, q.Stages[n+1+done.takes:]...))
	if err != nil {
		return nil, err
	}
	return x.answered(q, c, local, rest, joined)
}

// answered is the query that is left where hosts do the local stages, which are compiled.
func (x *cutter) answered(
	q *syntax.Query, c *compiler, local, rest []syntax.Stage, joined bool,
) (*syntax.Query, error) {
	a := x.newAnswers(q.With(q.Table, local), c.plan, joined)
	return q.With(Language.Identifier(a.local.Name), rest), nil
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

// merging are stages that read answers: what they join are answers, too.
func (x *cutter) merging(stages []syntax.Stage) ([]syntax.Stage, error) {
	merging := slices.Clone(stages)
	for i, s := range merging {
		join, ok := s.Node.(*joinStage)
		if !ok {
			continue
		}
		joined, err := x.joined(join)
		if err != nil {
			return nil, err
		}
		merging[i].Node = joined
	}
	return merging, nil
}

// joined is a join whose other side are answers, unless that is the asker's own.
func (x *cutter) joined(s *joinStage) (syntax.Node, error) {
	next, q := *s, s.query
	if q == nil {
		table, ok := x.catalog.Table(s.table.Name)
		if !ok {
			return nil, x.catalog.unknownTable(s.table)
		}
		if table.member == "" {
			return s, nil
		}
		if table.asks() {
			return nil, syntax.Errorf(s.table.Range,
				"%s is asked by each host for its own rows, and these rows are of "+
					"several", table.Name).WithHint("join it before the rows of hosts are grouped, sorted or limited")
		}
		q = (&syntax.Query{}).With(s.table, nil)
	}
	merging, err := x.query(q, true)
	if err != nil {
		return nil, err
	}
	next.table, next.query = merging.Table, nil
	if len(merging.Stages) > 0 {
		next.query = merging
	}
	return &next, nil
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

// stageOf is a stage of the language; its text begins with the word of its kind.
func stageOf(node syntax.Node) syntax.Stage {
	word, _, _ := strings.Cut(node.String(), " ")
	kind, _ := Language.Stage(word)
	return syntax.Stage{Kind: kind, Node: node}
}

// name is a name that no column has yet: nobody types one with a blank in it by accident.
func (c *cutting) name(what string) string {
	for n := 1; ; n++ {
		if name := what + " " + strconv.Itoa(n); !c.taken[name] {
			c.taken.add(name)
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

// isHost says whether a column of the answer is the one that tells the members of a union apart.
func (p *Plan) isHost(column string) bool {
	for i := len(p.operators) - 1; i >= 0; i-- {
		if _, same := p.operators[i].(interface{ sameColumns() }); same {
			continue
		}
		var ok bool
		if column, ok = p.operators[i].inputColumn(column); !ok {
			return false
		}
	}
	return column == p.table.member && column != ""
}

// withComputed is the stage over columns that hosts compute, because they compare samples of their own.
func (c *cutting) withComputed(q *syntax.Query, s syntax.Stage) syntax.Node {
	replace := syntax.Replacing(func(n syntax.Expression) syntax.Expression {
		call, ok := n.(*syntax.Call)
		if !ok || !expression.ComparesSamples(call) || hasAggregate(n) {
			return nil
		}
		name := c.name("compared")
		c.computed = append(c.computed, syntax.Item{Name: identifier(name), Expression: n})
		return Language.Word(name)
	})
	switch s.Node.(type) {
	case *whereStage, *selectStage, *extendStage, *watchStage: // which hosts do, or which compare none
		return s.Node
	}
	return replace.Query(q.With(q.Table, []syntax.Stage{s})).Stages[0].Node
}

func identifier(name string) *syntax.Identifier {
	i := Language.Identifier(name)
	return &i
}

// hasAggregate says whether an expression is about groups.
func hasAggregate(n syntax.Expression) bool {
	return syntax.Some(n, func(n syntax.Expression) bool {
		call, ok := n.(*syntax.Call)
		if !ok {
			return false
		}
		_, ok = expression.AggregateOf(call)
		return ok
	})
}
