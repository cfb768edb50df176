package query

import "netql/query/syntax"

// countStage counts rows, by groups where by is not empty, the most frequent first.
type countStage struct{ by []syntax.Item }

func parseCount(p *syntax.Parser) (syntax.Node, *syntax.Error) {
	if !p.Keyword("by", "what to count by") {
		if t := p.Peek(); t.Kind == syntax.Name {
			e := syntax.Errorf(t.Range, "by is missing after count: or are the rows meant that have a value?")
			return nil, e.WithFix(t.Range, "by %s", t.Text)
		}
		return &countStage{}, nil
	}
	by, err := p.Items(columnItems(false))
	return &countStage{by}, err
}

func (s *countStage) String() string {
	if len(s.by) == 0 {
		return "count"
	}
	return "count by " + syntax.List(s.by)
}

// compile makes a group, sorted by the number of its rows.
func (s *countStage) compile(c *compiler) error {
	g, err := c.groupOp(s.String(), s.by, []syntax.Item{syntax.CountItem()})
	if err != nil {
		return err
	}
	if err := c.addGroup(g); err != nil || len(s.by) == 0 {
		return err
	}
	number := g.output.Columns[len(g.output.Columns)-1].Name
	order := &sortStage{[]syntax.Key{{Expression: syntax.ColumnItem(number).Expression, Descending: true}}}
	return order.compile(c)
}
