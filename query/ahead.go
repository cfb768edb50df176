package query

import (
	"slices"

	"netql/query/expression"
	"netql/query/schema"
	"netql/query/syntax"
)

// lookahead is how many rows are read before the first of them has to wait for what lies outside of it: names of addresses
// are asked for together.
const lookahead = 512

// ahead compiles what begins the work that an expression waits for.
func (c *compiler) ahead(e syntax.Expression) (func(schema.Row), error) {
	scope := c.scope()
	scope.Ahead, scope.Warn = true, nil
	begin, err := expression.Compile(e, scope)
	if err != nil {
		return nil, err
	}
	return func(row schema.Row) { begin.Eval(row) }, nil
}

// ahead begins what the shown columns of the next rows wait for, before it hands on the first of these.
func (p *Plan) ahead(rows Rows) Rows {
	output := p.Schema()
	columns := slices.DeleteFunc(output.Visible(), func(c *schema.Column) bool { return c.Ahead == nil })
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
				c.Ahead(row)
			}
			if next = append(next, row); len(next) == lookahead && !release() {
				return
			}
		}
		release()
	}
}
