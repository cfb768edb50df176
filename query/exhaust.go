package query

import (
	"context"
	"slices"
)

// Exhaust reads all columns of all rows of all tables and forgets them. What a recorder below the tables has seen then
// answers every query. It gives the tables' warnings, those of tables that fail among them; only a context that ends
// stops it.
func Exhaust(ctx context.Context, catalog *Catalog, state State) (warnings []string, err error) {
	for _, table := range catalog.Tables() {
		plan, err := CompileUnhinted(table.Name+" | select *", catalog, state)
		if err != nil {
			return nil, err
		}
		failure := plan.exhaust(ctx)
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		found := plan.Warnings()
		if failure != nil {
			found = append(found, table.Name+": "+failure.Error())
		}
		for _, warning := range found {
			if !slices.Contains(warnings, warning) { // several tables may lack the same
				warnings = append(warnings, warning)
			}
		}
	}
	return warnings, nil
}

func (p *Plan) exhaust(ctx context.Context) error {
	columns := p.Schema().Visible()
	for row, err := range p.Rows(ctx) {
		if err != nil {
			return err
		}
		for _, column := range columns {
			column.Get(row)
		}
	}
	return nil
}
