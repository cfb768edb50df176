package query

import (
	"slices"

	"netql/query/expression"
	"netql/query/schema"
	"netql/query/syntax"
)

// Hosts compare samples by their own clocks. So what follows the cut has rates and differences as columns that hosts
// have computed, as long as the rows are still rows of a host, and the columns are those that hosts have.

// computedByHosts are the stages from n on, where the query is cut, over columns that hosts compute. changed is the
// last stage that reads such columns; -1 where none does.
func (c *cutting) computedByHosts(
	q *syntax.Query, n int, schemas []schema.Schema,
) (rest []syntax.Stage, changed int) {
	rest, changed = slices.Clone(q.Stages[n:]), -1
	for i, s := range rest {
		replace := syntax.Replacing(func(e syntax.Expression) syntax.Expression {
			column := c.computedByHost(e)
			if column != nil {
				changed = n + i
			}
			return column
		})
		replace.Naming(columnNames(schemas[n+i]))
		rest[i] = replace.Query(q.With(q.Table, []syntax.Stage{s})).Stages[0]
		if !keepsColumns(s.Node) {
			break
		}
	}
	return rest, changed
}

// columnNames gives the names of the columns that the items of one stage make, over rows of a schema.
func columnNames(s schema.Schema) func(syntax.Item) syntax.Identifier {
	taken := Set{}
	return func(it syntax.Item) syntax.Identifier {
		name := nameOf(it.Expression)
		if word, ok := it.Expression.(*syntax.Word); ok {
			if column, ok := expression.FindColumn(s, word.Name); ok {
				name = column.Name
			}
		}
		if it.Name != nil {
			name = it.Name.Name
		}
		name = uniqueName(name, taken)
		taken.add(name)
		return Language.Identifier(name)
	}
}

// keepsColumns says whether the rows behind a stage are those before it, and their columns, too.
func keepsColumns(node syntax.Node) bool {
	switch node.(type) {
	case *whereStage, *sortStage, *limitStage, *topStage:
		return true
	}
	return false
}

// computedByHost is the column that stands for the rate() of a row or the like; nil for anything else.
func (c *cutting) computedByHost(n syntax.Expression) syntax.Expression {
	call, ok := n.(*syntax.Call)
	if !ok || !expression.ComparesSamples(call) || hasAggregate(n) || c.asks(n) {
		return nil
	}
	for _, known := range c.computed {
		if known.Expression.String() == n.String() {
			return Language.Word(known.Name.Name)
		}
	}
	name := c.name("compared", n)
	c.computed = append(c.computed, syntax.Item{Name: identifier(name), Expression: n})
	return Language.Word(name)
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
