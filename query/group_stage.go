package query

import "netql/query/syntax"

// groupStage makes one row of all rows that agree on by, without by one row of all. It is group and stats, which
// differ in the order in which they are written.
type groupStage struct {
	by    []syntax.Item
	items []syntax.Item // none: count()
}

// What is missing from group and stats, with an example.
const (
	byMissing, byExample               = "what to group by", "group by process: count()"
	aggregateMissing, aggregateExample = "an aggregate", "count(), sum(bytes_sent), p95(rtt)"
)

// parseGroup reads: group [by] keys [: aggregates].
func parseGroup(p *syntax.Parser) (syntax.Node, *syntax.Error) {
	p.Skip("by")
	by, more, err := p.ItemsUntil(":", byMissing, byExample)
	if err != nil || !more {
		return &groupStage{by, nil}, err
	}
	items, _, err := p.ItemsUntil("", aggregateMissing, aggregateExample)
	return &groupStage{by, items}, err
}

// parseStats reads: stats aggregates [by keys].
func parseStats(p *syntax.Parser) (syntax.Node, *syntax.Error) {
	items, more, err := p.ItemsUntil("by", aggregateMissing, aggregateExample)
	if err != nil || !more {
		return &groupStage{nil, items}, err
	}
	by, _, err := p.ItemsUntil("", byMissing, byExample)
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
	g, err := c.grouping(s.by, items)
	if err != nil {
		return err
	}
	g.text = s.String()
	return c.addGroup(g)
}
