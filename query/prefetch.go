package query

import (
	"slices"

	"netql/query/expression"
	"netql/query/schema"
	"netql/query/syntax"
)

// prefetchRows is how many rows are read before the first of them is handed on, so that their slow calls (DNS lookups)
// run at the same time.
const prefetchRows = 512

// prefetch compiles a variant of an expression that only starts its slow calls and gives no value.
func (c *compiler) prefetch(e syntax.Expression) (func(schema.Row), error) {
	scope := c.scope()
	scope.Prefetch, scope.Warn = true, nil
	begin, err := expression.Compile(e, scope)
	if err != nil {
		return nil, err
	}
	return func(row schema.Row) { begin.Eval(row) }, nil
}

// prefetched are the shown columns with slow calls behind them.
func prefetched(s schema.Schema) []*schema.Column {
	return slices.DeleteFunc(s.Visible(), func(c *schema.Column) bool { return c.Prefetch == nil })
}

// prefetch starts the slow calls behind the shown columns of up to prefetchRows rows before it hands on the first of
// them. Events are handed on at once.
func (p *Plan) prefetch(rows Rows) Rows {
	columns := prefetched(p.Schema())
	if len(columns) == 0 || p.follow {
		return rows
	}
	return func(yield func(schema.Row, error) bool) {
		var next []schema.Row
		release := func() bool {
			for _, row := range next {
				if !yield(row, nil) {
					return false
				}
			}
			next = next[:0]
			return true
		}
		for row, err := range rows {
			if err != nil {
				if release() {
					yield(nil, err)
				}
				return
			}
			for _, c := range columns {
				c.Prefetch(row)
			}
			if next = append(next, row); len(next) == prefetchRows && !release() {
				return
			}
		}
		release()
	}
}
