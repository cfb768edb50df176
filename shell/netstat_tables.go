package shell

import (
	"context"
	"slices"
	"strings"

	"netql/query"
	"netql/query/schema"
	"netql/shell/render"
)

// rejectTables is a usage error for several displays in a format of one table, unless they have the same columns.
func rejectTables(displays []display, options render.Options) error {
	format, err := options.Chosen()
	if err != nil || !format.OneTable || len(displays) < 2 {
		return nil // the writing says what is wrong with the format
	}
	first := displays[0]
	same := !slices.ContainsFunc(displays[1:], func(d display) bool { return !sameColumns(first, d) })
	if same && first.plan.Watch() == nil {
		return nil
	}
	names := make([]string, len(displays))
	for i, d := range displays {
		names[i] = d.name
	}
	return usagef("%s is one table, and these flags show %s", format.Name, strings.Join(names, ", ")).
		withHint("--format json or ndjson has them all; --explain prints the query of each, for %s", format.Name)
}

// sameColumns says whether two displays have the same columns, by names, types and units.
func sameColumns(a, b display) bool {
	return slices.EqualFunc(a.plan.Schema().Visible(), b.plan.Schema().Visible(), func(a, b *schema.Column) bool {
		return a.Name == b.Name && a.Type.Kind == b.Type.Kind && a.Unit == b.Unit
	})
}

// ofDisplay is a row of one of several displays.
type ofDisplay struct {
	display int
	row     schema.Row
}

// joined are the columns of displays that have the same ones, behind the name of the display, and what reads their rows
// one display after the other.
func joined(displays []display) (columns []*schema.Column, rows func(context.Context) query.Rows) {
	columns = []*schema.Column{{
		Name: "table", Type: schema.Of(schema.Text),
		Get: func(r schema.Row) any { return displays[r.(ofDisplay).display].name },
	}}
	all := make([][]*schema.Column, len(displays))
	for i, d := range displays {
		all[i] = d.plan.Schema().Visible()
	}
	for i, column := range all[0] {
		shown := *column
		shown.Prefetch = nil // the plan has started what the rows wait for
		shown.Get = func(r schema.Row) any {
			of := r.(ofDisplay)
			return all[of.display][i].Get(of.row)
		}
		columns = append(columns, &shown)
	}
	return columns, func(ctx context.Context) query.Rows {
		return func(yield func(schema.Row, error) bool) {
			for i, d := range displays {
				for row, err := range d.plan.Rows(ctx) {
					if !yield(ofDisplay{i, row}, err) || err != nil {
						return
					}
				}
			}
		}
	}
}
