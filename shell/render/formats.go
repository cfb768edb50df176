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

// Format is one way to write rows. What has to know about a format asks its row in Formats.
type Format struct {
	Name     string
	Doc      string
	Suffixes []string // what the names of files end in that hold it; none where it is not for files
	Aligned  bool     // values stand under each other, and a picture beside them
	Screen   bool     // it is for terminals alone, where what changes may be shown in place
	Exact    bool     // values are exact and in base units, for programs; else they are rounded and have units
	Document bool     // each answer is a whole that begins and ends, so that rows cannot follow as more of the same

	write func(out *output, columns []*schema.Column, rows Rows, options Options) error
	// writeAll writes several answers; nil writes one after the other, with an empty line between.
	writeAll func(ctx context.Context, w io.Writer, answers []Answer, options Options) error
}

// Formats are all formats.
var Formats = []Format{
	{
		Name: "table", Doc: "for people: units, fitted to the terminal, colours",
		Aligned: true, Screen: true, write: writeTable,
	},
	{
		Name: "plain", Doc: "aligned columns, two blanks or more apart, numbers in base units",
		Suffixes: []string{".txt"}, Aligned: true, Exact: true, write: writePlain,
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
		Exact: true, write: writeCSV,
	},
	{
		Name: "tsv", Doc: `tab-separated, with \t \n \r \\ escaped`, Suffixes: []string{".tsv"},
		Exact: true, write: writeTSV,
	},
	{
		Name: "markdown", Doc: "a table for GitHub and the like, with units for people", Suffixes: []string{".md"},
		Document: true, write: writeMarkdown,
	},
	{
		Name: "html", Doc: "a table element, with units for people", Suffixes: []string{".html"},
		Document: true, write: writeHTML,
	},
}

// Auto is the format that depends on where the output goes: onTerminal or elsewhere.
const (
	Auto       = "auto"
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

// Suffixes are what the names of files may end in.
func Suffixes() (all []string) {
	for _, f := range Formats {
		all = append(all, f.Suffixes...)
	}
	return all
}

// OfFile is the format that the name of a file tells.
func OfFile(path string) (Format, bool) {
	suffix := strings.ToLower(filepath.Ext(path))
	i := slices.IndexFunc(Formats, func(f Format) bool { return slices.Contains(f.Suffixes, suffix) })
	if i < 0 {
		return Format{}, false
	}
	return Formats[i], true
}

// Chosen is the format that the options ask for.
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
