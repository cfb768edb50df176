package query

import (
	"slices"

	"netql/query/expression"
	"netql/query/syntax"
)

// onHosts is the split of a stage that hosts do, unless its expressions need the asker.
func (c *cutting) onHosts(expressions ...syntax.Expression) split {
	return split{hosts: !c.asks(expressions...)}
}

// both is the split of a stage that hosts do first and the asker again, over what they have left.
func both(local, merge syntax.Node) split {
	return split{local: []syntax.Node{local}, merge: []syntax.Node{merge}}
}

func expressionsOf(items []syntax.Item) (list []syntax.Expression) {
	for _, it := range items {
		if !it.Star {
			list = append(list, it.Expression)
		}
	}
	return list
}

func keyExpressions(keys []syntax.Key) (list []syntax.Expression) {
	for _, key := range keys {
		list = append(list, key.Expression)
	}
	return list
}

func (s *whereStage) cut(c *cutting) split { return c.onHosts(s.condition) }

func (s *selectStage) cut(c *cutting) split { return c.onHosts(expressionsOf(s.items)...) }

func (s *extendStage) cut(c *cutting) split { return c.onHosts(expressionsOf(s.items)...) }

func (s *dropStage) cut(c *cutting) split { return c.onHosts() }

func (followStage) cut(c *cutting) split { return c.onHosts() }

// cut: the asker watches, and asks hosts for each sample.
func (s *watchStage) cut(*cutting) split { return split{} }

// cut: bars are drawn for the asker, of the rows of all.
func (s *barsStage) cut(*cutting) split { return split{} }

func (s *limitStage) cut(*cutting) split { return both(s, s) }

func (s *topStage) cut(c *cutting) split {
	if c.asks(keyExpressions(s.keys)...) {
		return split{}
	}
	return both(s, s)
}

// cut: hosts sort only what a limit behind it then cuts off.
func (s *sortStage) cut(c *cutting) split {
	if c.asks(keyExpressions(s.keys)...) {
		return split{}
	}
	return c.sortedUntilLimit(s.keys)
}

// cut: hosts leave out what they repeat themselves.
func (s *distinctStage) cut(c *cutting) split {
	merge := &distinctStage{columnItemsOf(c.output.Names())}
	switch {
	case c.asks(expressionsOf(s.items)...):
		return split{}
	case len(s.items) == 0: // what is shown, which a host may have been told otherwise
		return both(merge, merge)
	}
	return both(s, merge)
}

// cut: the values of all hosts together decide what the bins are.
func (s *histogramStage) cut(*cutting) split { return split{} }

// cut: rows of one host are joined there.
func (s *joinStage) cut(c *cutting) split {
	table, ok := c.catalog.Table(s.table.Name)
	if s.query != nil || !ok || table.member == "" {
		return split{}
	}
	return split{hosts: slices.ContainsFunc(s.on, func(m match) bool {
		right, ok := expression.FindColumn(table.schema(), m.right.Name)
		return ok && !m.in && right.Name == table.member && c.ofHost(Language.Word(m.left.Name))
	})}
}

func (s *countStage) cut(c *cutting) split {
	done := c.group(s.by, []syntax.Item{syntax.CountItem()}, s, func(by, items []syntax.Item) syntax.Node {
		return &groupStage{by, items}
	})
	if len(s.by) > 0 && done.merge != nil {
		number := Language.Word(c.output.Columns[len(s.by)].Name)
		order := syntax.Key{Expression: number, Descending: true}
		if sorted, ok := done.merge[0].(*sortStage); ok {
			sorted.keys = slices.Insert(sorted.keys, 0, order)
		} else {
			done.merge = append(done.merge, &sortStage{[]syntax.Key{order}})
		}
	}
	return done
}

func (s *groupStage) cut(c *cutting) split {
	items := s.items
	if len(items) == 0 {
		items = []syntax.Item{syntax.CountItem()}
	}
	return c.group(s.by, items, s, func(by, items []syntax.Item) syntax.Node { return &groupStage{by, items} })
}

// cut: what one host says of edges is drawn with what others do.
func (s *graphStage) cut(c *cutting) split {
	items := s.items
	if len(items) == 0 {
		items = []syntax.Item{syntax.CountItem()}
	}
	return c.group(s.ends, items, nil, func(ends, items []syntax.Item) syntax.Node { return &graphStage{ends, items} })
}
