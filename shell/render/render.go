// Package render writes rows in one of the output formats, and lays them out for a watch on a screen. Each format is
// one file. Rows are written as they arrive; the aligned formats read a window of first rows before they start.
package render

import (
	"context"
	"io"
	"iter"

	"netql/query/schema"
)

// Rows is a stream of rows. An error is its last item.
type Rows = iter.Seq2[schema.Row, error]

// Options are how rows are written.
type Options struct {
	Format   string // a name of Formats; "auto" and "" choose by Terminal
	NoHeader bool   // leave out the line of column names; json, which has none, ignores it
	// with NoHeader: the names stand above, with earlier rows, and aligned columns are under them
	Above    bool
	Terminal bool         // the output is a terminal: then no format lets a control character through
	Width    int          // how many columns the terminal has; 0 is no limit
	Color    bool         // colours in the table format
	Bars     *schema.Bars // what formats for people, and plain, draw as bars; nil is nothing
	// whose ends are joined by the rows, where these are drawn as a graph; nil is no graph
	Graph   *schema.Graph
	Pages   int                         // more rows than these go into a pager that scrolls sideways; 0 where none does
	Live    bool                        // each row is shown at once, however long the next one takes
	ASCII   bool                        // pictures are made of ASCII characters
	series  map[*schema.Column]interval // the scales of columns of series
	CSVSafe bool                        // csv and tsv hold no text that a spreadsheet takes for a formula

	// Keep is told how many bytes are kept of each row where all rows are kept before the first is written; it may be
	// nil. The rows end with an error where they are too many.
	Keep func(bytes int)

	// Spare and Quiet are columns that people may not see, as in schema.Schema.
	Spare, Quiet []string
	// Defaults says that the query has not chosen its columns: those that are NULL in every row may be left out, too.
	Defaults bool
}

// width is the width of a line, for bars and frames, which fill it.
func (o Options) width() int {
	if o.Width > 0 {
		return o.Width
	}
	return usualWidth
}

// keep tells that bytes are kept.
func (o Options) keep(bytes int) {
	if o.Keep != nil {
		o.Keep(bytes)
	}
}

// cells is the function that makes a cell of a value, for this format.
func (f Format) cells(o Options) func(*schema.Column, any) cell {
	if f.Exact {
		return plainCell
	}
	return screenCell(o)
}

// Write writes the rows and says how many it wrote. Rows that arrived before an error are written, so what is printed
// stays well-formed; then the error is returned. A *WriteError says that the writing failed, not the rows.
//
// When the context ends, so does the writing, with its cause. The row whose columns are read at that moment is left
// out, because what they give may have been interrupted.
//
// Output is gathered in a buffer and handed on when the buffer is full, when a row arrives 100 ms or more after the
// last hand-over, and at the end; so a slow stream is seen row by row and a fast one costs few system calls.
func Write(
	ctx context.Context, w io.Writer, columns []*schema.Column, rows Rows, options Options,
) (int, error) {
	format, err := options.Chosen()
	if err != nil {
		return 0, err
	}
	return format.writeTo(ctx, w, columns, rows, options)
}

// writeTo is Write in this format.
func (f Format) writeTo(
	ctx context.Context, w io.Writer, columns []*schema.Column, rows Rows, options Options,
) (int, error) {
	out := newOutput(ctx, w)
	defer out.close()
	out.live = options.Live
	if !f.Exact {
		options, rows = options.readSeries(columns, rows)
	}
	write := f.write
	drawn := f.bars
	if options.Bars == nil {
		drawn = f.graph
	}
	if drawn != nil && (options.Bars != nil || options.Graph != nil) {
		write = func(out *output, columns []*schema.Column, rows Rows, options Options) error {
			return drawn(f, out, columns, rows, options)
		}
	}
	err := write(out, columns, rows, options)
	if flushErr := out.flush(); flushErr != nil {
		err = flushErr
	}
	return out.rows, err
}
