package query

import (
	"context"
	"fmt"
	"slices"
)

// Exhaust reads all columns of all rows of all tables that list any, and drops the values. A recorder under the tables
// (sources/capture) has then seen what any query may need. It returns the tables' warnings, and the errors of the
// tables that fail; err is that of a context that ended.
func Exhaust(ctx context.Context, catalog *Catalog, state State) (warnings []string, failures []error, err error) {
	for _, table := range catalog.Listing() {
		plan, err := CompileUnhinted(table.Name+" | select *", catalog, state)
		if err != nil {
			return nil, nil, err
		}
		failure := plan.exhaust(ctx)
		if ctx.Err() != nil {
			return nil, nil, context.Cause(ctx)
		}
		if failure != nil {
			failures = append(failures, fmt.Errorf("%s: %w", table.Name, failure))
		}
		for _, warning := range plan.Warnings() {
			if !slices.Contains(warnings, warning) { // several tables may lack the same
				warnings = append(warnings, warning)
			}
		}
	}
	return warnings, failures, nil
}

func (p *Plan) exhaust(ctx context.Context) error {
	columns := p.Schema().Visible()
	for row, err := range p.RowsInTurn(ctx) {
		if err != nil {
			return err
		}
		for _, column := range columns {
			column.Get(row)
		}
	}
	return nil
}
