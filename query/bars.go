package query

import (
	"netql/query/schema"
	"netql/query/syntax"
)

// bars marks the answer to be looked at: its last column as horizontal bars. The rows stay what they are.
func (c *compiler) bars(s *syntax.Bars) error {
	visible := c.plan.Schema().Visible()
	last := visible[len(visible)-1]
	if len(visible) < 2 || !measurable(last.Type) {
		return syntax.Errorf(s.Range, "bars needs a label and, as the last column, a number; the last column is %s, of type %s", last.Name, last.Type).
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
