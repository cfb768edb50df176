package query

import (
	"slices"

	"netql/query/schema"
	"netql/query/syntax"
)

// barsStage has the last column drawn as horizontal bars. It does not change the rows.
type barsStage struct{}

func parseBars(*syntax.Parser) (syntax.Node, *syntax.Error) { return barsStage{}, nil }

func (barsStage) String() string { return "bars" }

func (barsStage) compile(c *compiler) error {
	visible := c.plan.Schema().Visible()
	last := visible[len(visible)-1]
	if len(visible) < 2 || !measurable(last.Type) {
		const message = "bars needs a label and, as the last column, a number; the last column is %s, of type %s"
		return syntax.Errorf(c.at, message, last.Name, last.Type).
			WithHint("for example: count by state | bars")
	}
	if c.plan.bars == nil {
		c.plan.bars = &schema.Bars{Number: last}
	}
	c.plan.barsText = "bars"
	return nil
}

func measurable(t schema.Type) bool {
	return t.Numeric() || t.Kind == schema.Duration || t.Kind == schema.Any
}

// Bars says what is drawn as bars; nil draws nothing so.
func (p *Plan) Bars() *schema.Bars { return p.bars }

// keepPictures forgets bars of a column that the last stage has not left.
func (p *Plan) keepPictures() {
	if p.bars != nil && !slices.Contains(p.Schema().Visible(), p.bars.Number) {
		p.bars = nil
	}
}
