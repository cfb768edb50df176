package shell

import (
	"context"
	"errors"
	"io"
	"strings"

	"netql/query"
	"netql/query/schema"
	"netql/shell/render"
	"netql/sources"
	"netql/tables"
)

// differences writes what comparisons find.
type differences struct {
	*printer
	comparisons []*query.Comparison
	systems     []*sources.System // the old and the new one
	unread      []string          // why tables could not be read, where others were
}

// write writes the differences, and gives their number: for people table by table, for programs as rows.
func (d *differences) write(ctx context.Context) (n int, err error) {
	options := d.renderOptions()
	format, err := options.Chosen()
	if err != nil {
		return 0, err
	}
	switch {
	case format.Graph:
		return 0, usagef("the format %s draws graphs, and differences are none", format.Name).
			withHint("any other format has them, for example --format json")
	case format.Screen:
		return d.forPeople(ctx, options)
	}
	n, err = render.Write(ctx, d.out, query.DifferenceColumns(), d.rows(ctx), options)
	if text := d.leftOut(); err == nil && text != "" {
		d.message("note", "%s", text)
	}
	return n, err
}

// rows are the differences of all comparisons.
func (d *differences) rows(ctx context.Context) render.Rows {
	return func(yield func(schema.Row, error) bool) {
		for _, c := range d.comparisons {
			for change, err := range c.Differences(ctx) {
				if err = withSystem(ctx, err, d.systems); d.skips(err) {
					break
				}
				if !yield(change, err) || err != nil {
					return
				}
			}
		}
	}
}

// skips says that an error is of one table, of which nothing can be read, and that there are others.
func (d *differences) skips(err error) bool {
	_, ok := errors.AsType[*tables.Unreadable](err)
	if ok = ok && len(d.comparisons) > 1; ok {
		d.unread = append(d.unread, err.Error())
	}
	return ok
}

// forPeople writes the differences as a person reads them. Where one table ends with an error, the tables before it are
// written.
func (d *differences) forPeople(ctx context.Context, options render.Options) (n int, err error) {
	var list []render.Changes
	for _, c := range d.comparisons {
		var found render.Changes
		found, err = changesOf(ctx, c)
		if err = withSystem(ctx, err, d.systems); d.skips(err) {
			err = nil
			continue
		}
		if err != nil {
			break
		}
		if n += len(found.Rows); len(found.Rows) > 0 {
			list = append(list, found)
		}
	}
	if err != nil && len(list) == 0 {
		return 0, err
	}
	nothing := func() bool { return false }
	failure := d.paged(ctx, lessForTable, nothing, func(_ context.Context, out io.Writer) error {
		return render.WriteChanges(out, list, d.leftOut(), options)
	})
	if failure != nil {
		return n, failure
	}
	return n, err
}

// changesOf are the changes that a comparison finds, for people.
func changesOf(ctx context.Context, c *query.Comparison) (render.Changes, error) {
	found := render.Changes{Table: c.Table()}
	found.Columns, found.Keys = c.Columns()
	for change, err := range c.Changes(ctx) {
		if err != nil {
			return found, err
		}
		mark := map[string]render.Mark{query.Appeared: render.New, query.Vanished: render.Gone}[change.Kind]
		if change.Changed != nil {
			mark = render.Changed
		}
		row := render.RowChange{Mark: mark, Values: change.Values, Changed: change.Changed}
		found.Rows = append(found.Rows, row)
	}
	return found, nil
}

// leftOut is the message of what was left out; "" if nothing was.
func (d *differences) leftOut() string {
	var all query.LeftOut
	for _, c := range d.comparisons {
		one := c.LeftOut()
		all.Own += one.Own
		all.Accompanying += one.Accompanying
		all.ByItself += one.ByItself
	}
	var parts []string
	if all.Own > 0 {
		parts = append(parts, counted(all.Own, "row")+" of netql itself")
	}
	if all.Accompanying > 0 {
		parts = append(parts, counted(all.Accompanying, "row")+" of interfaces that are new or gone")
	}
	if all.ByItself > 0 {
		parts = append(parts, counted(all.ByItself, "value")+" that time alone has changed")
	}
	if parts == nil {
		return ""
	}
	return "left out: " + strings.Join(parts, ", ") + "; --all has them"
}
