package query

import (
	"slices"

	"netql/query/schema"
	"netql/query/syntax"
)

// barsStage has one or two numbers drawn as horizontal bars. It does not change the rows, but that it adds what it
// draws where that is no column yet.
type barsStage struct {
	items      []syntax.Item // none: the last column
	log, share bool
}

// parseBars reads: bars [ITEM [, ITEM]] [log] [share].
func parseBars(p *syntax.Parser) (syntax.Node, *syntax.Error) {
	s := &barsStage{}
	if t := p.Peek(); !p.Ends() && !t.IsWord("log") && !t.IsWord("share") {
		var err *syntax.Error
		if s.items, err = p.Items(columnItems(false)); err != nil {
			return nil, err
		}
	} else if p.Ends() {
		p.Expect(syntax.ExpectOperand{})
	}
	if len(s.items) > 2 {
		return nil, syntax.Errorf(s.items[2].Expression.Span(), "bars draws one number, or two opposite each other").
			WithHint("leave the others out; columns that are not drawn stay beside the bars")
	}
	s.log = p.Keyword("log", "as long as the logarithm of the number")
	s.share = p.Keyword("share", "what per cent of the sum it is")
	return s, nil
}

func (s *barsStage) String() string {
	text := "bars"
	if len(s.items) > 0 {
		text += " " + syntax.List(s.items)
	}
	if s.log {
		text += " log"
	}
	if s.share {
		text += " share"
	}
	return text
}

func (s *barsStage) compile(c *compiler) error {
	drawn := schema.Bars{Log: s.log, Share: s.share}
	if of := c.plan.bars; of != nil { // those of a histogram
		drawn.Numbers, drawn.Known = of.Numbers, of.Known
	}
	if len(s.items) > 0 {
		numbers, err := c.drawnColumns(s.items)
		if err != nil {
			return err
		}
		drawn = schema.Bars{Numbers: numbers, Log: s.log, Share: s.share}
	}
	visible := c.plan.Schema().Visible()
	last := visible[len(visible)-1]
	if len(drawn.Numbers) == 0 {
		if len(visible) < 2 || !measurable(last.Type) {
			const message = "bars needs a label and, as the last column, a number; the last column is %s, of type %s"
			return syntax.Errorf(c.at, message, last.Name, last.Type).
				WithHint("for example: count by state | bars; or name the number: bars count")
		}
		drawn.Numbers = []*schema.Column{last}
	}
	if len(visible) == len(drawn.Numbers) {
		return syntax.Errorf(c.at, "bars needs a label beside the number").
			WithHint("for example: select name, rx_bytes, tx_bytes | bars rx_bytes, tx_bytes")
	}
	c.plan.bars, c.plan.barsText = &drawn, s.String()
	return nil
}

// drawnColumns are the visible columns that the items name, or ones that are added for them.
func (c *compiler) drawnColumns(items []syntax.Item) ([]*schema.Column, error) {
	columns, names, taken := make([]*schema.Column, len(items)), make([]string, len(items)), Set{}
	var added []syntax.Item
	for i, it := range items {
		e, err := c.expression(it.Expression)
		if err != nil {
			return nil, err
		}
		if !measurable(e.Type) {
			return nil, syntax.Errorf(it.Expression.Span(), "%s is of type %s, and bars are of numbers or durations",
				it.Expression, e.Type).WithHint("for example: count by state | bars count")
		}
		column, ok := e.Column()
		if ok && it.Name == nil && slices.Contains(c.plan.Schema().Visible(), column) {
			columns[i] = column
			continue
		}
		if names[i], err = itemName(it, e, taken); err != nil {
			return nil, err
		}
		taken.add(names[i])
		added = append(added, it)
	}
	if len(added) == 0 {
		return columns, nil
	}
	if err := (&extendStage{added}).compile(c); err != nil {
		return nil, err
	}
	for i, name := range names {
		if columns[i] == nil {
			columns[i], _ = c.plan.Schema().Column(name)
		}
	}
	return columns, nil
}

func measurable(t schema.Type) bool {
	return t.Numeric() || t.Kind == schema.Duration || t.Kind == schema.Any
}

// Bars says what is drawn as bars; nil draws nothing so.
func (p *Plan) Bars() *schema.Bars { return p.bars }

// keepPictures forgets bars and edges of columns that the last stage has not left.
func (p *Plan) keepPictures() {
	visible := p.Schema().Visible()
	gone := func(c *schema.Column) bool { return !slices.Contains(visible, c) }
	if p.bars != nil && (slices.ContainsFunc(p.bars.Numbers, gone) || p.bars.Known != nil && gone(p.bars.Known)) {
		p.bars = nil
	}
	if p.graph != nil && (gone(p.graph.From) || gone(p.graph.To)) {
		p.graph = nil
	}
}
