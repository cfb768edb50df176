package render

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"netql/query/schema"
)

// Format is an output format: how it writes rows, and what the rest of the program needs to know about it.
type Format struct {
	Name     string
	Doc      string
	Suffixes []string // the suffixes of files in this format; none where it is not for files
	Aligned  bool     // it writes aligned columns
	Screen   bool     // it is for terminals only; a watch shows it in place
	Exact    bool     // it writes exact values in base units, for programs; else rounded ones with units, for people
	Graph    bool     // it draws graphs and nothing else
	Document bool     // an answer has a beginning and an end, so that later rows cannot be appended to it
	OneTable bool     // all rows are of one table, whose columns are named once: programs read it so

	write func(out *output, columns []*schema.Column, rows Rows, options Options) error
	// bars is write where numbers are drawn as bars (Options.Bars); nil for formats that have none.
	bars func(f Format, out *output, columns []*schema.Column, rows Rows, options Options) error
	// graph is write where rows are edges (Options.Graph); nil for formats that show the edges as rows.
	graph func(f Format, out *output, columns []*schema.Column, rows Rows, options Options) error
	// writeAll writes several answers as one; nil for formats that write them one after the other, with an empty line
	// between.
	writeAll func(ctx context.Context, w io.Writer, answers []Answer, options Options) error
}

// Formats are all formats, in the order of help.
var Formats = []Format{
	{
		Name: "table", Doc: "for people: units, fitted to the terminal, colours",
		Aligned: true, Screen: true, write: writeTable, bars: Format.writeBars,
		graph: writeTree,
	},
	{
		Name: Expanded, Doc: "for people: each row one value below the other, without NULLs",
		write: writeRecord,
	},
	{
		Name: "plain", Doc: "aligned columns, two blanks or more apart, numbers in base units",
		Suffixes: []string{".txt"}, Aligned: true, Exact: true, write: writePlain, bars: Format.writeBars,
		graph: writeTree,
	},
	{
		Name: "json", Doc: "one array of objects", Suffixes: []string{".json"},
		Exact: true, Document: true, write: writeJSON, writeAll: writeArray,
	},
	{
		Name: "ndjson", Doc: "one object a line", Suffixes: []string{".ndjson"},
		Exact: true, write: writeNDJSON, writeAll: writeObjects,
	},
	{
		Name: "csv", Doc: "comma-separated (RFC 4180)", Suffixes: []string{".csv"},
		Exact: true, OneTable: true, write: writeCSV,
	},
	{
		Name: "tsv", Doc: `tab-separated, with \t \n \r \\ escaped`, Suffixes: []string{".tsv"},
		Exact: true, OneTable: true, write: writeTSV,
	},
	{
		Name: "markdown", Doc: "a table for GitHub and the like, with units for people", Suffixes: []string{".md"},
		Document: true, write: writeMarkdown, bars: writeMarkdownBars, graph: writeMarkdownGraph,
	},
	{
		Name: "html", Doc: "a table element, with units for people", Suffixes: []string{".html"},
		Document: true, write: writeHTML, bars: writeHTMLBars, graph: writeHTMLTree,
	},
	{
		Name: "dot", Doc: "the graph of | graph for Graphviz", Suffixes: []string{".dot", ".gv"},
		Graph: true, Document: true, write: writeDOT,
	},
	{
		Name: "mermaid", Doc: "the graph of | graph as a flowchart of Mermaid", Suffixes: []string{".mmd"},
		Graph: true, Document: true, write: writeMermaid,
	},
}

// Auto is the name for the format that depends on the output: onTerminal or elsewhere. Expanded is the name of the one
// that shows rows as records.
const (
	Auto       = "auto"
	Expanded   = "record"
	onTerminal = "table"
	elsewhere  = "plain"
)

// Names are the names of all formats, auto first.
func Names() []string {
	names := []string{Auto}
	for _, f := range Formats {
		names = append(names, f.Name)
	}
	return names
}

// Suffixes are the suffixes of files that tell a format.
func Suffixes() (all []string) {
	for _, f := range Formats {
		all = append(all, f.Suffixes...)
	}
	return all
}

// OfFile is the format that the suffix of a file tells; false where it tells none.
func OfFile(path string) (Format, bool) {
	suffix := strings.ToLower(filepath.Ext(path))
	i := slices.IndexFunc(Formats, func(f Format) bool { return slices.Contains(f.Suffixes, suffix) })
	if i < 0 {
		return Format{}, false
	}
	return Formats[i], true
}

// Chosen is the format that the options name, or the one for the output where they name auto or none.
func (o Options) Chosen() (Format, error) {
	name := o.Format
	switch {
	case name != "" && name != Auto:
	case o.Terminal:
		name = onTerminal
	default:
		name = elsewhere
	}
	i := slices.IndexFunc(Formats, func(f Format) bool { return f.Name == name })
	if i < 0 {
		return Format{}, fmt.Errorf("unknown format %q; formats are %s", name, strings.Join(Names(), ", "))
	}
	return Formats[i], nil
}
