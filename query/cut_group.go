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
	names := names(c.output.Columns[:len(by)])
	switch {
	case c.asks(argumentsOf(items)...):
		return split{}
	case whole != nil && !c.asks(expressionsOf(slices.Concat(by, items))...) &&
		slices.ContainsFunc(expressionsOf(by), c.ofHost):
		order := &sortStage{}
		for _, name := range names {
			order.keys = append(order.keys, syntax.Key{Expression: Language.Word(name)})
		}
		return split{local: []syntax.Node{whole}, merge: []syntax.Node{order}}
	}
	p := &partition{cutting: c, names: map[string]string{}}
	p.reordered = c.asks(expressionsOf(by)...) || slices.ContainsFunc(aggregatesOf(items), isDifferent)
	keys := p.keys(by, names)
	together := p.together(items, c.output.Columns[len(by):])
	if p.impossible || len(p.by)+len(p.items) > maxParts {
		return split{}
	}
	return both(&groupStage{p.by, p.items}, make(keys, together))
}

// aggregatesOf are the calls of aggregates in items.
func aggregatesOf(items []syntax.Item) (list []*syntax.Call) {
	for _, it := range items {
		syntax.Some(it.Expression, func(n syntax.Expression) bool {
			if call, ok := n.(*syntax.Call); ok {
				if _, ok := expression.AggregateOf(call); ok {
					list = append(list, call)
				}
			}
			return false
		})
	}
	return list
}

// argumentsOf are the arguments of the aggregates in items.
func argumentsOf(items []syntax.Item) (list []syntax.Expression) {
	for _, call := range aggregatesOf(items) {
		list = append(list, call.Arguments...)
	}
	return list
}

// isDifferent says whether one is enough of equal values.
func isDifferent(call *syntax.Call) bool {
	f, _ := expression.AggregateOf(call)
	return f.Different
}

// maxParts bounds the columns of what hosts compute.
const maxParts = 200

// partition says what hosts compute of their groups, and how that is put together.
type partition struct {
	*cutting
	by, items  []syntax.Item     // of the groups of hosts
	names      map[string]string // of the items, by what they compute
	reordered  bool              // hosts group by more than the asker, so that their groups have another order
	impossible bool              // the rows themselves are needed
}

// keys are the keys of the groups that are put together, called as they are in the whole query. Hosts group by the same
// keys; where the asker has to compute one, by the columns that it reads.
func (p *partition) keys(by []syntax.Item, names []string) (keys []syntax.Item) {
	read := Set{}
	for i, key := range by {
		if p.asks(key.Expression) {
			keys = append(keys, syntax.Item{Name: identifier(names[i]), Expression: key.Expression})
			p.read(key.Expression, read)
			continue
		}
		keys = append(keys, syntax.Item{Expression: Language.Word(names[i])})
		if word, ok := key.Expression.(*syntax.Word); !ok || word.Name != names[i] {
			key.Name = identifier(names[i])
		}
		p.by = append(p.by, key)
	}
	for _, c := range p.input.Columns {
		if !read[c.Name] {
			continue
		}
		p.impossible = p.impossible || slices.Contains(names, c.Name)
		p.by = append(p.by, syntax.Item{Expression: Language.Word(c.Name)})
	}
	return keys
}

// read notes the columns that an expression reads.
func (p *partition) read(e syntax.Expression, columns Set) {
	compiled, err := p.compiled(e)
	if err != nil || len(compiled.Columns) == 0 {
		p.impossible = true
		return
	}
	columns.add(compiled.Columns...)
}

func (p *partition) compiled(e syntax.Expression) (*expression.Expression, error) {
	return expression.Compile(e, expression.Scope{Schema: p.input, Functions: p.local.functions, Ports: p.local.ports})
}

// together are the items of the stage that puts parts together, called as the columns.
func (p *partition) together(items []syntax.Item, columns []*schema.Column) (together []syntax.Item) {
	for i, it := range items {
		e := syntax.Replace(it.Expression, p.replaced)
		together = append(together, syntax.Item{Name: identifier(columns[i].Name), Expression: e})
	}
	if len(p.items) == 0 { // a group has at least one aggregate
		p.part(syntax.CountItem().Expression)
	}
	return together
}

// replaced is what stands for an aggregate, or for the rate of one, where parts are put together; nil for anything
// else.
func (p *partition) replaced(n syntax.Expression) syntax.Expression {
	call, ok := n.(*syntax.Call)
	if !ok {
		return nil
	}
	if isLinear(call) {
		return syntax.CallOf("sum", p.part(call))
	}
	f, ok := expression.AggregateOf(call)
	switch {
	case !ok:
		return nil
	case f.Different:
		return syntax.CallOf(f.Name, p.value(call.Arguments[0]))
	case f.Name == "any" && p.reordered:
		p.impossible = true
		return nil
	}
	split, ok := f.SplitOf(call, p.kindOf(call))
	if !ok {
		p.impossible = true
		return nil
	}
	var columns []syntax.Expression
	for _, part := range split.Parts {
		columns = append(columns, p.part(part))
	}
	return split.Together(columns)
}

// isLinear says whether a call is rate() or delta() of sum() or count(): it is the sum of what hosts say.
func isLinear(call *syntax.Call) bool {
	if !expression.Linear(call) || len(call.Arguments) != 1 {
		return false
	}
	of, ok := call.Arguments[0].(*syntax.Call)
	if !ok {
		return false
	}
	f, ok := expression.AggregateOf(of)
	return ok && (f.Name == "sum" || f.Name == "count")
}

// kindOf is the type of the argument of an aggregate.
func (p *partition) kindOf(call *syntax.Call) schema.Type {
	if len(call.Arguments) > 0 {
		if compiled, err := p.compiled(call.Arguments[0]); err == nil {
			return compiled.Type
		}
	}
	return schema.Of(schema.Any)
}

// part is the column of an aggregate that hosts compute.
func (p *partition) part(e syntax.Expression) syntax.Expression {
	text := e.String()
	if p.names[text] == "" {
		p.names[text] = p.name("part", e)
		p.items = append(p.items, syntax.Item{Name: identifier(p.names[text]), Expression: e})
	}
	return Language.Word(p.names[text])
}

// value is the column of a value by which hosts group besides, so that each is there once.
func (p *partition) value(e syntax.Expression) syntax.Expression {
	text := "value of " + e.String()
	if p.names[text] == "" {
		p.names[text] = p.name("value", e)
		p.by = append(p.by, syntax.Item{Name: identifier(p.names[text]), Expression: e})
	}
	return Language.Word(p.names[text])
}
