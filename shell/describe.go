package shell

import (
	"cmp"
	"context"
	"fmt"

	"netql/query/schema"
	"netql/shell/render"
)

// describe shows the columns of a query's answer, all of them for a table alone, or those that are named behind it, and
// gives the exit status.
func (s *session) describe(text string) int {
	columns := columnsNamed(text, s.catalog)
	if columns == nil {
		plan, ok := s.compile(text)
		if !ok {
			return wrong
		}
		columns = plan.Schema().Columns
	}
	o := s.renderOptions()
	format, err := o.Chosen()
	if err == nil && o.Terminal && format.Screen {
		s.printPaged(visibleLines(columnText(columns, cmp.Or(o.Width, helpWidth))))
		return done
	}
	_, err = render.Write(context.Background(), s.out, columnsOfColumns(), func(yield func(schema.Row, error) bool) {
		for _, column := range columns {
			if !yield(column, nil) {
				return
			}
		}
	}, o)
	return s.endStatus(context.Background(), err)
}

// columnText is the name, type, unit and doc of each column, for a person to read.
func columnText(columns []*schema.Column, width int) string {
	widest := 0
	for _, c := range columns {
		widest = max(widest, len(c.Name))
	}
	list := make([]render.Choice, len(columns))
	for i, c := range columns {
		text := fmt.Sprintf("%-*s  %s", widest, c.Name, c.Type)
		if c.Unit != schema.None {
			text += ", " + string(c.Unit)
		}
		list[i] = render.Choice{Text: text, Doc: c.Doc}
	}
	return aligned(list, width)
}

// columnsOfColumns are the columns of a table whose rows are columns.
func columnsOfColumns() []*schema.Column {
	column := func(name string, get func(*schema.Column) string) *schema.Column {
		return &schema.Column{Name: name, Type: schema.Of(schema.Text), Value: func(r schema.Row) schema.Scalar {
			if text := get(r.(*schema.Column)); text != "" {
				return schema.OfText(text)
			}
			return schema.Scalar{}
		}}
	}
	return []*schema.Column{
		column("name", func(c *schema.Column) string { return c.Name }),
		column("type", func(c *schema.Column) string { return c.Type.String() }),
		column("unit", func(c *schema.Column) string { return string(c.Unit) }),
		column("doc", func(c *schema.Column) string { return c.Doc }),
	}
}
