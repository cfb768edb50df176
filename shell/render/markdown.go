package render

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"netql/query/schema"
)

// writeMarkdown writes a table in GitHub's Markdown, with values for people. Without a header it is only the rows, to
// be added to a table that has one.
func writeMarkdown(out *output, columns []*schema.Column, rows Rows, options Options) error {
	if !options.NoHeader {
		out.buf = appendMarkdownNames(out.buf, columns, options)
	}
	return out.each(rows, func(b []byte, row schema.Row) []byte {
		return append(appendMarkdownValues(b, columns, row, options), "|\n"...)
	})
}

// appendMarkdownNames appends the line of names and the rule below it.
func appendMarkdownNames(b []byte, columns []*schema.Column, options Options) []byte {
	rule := "|"
	for _, c := range columns {
		b = append(appendMarkdown(append(b, "| "...), options.label(c)), ' ')
		if rightAligned(c) {
			rule += " ---: |"
		} else {
			rule += " --- |"
		}
	}
	return append(append(append(b, "|\n"...), rule...), '\n')
}

func appendMarkdownValues(b []byte, columns []*schema.Column, row schema.Row, options Options) []byte {
	for _, c := range columns {
		b = append(appendMarkdown(append(b, "| "...), options.people(c, c.Get(row))), ' ')
	}
	return b
}

// appendMarkdown appends a text with a backslash before every character that is markup. An underscore inside a word,
// as in many names, is not.
func appendMarkdown(b []byte, text string) []byte {
	text = schema.Visible(text)
	for i, r := range text {
		if strings.ContainsRune("\\|`*<[]~&", r) || r == '_' && !insideWord(text, i) {
			b = append(b, '\\')
		}
		b = utf8.AppendRune(b, r)
	}
	return b
}

func insideWord(text string, i int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	after, _ := utf8.DecodeRuneInString(text[i+1:])
	return isWord(before) && isWord(after)
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
