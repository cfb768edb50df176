package query

import (
	"slices"

	"netql/query/expression"
	"netql/query/schema"
	"netql/query/syntax"
)

// group is the split of a stage that groups. Where a key is the name of the host, each group is one host's, which does
// the stage whole; the asker puts the groups in order. That is not so for a whole that is nil. Else hosts compute parts
// of the aggregates, which make puts together; where that cannot be, the asker groups the rows.
func (c *cutting) group(
	by, items []syntax.Item, whole syntax.Node, make func(by, items []syntax.Item) syntax.Node,
) split {
	keys := names(c.output.Columns[:len(by)])
	parts := &partition{cutting: c, names: map[string]string{}}
	switch {
	case c.asks(expressionsOf(by)...) || c.asks(argumentsOf(items)...):
		return split{}
	case whole != nil && !c.asks(expressionsOf(items)...) && slices.ContainsFunc(expressionsOf(by), c.ofHost):
		order := &sortStage{}
		for _, key := range keys {
			order.keys = append(order.keys, syntax.Key{Expression: Language.Word(key)})
		}
		return split{local: []syntax.Node{whole}, merge: []syntax.Node{order}}
	}
	together, ok := parts.of(items, c.output.Columns[len(by):])
	if !ok {
		return split{}
	}
	local := &groupStage{items: parts.items}
	for i, key := range by {
		if word, ok := key.Expression.(*syntax.Word); !ok || word.Name != keys[i] {
			key.Name = identifier(keys[i])
		}
		local.by = append(local.by, key)
	}
	return both(local, make(columnItemsOf(keys), together))
}

// argumentsOf are the arguments of the aggregates in items.
func argumentsOf(items []syntax.Item) (list []syntax.Expression) {
	for _, it := range items {
		syntax.Some(it.Expression, func(n syntax.Expression) bool {
			if call, ok := n.(*syntax.Call); ok {
				if _, ok := expression.AggregateOf(call); ok {
					list = append(list, call.Arguments...)
				}
			}
			return false
		})
	}
	return list
}

// maxParts bounds what hosts compute of each group, which is one column of theirs.
const maxParts = 200

// partition says what hosts compute of their groups, and how that is put together.
type partition struct {
	*cutting
	items []syntax.Item     // what hosts compute
	names map[string]string // by what is computed
	whole bool              // some aggregate takes the values themselves
}

// of are the items of the stage that puts parts together, called as the columns; false where an aggregate takes the
// values themselves.
func (p *partition) of(items []syntax.Item, columns []*schema.Column) (together []syntax.Item, ok bool) {
	for i, it := range items {
		e := syntax.Replace(it.Expression, p.replaced)
		together = append(together, syntax.Item{Name: identifier(columns[i].Name), Expression: e})
	}
	if len(p.items) == 0 { // a group has at least one aggregate
		p.part(syntax.CountItem().Expression)
	}
	return together, !p.whole && len(p.items) <= maxParts
}

// replaced is what stands for an aggregate, or for the rate of one, where parts are put together; nil for anything
// else.
func (p *partition) replaced(n syntax.Expression) syntax.Expression {
	call, ok := n.(*syntax.Call)
	if !ok {
		return nil
	}
	if sum := p.comparedSum(call); sum != nil {
		return sum
	}
	f, ok := expression.AggregateOf(call)
	if !ok {
		return nil
	}
	if f.Parts == nil || f.Name == "avg" && !p.number(call.Arguments[0]) {
		p.whole = true
		return n
	}
	var parts []syntax.Expression
	for _, name := range f.Parts {
		parts = append(parts, p.part(syntax.CallOf(name, call.Arguments...)))
	}
	return f.Together(parts)
}

// comparedSum is the sum of what hosts compute where a call is rate(sum(x)) or the like, which is the same for a host
// and for all; nil where it is another.
func (p *partition) comparedSum(call *syntax.Call) syntax.Expression {
	if !expression.ComparesSamples(call) || len(call.Arguments) != 1 || !linear(call) {
		return nil
	}
	return syntax.CallOf("sum", p.part(call))
}

// linear says whether a call is rate() or delta() of sum() or count().
func linear(call *syntax.Call) bool {
	of, ok := call.Arguments[0].(*syntax.Call)
	if !ok {
		return false
	}
	f, ok := expression.AggregateOf(of)
	return ok && (f.Name == "sum" || f.Name == "count") && expression.Linear(call)
}

// number says whether an expression is known to be a number or a duration.
func (p *partition) number(e syntax.Expression) bool {
	compiled, err := expression.Compile(e, expression.Scope{Schema: p.input, Functions: p.local.functions,
		Ports: p.local.ports})
	return err == nil && compiled.Type.Kind != schema.Any
}

// part is the column of something that hosts compute.
func (p *partition) part(e syntax.Expression) syntax.Expression {
	text := e.String()
	if p.names[text] == "" {
		p.names[text] = p.name("part")
		p.items = append(p.items, syntax.Item{Name: identifier(p.names[text]), Expression: e})
	}
	return Language.Word(p.names[text])
}
