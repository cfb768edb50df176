package query

import (
	"context"
	"fmt"
	"strconv"

	"netql/query/schema"
	"netql/query/syntax"
)

// limiting is limit: the first n rows, after which the source is closed.
type limiting struct {
	passing
	n int
}

// limitStage keeps the first n rows.
type limitStage struct{ n int }

func parseLimit(p *syntax.Parser) (syntax.Node, *syntax.Error) {
	n, err := p.Number()
	return &limitStage{n}, err
}

func (s *limitStage) String() string { return "limit " + strconv.Itoa(s.n) }

// compile makes top of a limit after sort: the rows that would be thrown away are never kept.
func (s *limitStage) compile(c *compiler) error {
	if n := len(c.plan.operators); n > 0 {
		if sorted, ok := c.plan.operators[n-1].(*sorting); ok {
			c.plan.operators[n-1] = &topping{sorted.passing, sorted.ordering, s.n}
			return nil
		}
	}
	return c.add(&limiting{passing{c.plan.Schema()}, s.n})
}

func (l *limiting) String() string       { return fmt.Sprintf("limit %d", l.n) }
func (l *limiting) needs(wanted Set) Set { return wanted }

// through: a condition after limit must not choose which rows are the first ones.
func (l *limiting) through(string) (string, bool) { return "", false }

func (l *limiting) rows(_ context.Context, input Rows) Rows {
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
