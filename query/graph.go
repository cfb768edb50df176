package query

import (
	"netql/query/schema"
	"netql/query/syntax"
)

// graphStage makes an edge of all rows that agree on both ends: it is group by these, whose rows people see as a graph.
type graphStage struct {
	ends  []syntax.Item // from and to
	items []syntax.Item // none: count()
}

// parseGraph reads: graph FROM, TO [: AGGREGATE, ...].
func parseGraph(p *syntax.Parser) (syntax.Node, *syntax.Error) {
	const example = "graph process, raddr"
	ends, err := p.Items(syntax.ItemList{What: "where edges begin", Example: example})
	switch {
	case err != nil:
		return nil, err
	case len(ends) == 1:
		return nil, p.Missing("the other end of edges", example)
	case len(ends) > 2:
		return nil, syntax.Errorf(ends[2].Expression.Span(), "an edge has two ends").
			WithHint("what is told of edges stands behind a colon, for example: %s: count(), sum(bytes_sent)", example)
	}
	if !p.Skip(":") {
		return &graphStage{ends, nil}, nil
	}
	items, err := p.Items(aggregateItems(""))
	return &graphStage{ends, items}, err
}

func (s *graphStage) String() string {
	text := "graph " + syntax.List(s.ends)
	if len(s.items) > 0 {
		text += ": " + syntax.List(s.items)
	}
	return text
}

func (s *graphStage) compile(c *compiler) error {
	items := s.items
	if len(items) == 0 {
		items = []syntax.Item{syntax.CountItem()}
	}
	g, err := c.groupOp(s.String(), s.ends, items)
	if err != nil {
		return err
	}
	if err := c.addGroup(g); err != nil {
		return err
	}
	c.plan.graph = &schema.Graph{From: g.output.Columns[0], To: g.output.Columns[1]}
	return nil
}

// Graph says which columns are the ends of edges; nil where rows are none.
func (p *Plan) Graph() *schema.Graph { return p.graph }
