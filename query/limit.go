package query

import (
	"context"
	"fmt"

	"netql/query/schema"
	"netql/query/syntax"
)

// limitOp implements limit: it hands on the first n rows, and then closes its input.
type limitOp struct {
	passThrough
	n int
}

// limitStage keeps the first n rows.
type limitStage struct{ n syntax.Count }

func parseLimit(p *syntax.Parser) (syntax.Node, *syntax.Error) {
	if p.Word().IsWord("head") && p.Ends() {
		return &limitStage{syntax.Count{N: 10}}, nil // as head(1) has it
	}
	n, err := p.Number()
	return &limitStage{n}, err
}

func (s *limitStage) String() string { return "limit " + s.n.String() }

// compile turns a limit right after a sort into top, which keeps n rows in memory instead of all.
func (s *limitStage) compile(c *compiler) error {
	last := len(c.plan.operators) - 1
	for ; last >= 0; last-- {
		if _, ok := c.plan.operators[last].(*likeOp); !ok { // which hands on the same rows
			break
		}
	}
	if last >= 0 {
		if sorted, ok := c.plan.operators[last].(*sortOp); ok {
			c.plan.operators[last] = &topOp{sorted.passThrough, sorted.ordering, s.n.N}
			return nil
		}
	}
	return c.add(&limitOp{passThrough{c.plan.Schema()}, s.n.N})
}

func (l *limitOp) String() string       { return fmt.Sprintf("limit %d", l.n) }
func (l *limitOp) needs(wanted Set) Set { return wanted }
func (l *limitOp) use() use             { return passes }
func (l *limitOp) combines() bool       { return false }

// inputColumn: no condition may come first, because it would change which rows are the first ones.
func (l *limitOp) inputColumn(string) (string, bool) { return "", false }

func (l *limitOp) rows(_ context.Context, input Rows) Rows {
	return func(yield func(schema.Row, error) bool) {
		left := l.n
		if left == 0 {
			return
		}
		for row, err := range input {
			if err != nil {
				yield(nil, err)
				return
			}
			if left--; !yield(row, nil) || left == 0 {
				return
			}
		}
	}
}
