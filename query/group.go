package query

import (
	"context"

	"netql/query/expression"
	"netql/query/schema"
	"netql/query/stop"
	"netql/query/syntax"
)

// groupOp implements group, stats and count: one row for all rows that agree on the keys, in the order of the keys.
type groupOp struct {
	ownRows
	text       string
	keys       []item
	aggregates []expression.Aggregate
	output     schema.Schema
	sampler    *sampleOp // keeps the groups for the next sample; nil where nothing compares them
	stop       *stop.Flag
	keeper     *stop.Keeper
}

// groupRow is a row of the result.
type groupRow struct {
	keys         []any
	accumulators []expression.Accumulator
	results      []any
}

// Aggregate implements expression.Aggregated.
func (group *groupRow) Aggregate(i int) any { return group.results[i] }

// groupOp makes the operator of a stage, whose text is given.
func (c *compiler) groupOp(text string, by, items []syntax.Item) (*groupOp, error) {
	keys, _, err := c.items(by)
	if err != nil {
		return nil, err
	}
	g := &groupOp{text: text, keys: keys, stop: &c.plan.stop, keeper: c.keeper(text)}
	names := Set{}
	var columns []*schema.Column
	for i, key := range keys {
		names.add(key.column.Name)
		columns = append(columns, groupColumn(key.column, func(r schema.Row) any { return r.(*groupRow).keys[i] }))
	}
	scope := c.scope()
	scope.Aggregates, scope.Keeper = &g.aggregates, g.keeper
	scope.GroupSamples = func() expression.Samples { return g.samples(c.sampleKeeper()) }
	for _, s := range items {
		e, err := expression.Compile(s.Expression, scope)
		if err != nil {
			return nil, err
		}
		column, err := itemColumn(s, e, names)
		if err != nil {
			return nil, err
		}
		columns = append(columns, column)
	}
	g.output = schemaOf(c.plan.Schema(), "group", columns)
	g.output.Identity = columns[:len(keys)]
	return g, nil
}

// groupColumn is the column of a key, whose value the row of a group keeps.
func groupColumn(key *schema.Column, get func(schema.Row) any) *schema.Column {
	column := *key
	column.Costly, column.Prefetch, column.Change, column.ChangeOf = false, nil, schema.Static, nil
	column.Value = schema.Boxing(get)
	return &column
}

// samples has the groups kept for the next sample, for expressions such as rate(sum(rx_bytes)).
func (g *groupOp) samples(kept rowKeeper) expression.Samples {
	if g.sampler == nil {
		g.sampler = &sampleOp{rowKeeper: kept}
	}
	return g.sampler
}

// addGroup adds the operator and, where an expression compares groups between samples, the sampler behind it.
func (c *compiler) addGroup(g *groupOp) error {
	if err := c.add(g); err != nil || g.sampler == nil {
		return err
	}
	g.sampler.passThrough = passThrough{g.output}
	return c.add(g.sampler)
}

func (g *groupOp) String() string        { return g.text }
func (g *groupOp) schema() schema.Schema { return g.output }
func (g *groupOp) use() use              { return consumes }
func (g *groupOp) combines() bool        { return true }

func (g *groupOp) needs(Set) Set {
	needed := Set{}
	for _, key := range g.keys {
		needed.add(key.expression.Columns...)
	}
	for _, a := range g.aggregates {
		if a.Argument != nil {
			needed.add(a.Argument.Columns...)
		}
	}
	return needed
}

// inputColumn: a condition on a key may come first, because all rows of a group agree on it. One on the single row of a
// query without keys may not: that row exists even where no row is left.
func (g *groupOp) inputColumn(column string) (string, bool) {
	return itemInputColumn(g.keys, nil, column)
}

func (g *groupOp) rows(_ context.Context, input Rows) Rows {
	return func(yield func(schema.Row, error) bool) {
		groups, err := g.collect(input)
		if err != nil {
			yield(nil, err)
			return
		}
		for _, group := range groups {
			if g.stop.Set() {
				return
			}
			group.finish()
		}
		if !stop.Sort(g.stop, groups, g.compare) {
			return
		}
		for _, group := range groups {
			if !yield(group, nil) {
				return
			}
		}
	}
}

// collect reads the whole input. Where that breaks off there are no groups: a part of the rows has another sum.
func (g *groupOp) collect(input Rows) ([]*groupRow, error) {
	var groups []*groupRow
	index := map[string]*groupRow{}
	if len(g.keys) == 0 {
		groups = append(groups, newGroup(g.aggregates, nil))
		index[""] = groups[0]
	}
	values := make([]schema.Scalar, len(g.keys))
	var key []byte
	for row, err := range input {
		if err != nil {
			return nil, err
		}
		key = key[:0]
		for i := range g.keys {
			values[i] = g.keys[i].expression.Scalar(row)
			key = values[i].AppendKey(key)
		}
		group, known := index[string(key)]
		if !known {
			group = newGroup(g.aggregates, values)
			index[string(key)] = group
			groups = append(groups, group)
			g.keeper.Keep(group.size() + perIndexed + len(key))
		}
		group.add(g.aggregates, row)
	}
	return groups, nil
}

func newGroup(aggregates []expression.Aggregate, keys []schema.Scalar) *groupRow {
	group := &groupRow{}
	for _, key := range keys {
		group.keys = append(group.keys, key.Any())
	}
	for _, a := range aggregates {
		group.accumulators = append(group.accumulators, a.New())
	}
	return group
}

// size is about how many bytes the group takes, with its results, and without what the aggregates keep of values.
func (group *groupRow) size() int {
	const itself, perKey, perAggregate = 160, 16, 120
	bytes := itself + perAggregate*len(group.accumulators)
	for _, key := range group.keys {
		bytes += perKey + schema.Held(key)
	}
	return bytes
}

// add puts a row into the group.
func (group *groupRow) add(aggregates []expression.Aggregate, row schema.Row) {
	for i, a := range aggregates {
		var value any = true
		if a.Argument != nil {
			value = a.Argument.Eval(row)
		}
		if value != nil {
			group.accumulators[i].Add(value)
		}
	}
}

// finish computes the results, when all rows are in the group.
func (group *groupRow) finish() {
	for _, accumulator := range group.accumulators {
		group.results = append(group.results, accumulator.Result())
	}
}

func (g *groupOp) compare(a, b *groupRow) int {
	for i, key := range g.keys {
		if c := key.expression.Type.Compare(a.keys[i], b.keys[i]); c != 0 {
			return c
		}
	}
	return 0
}
