package render

import (
	"bytes"
	"slices"
)

// formulaStarts are the beginnings of text that a spreadsheet may take for a formula: those of OWASP's "CSV Injection",
// and the fullwidth forms of = + - @, which some spreadsheets take for these.
var formulaStarts = []string{"=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"}

// inSpreadsheet is the field of a value; under CSVSafe with an apostrophe before it where a spreadsheet would take it
// for a formula. Numbers get none, though negative ones begin with a sign: they stay numbers, and are no formulas.
func (o Options) inSpreadsheet(field []byte, number bool) []byte {
	if !o.CSVSafe || number {
		return field
	}
	if slices.ContainsFunc(formulaStarts, func(start string) bool { return bytes.HasPrefix(field, []byte(start)) }) {
		return slices.Insert(field, 0, '\'')
	}
	return field
}
