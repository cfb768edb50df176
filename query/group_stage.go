package query

import "netql/query/syntax"

// groupStage makes one row of all rows that agree on by, without by one row of all. It is group and stats, which
// differ in the order in which they are written.
type groupStage struct {
	by    []syntax.Item
	items []syntax.Item // none: count()
}

// keyItems and aggregateItems are the two parts of group and stats.
func keyItems() syntax.ItemList {
	return syntax.ItemList{What: "what to group by", Example: "group by process: count()"}
}

func aggregateItems(until string) syntax.ItemList {
	const example = "count(), sum(bytes_sent), p95(rtt)"
	return syntax.ItemList{What: "an aggregate", Example: example, Aggregates: true, Until: until}
}

const byDoc = "what to group by"

// parseGroup reads: group [by] keys [: aggregates].
func parseGroup(p *syntax.Parser) (syntax.Node, *syntax.Error) {
	p.Keyword("by", byDoc)
	by, err := p.Items(keyItems())
	if err != nil || !p.Skip(":") {
		return &groupStage{by, nil}, err
	}
	items, err := p.Items(aggregateItems(""))
	return &groupStage{by, items}, err
}

// parseStats reads: stats aggregates [by keys].
func parseStats(p *syntax.Parser) (syntax.Node, *syntax.Error) {
	items, err := p.Items(aggregateItems("by"))
	if err != nil || !p.Keyword("by", byDoc) {
		return &groupStage{nil, items}, err
	}
	by, err := p.Items(keyItems())
	return &groupStage{by, items}, err
}

func (s *groupStage) String() string {
	switch {
	case len(s.by) == 0:
		return "stats " + syntax.List(s.items)
	case len(s.items) == 0:
		return "group by " + syntax.List(s.by)
	}
	return "group by " + syntax.List(s.by) + ": " + syntax.List(s.items)
}

func (s *groupStage) compile(c *compiler) error {
	items := s.items
	if len(items) == 0 {
		items = []syntax.Item{syntax.CountItem()}
	}
	g, err := c.groupOp(s.String(), s.by, items)
	if err != nil {
		return err
	}
	return c.addGroup(g)
}
