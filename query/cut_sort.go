package query

import (
	"slices"

	"netql/query/syntax"
)

// sortedUntilLimit is the split of a sort: where a limit comes behind it, hosts do all up to that, and the asker sorts
// and limits what is left; else the asker sorts.
func (c *cutting) sortedUntilLimit(keys []syntax.Key) split {
	if len(c.later) > 0 {
		if limit, ok := c.later[0].Node.(*limitStage); ok {
			nodes := []syntax.Node{&sortStage{keys}, limit}
			return split{local: nodes, merge: nodes, takes: 1}
		}
	}
	columns, kept := c.keyColumns(keys)
	local := []syntax.Node{&extendStage{columns}, &sortStage{kept}}
	for i, s := range c.later {
		limit, ok := s.Node.(*limitStage)
		if ok {
			return split{local: append(local, limit), merge: []syntax.Node{&sortStage{kept}, limit}, takes: i + 1}
		}
		node, ok := c.keeping(s.Node, columns)
		if !ok {
			break
		}
		local = append(local, node)
	}
	return split{}
}

// keyColumns are columns that have the keys of a sort, and the same keys of these.
func (c *cutting) keyColumns(keys []syntax.Key) (columns []syntax.Item, kept []syntax.Key) {
	for _, key := range keys {
		name := c.name("key", key.Expression)
		columns = append(columns, syntax.Item{Name: identifier(name), Expression: key.Expression})
		kept = append(kept, syntax.Key{Expression: Language.Word(name), Descending: key.Descending})
	}
	return columns, kept
}

// keeping is a stage that hands on these columns, too; false where it is not one that does something to each row alone
// and can be done by hosts.
func (c *cutting) keeping(node syntax.Node, columns []syntax.Item) (syntax.Node, bool) {
	switch s := node.(type) {
	case *whereStage:
		return s, !c.asks(s.condition)
	case *extendStage:
		return s, !c.asks(expressionsOf(s.items)...)
	case *dropStage:
		return s, true
	case *selectStage:
		items := slices.Clone(s.items)
		for _, c := range columns {
			items = append(items, syntax.Item{Expression: Language.Word(c.Name.Name)})
		}
		return &selectStage{items}, !c.asks(expressionsOf(s.items)...)
	}
	return nil, false
}
