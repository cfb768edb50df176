package query

import (
	"netql/query/stop"
	"netql/query/syntax"
)

// typedStage is a stage of a merging query that stands there for one that a person has typed. Errors and warnings speak
// of that.
type typedStage struct {
	stage
	typed syntax.Stage
}

func (s typedStage) compile(c *compiler) error {
	c.typed = &s.typed
	defer func() { c.typed = nil }()
	return s.stage.compile(c)
}

// typedText is the stage as it was typed; text is what is compiled.
func (c *compiler) typedText(text string) string {
	if c.typed == nil {
		return text
	}
	return c.typed.String()
}

// keeper counts what a stage keeps; text is the stage as it is compiled.
func (c *compiler) keeper(text string) *stop.Keeper { return c.plan.stop.Keeper(c.typedText(text)) }

// typedParts gives the expression as it was typed for one that stands at its place; nil where all are as they were
// typed. What the cut has made has no place, and is itself.
func (c *compiler) typedParts() func(syntax.Expression) syntax.Expression {
	if c.typed == nil {
		return nil
	}
	typed := *c.typed
	return func(e syntax.Expression) syntax.Expression {
		found := e
		syntax.Replacing(func(n syntax.Expression) syntax.Expression {
			if n.Span() == e.Span() && n.Span() != (syntax.Range{}) {
				found = n
				return n
			}
			return nil
		}).Query((&syntax.Query{}).With(syntax.Identifier{}, []syntax.Stage{typed}))
		return found
	}
}
