// Package render writes rows in one of the output formats. Each format is one file. Rows are written as they arrive:
// only the aligned formats look at a window of first rows before they start.
package render

import (
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"netql/query/schema"
)

// Rows is a stream of rows. An error is its last item.
type Rows = iter.Seq2[schema.Row, error]

// Format is one way to write rows.
type Format struct {
	Name  string
	Doc   string
	write func(out *output, columns []*schema.Column, rows Rows, options Options) error
}

// Formats are all formats. "auto" stands for table on a terminal and for plain elsewhere.
var Formats = []Format{
	{"table", "for people: units, fitted to the terminal, colours", writeTable},
	{"plain", "aligned columns, two blanks or more apart, numbers in base units", writePlain},
	{"json", "one array of objects", writeJSON},
	{"ndjson", "one object a line", writeNDJSON},
	{"csv", "comma-separated (RFC 4180)", writeCSV},
	{"tsv", `tab-separated, with \t \n \r \\ escaped`, writeTSV},
	{"markdown", "a table for GitHub and the like, with units for people", writeMarkdown},
	{"html", "a table element, with units for people", writeHTML},
}

// Auto is the format that depends on where the output goes.
const Auto = "auto"

// Names are the names of all formats, auto first.
func Names() []string {
	names := []string{Auto}
	for _, f := range Formats {
		names = append(names, f.Name)
	}
	return names
}

// Options say how to write.
type Options struct {
	Format   string // a name of Formats; "auto" and "" choose by Terminal
	NoHeader bool   // leave out the line of column names; json, which has none, ignores it
	Above    bool   // with NoHeader: the names stand above, with earlier rows, and aligned columns are under them
	Terminal bool   // the output is a terminal: then no format lets a control character through
	Width    int    // how many columns the terminal has; 0 is no limit
	Color    bool   // colours in the table format
	Bars     bool   // table and plain draw the last column as bars
	Live     bool   // each row is shown at once, however long the next one takes
	ASCII    bool   // pictures are made of ASCII characters
}

// width is the room for what fills all of it.
func (o Options) width() int {
	if o.Width > 0 {
		return o.Width
	}
	return usualWidth
}

// cells make the values into what an aligned format shows.
func (o Options) cells() func(*schema.Column, any) cell {
	switch {
	case o.Format == "plain":
		return plainCell
	case o.Color:
		return coloredCell(o)
	}
	return peopleCell(o)
}

// Write writes the rows and says how many it wrote. Rows that arrived before an error are written, so what is printed
// stays well-formed; then the error is returned. A *WriteError says that the writing failed, not the rows.
//
// Output is gathered in a buffer and handed on when the buffer is full, when a row arrives 100 ms or more after the
// last hand-over, and at the end; so a slow stream is seen row by row and a fast one costs few system calls.
func Write(w io.Writer, columns []*schema.Column, rows Rows, options Options) (int, error) {
	format, err := find(options)
	if err != nil {
		return 0, err
	}
	out := newOutput(w)
	out.live = options.Live
	options.Format = format.Name
	write := format.write
	if options.Bars && (format.Name == "table" || format.Name == "plain") {
		write = writeBars
	}
	err = write(out, columns, rows, options)
	if flushErr := out.flush(); flushErr != nil {
		err = flushErr
	}
	return out.rows, err
}

func find(options Options) (Format, error) {
	name := options.Format
	switch {
	case name != "" && name != Auto:
	case options.Terminal:
		name = "table"
	default:
		name = "plain"
	}
	i := slices.IndexFunc(Formats, func(f Format) bool { return f.Name == name })
	if i < 0 {
		return Format{}, fmt.Errorf("unknown format %q; formats are %s", name, strings.Join(Names(), ", "))
	}
	return Formats[i], nil
}
