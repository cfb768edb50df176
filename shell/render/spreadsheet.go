package render

import (
	"bytes"
	"slices"
	"time"
)

// formulaStarts are what text begins with that a spreadsheet may take for a formula: those of OWASP's "CSV Injection",
// with the fullwidth signs that some take for the usual ones.
var formulaStarts = []string{"=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"}

// inSpreadsheet is the text of a value, with an apostrophe before it where a spreadsheet would take it for a formula,
// and somebody wants none. Numbers stay numbers: they may be negative, and compute nothing.
func (o Options) inSpreadsheet(field []byte, value any) []byte {
	if !o.CSVSafe {
		return field
	}
	switch value.(type) {
	case int, float64, time.Duration:
		return field
	}
	if slices.ContainsFunc(formulaStarts, func(start string) bool { return bytes.HasPrefix(field, []byte(start)) }) {
		return slices.Insert(field, 0, '\'')
	}
	return field
}
