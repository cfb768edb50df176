package render

import (
	"slices"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"netql/query/schema"
)

// writeTable writes aligned columns for people: values with units, cut to the width of the terminal, in colours. The
// first rows are laid out by go-pretty; it keeps all it prints in memory, so the rows after them are printed one by
// one.
func writeTable(out *output, columns []*schema.Column, rows Rows, options Options) error {
	g := &grid{columns: columns, cellOf: screenCell(options)}
	err := g.write(out, rows, func(b []byte, first [][]cell) []byte {
		if options.Pages > 0 && g.linesIn(first, options) > options.Pages {
			options.Width = 0
		}
		names := g.fit(options, g.names(options), first)
		if options.NoHeader {
			names = nil
		}
		switch {
		case g.records:
			r := newRecords(g.columns, options)
			g.appendRow = r.append
			for _, line := range first {
				b = r.append(b, line)
			}
			return b
		case slices.ContainsFunc(first, func(line []cell) bool { return !g.whole(line) }):
			if names != nil {
				b = g.appendLine(b, names)
			}
			for _, line := range first {
				b = g.appendLine(b, line)
			}
			return b
		}
		return g.appendPretty(b, names, first)
	})
	out.buf = g.appendNotShown(out.buf, options)
	return err
}

// linesIn is how many lines rows take in the window. The rows stay as they are.
func (g *grid) linesIn(rows [][]cell, options Options) (n int) {
	if len(rows) > options.Pages {
		return len(rows)
	}
	trial, copied := &grid{columns: g.columns, cellOf: g.cellOf, live: g.live, partial: g.partial}, slices.Clone(rows)
	trial.fit(options, trial.names(options), copied)
	if trial.records {
		return len(rows) * len(g.columns)
	}
	for _, line := range copied {
		n += len(trial.folded(line))
	}
	return n
}

// screenCell is the function that makes a cell for people of a value, with a colour where the options have colours.
func screenCell(o Options) func(*schema.Column, any) cell {
	if o.Color {
		return coloredCell(o)
	}
	return peopleCell(o)
}

func peopleCell(o Options) func(*schema.Column, any) cell {
	return func(c *schema.Column, v any) cell { return cell{text: cellText(o.people(c, v))} }
}

func coloredCell(o Options) func(*schema.Column, any) cell {
	people := peopleCell(o)
	return func(c *schema.Column, v any) cell {
		shown := people(c, v)
		shown.color = colorOf(c, v)
		return shown
	}
}

// appendPretty appends the lines as go-pretty lays them out. Cells are escaped, cut and coloured before.
func (g *grid) appendPretty(b []byte, header []cell, rows [][]cell) []byte {
	t := table.NewWriter()
	t.SetStyle(lightStyle())
	t.SuppressTrailingSpaces()
	configs := make([]table.ColumnConfig, len(g.columns))
	for i, c := range g.columns {
		align := text.AlignLeft // whatever the values look like
		if rightAligned(c) {
			align = text.AlignRight
		}
		configs[i] = table.ColumnConfig{Number: i + 1, WidthMin: g.widths[i], Align: align, AlignHeader: align}
	}
	t.SetColumnConfigs(configs)
	if header != nil {
		t.AppendHeader(g.prettyRow(header))
	}
	for _, line := range rows {
		t.AppendRow(g.prettyRow(line))
	}
	if header == nil && len(rows) == 0 {
		return b
	}
	return append(append(b, t.Render()...), '\n')
}

func (g *grid) prettyRow(line []cell) table.Row {
	row := make(table.Row, len(line))
	for i, c := range line {
		row[i] = string(appendCell(nil, g.fitted(i, c)))
	}
	return row
}

// lightStyle is a style without any lines, as kubectl and ss print tables.
func lightStyle() table.Style {
	style := table.Style{Name: "netql"}
	style.Box.MiddleVertical = gap
	style.Options.SeparateColumns = true
	return style
}
