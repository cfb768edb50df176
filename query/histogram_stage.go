package query

import (
	"slices"

	"netql/query/expression"
	"netql/query/schema"
	"netql/query/syntax"
)

// histogramStage counts how many values of an expression lie in each of some ranges, which it chooses by the values.
type histogramStage struct {
	value syntax.Expression
	log   bool
	by    *syntax.Item // nil: one histogram of all rows
}

// parseHistogram reads: histogram EXPRESSION [log] [by ITEM].
func parseHistogram(p *syntax.Parser) (syntax.Node, *syntax.Error) {
	value, err := p.Value("a number or a duration", "histogram rtt")
	if err != nil {
		return nil, err
	}
	if p.Peek().Is(",") {
		return nil, syntax.Errorf(p.Peek().Range, "a histogram is of one number").
			WithHint("by makes several with the same bins, for example: histogram rtt by process")
	}
	s := &histogramStage{value: value, log: p.Keyword("log", "each bin wider than the one before")}
	if !p.Keyword("by", "a histogram for each of what") {
		return s, nil
	}
	by, err := p.Items(syntax.ItemList{What: "what to make histograms by", Example: "histogram rtt by process"})
	switch {
	case err != nil:
		return nil, err
	case len(by) > 1:
		return nil, syntax.Errorf(by[1].Expression.Span(), "a histogram is by one item").
			WithHint("leave the others out, or filter by them before")
	}
	s.by = &by[0]
	return s, nil
}

func (s *histogramStage) String() string {
	text := "histogram " + s.value.String()
	if s.log {
		text += " log"
	}
	if s.by != nil {
		text += " by " + s.by.String()
	}
	return text
}

func (s *histogramStage) compile(c *compiler) error {
	value, err := c.expression(s.value)
	if err != nil {
		return err
	}
	if !measurable(value.Type) {
		return syntax.Errorf(s.value.Span(), "%s is of type %s, and a histogram is of numbers or durations", s.value,
			value.Type).WithHint("for example: histogram rtt; count by counts values of any kind")
	}
	h := &histogramOp{text: s.String(), value: value, log: s.log, stop: &c.plan.stop,
		keeper: c.keeper(s.String())}
	var by []*schema.Column
	if s.by != nil {
		items, _, err := c.items([]syntax.Item{*s.by})
		if err != nil {
			return err
		}
		h.by = &items[0]
		by = append(by, groupColumn(h.by.column, func(r schema.Row) any { return r.(*histogramRow).by }))
	}
	bins := h.columns(s.value.String(), by)
	h.output = schemaOf(c.plan.Schema(), "histogram", slices.Concat(by, bins))
	h.output.Identity = slices.Concat(by, bins[:2])
	if err := c.add(h); err != nil {
		return err
	}
	c.plan.bars = &schema.Bars{Numbers: bins[2:], Known: bins[1]}
	return nil
}

// columns are those of a bin: its bounds and its count.
func (h *histogramOp) columns(of string, by []*schema.Column) []*schema.Column {
	taken := Set{}
	for _, column := range by {
		taken.add(column.Name)
	}
	bound := boundType(h.value)
	column := func(name, doc string, typ schema.Type, get func(*histogramRow) any) *schema.Column {
		return &schema.Column{Name: uniqueName(name, taken), Doc: doc, Type: typ,
			Value: schema.Boxing(func(r schema.Row) any { return get(r.(*histogramRow)) })}
	}
	lower := column("lower", "The least "+of+" that is counted here; NULL where "+of+" is NULL.", bound,
		func(r *histogramRow) any { return r.lower })
	upper := column("upper", "Every "+of+" that is counted here is below it; NULL where "+of+" is NULL.", bound,
		func(r *histogramRow) any { return r.upper })
	lower.Unit, upper.Unit = h.value.Unit, h.value.Unit
	count := column("count", "The number of rows.", schema.Of(schema.Int), func(r *histogramRow) any { return r.count })
	return []*schema.Column{lower, upper, count}
}

// boundType is the type of the bounds: that of the values, but ports have none in between.
func boundType(value *expression.Expression) schema.Type {
	switch value.Type.Kind {
	case schema.Duration:
		return value.Type
	case schema.Int, schema.Port:
		return schema.Of(schema.Int)
	}
	return schema.Of(schema.Float)
}
