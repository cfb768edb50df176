package query

import (
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
	c.plan.bars = true
	return nil
}

func measurable(t schema.Type) bool {
	return t.Numeric() || t.Kind == schema.Duration || t.Kind == schema.Any
}

// Bars says whether the last column is to be drawn as bars.
func (p *Plan) Bars() bool { return p.bars }
