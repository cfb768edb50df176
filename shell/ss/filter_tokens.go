package ss

import (
	"strings"

	"netql/query/syntax"
)

// token is a word of a filter.
type token struct {
	text string // without the backslashes that quote
	at   syntax.Range
}

// FilterError is what is wrong with a filter, and where.
type FilterError struct {
	Text  string // the filter, in which the error has its place
	Wrong *syntax.Error
}

func (e *FilterError) Error() string { return e.Wrong.Error() }

// Unwrap is the error with its place.
func (e *FilterError) Unwrap() error { return e.Wrong }

// WithHint adds the advice.
func (e *FilterError) WithHint(format string, args ...any) *FilterError {
	e.Wrong.WithHint(format, args...)
	return e
}

// tokens takes a filter apart, between blanks. Beyond what ss does, brackets, a ! and comparisons need no blanks around
// them. A backslash takes the next character for itself. A line that begins with # is a comment, which files may have.
func tokens(text string) (list []token) {
	start := 0
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "#") {
			list = append(list, lineTokens(text[:start+len(line)], start)...)
		}
		start += len(line)
	}
	return list
}

// lineTokens takes the text apart from the offset start on.
func lineTokens(text string, start int) (list []token) {
	for at := start; at < len(text); {
		if strings.IndexByte(" \t\r\n", text[at]) >= 0 {
			at++
			continue
		}
		end := at
		for end < len(text) && strings.IndexByte(" \t\r\n", text[end]) < 0 {
			if text[end] == '\\' && end+1 < len(text) {
				end++
			}
			end++
		}
		list = append(list, parts(text, at, end)...)
		at = end
	}
	return list
}

// comparisons are the operators that may touch their operands.
var comparisons = []string{">=", "<=", "!=", "==", "=", "<", ">"}

// parts takes a word apart that has brackets or operators in it: (sport>=:1024).
func parts(text string, start, end int) (list []token) {
	whole := func(from, to int) {
		list = append(list, token{unquoted(text[from:to]), syntax.Range{Start: from, End: to}})
	}
	for start < end && (text[start] == '(' || text[start] == '!' && end-start > 1 && text[start+1] != '=') {
		whole(start, start+1)
		start++
	}
	closing := 0
	for end-closing > start && text[end-closing-1] == ')' && !strings.Contains(text[start:end], "(") {
		closing++
	}
	if last := end - closing; last > start {
		from := start + len(keyAt(text[start:last]))
		if operator := operatorAt(text[from:last]); operator != "" {
			if from > start {
				whole(start, from)
			}
			whole(from, from+len(operator))
			from += len(operator)
		} else {
			from = start
		}
		if from < last {
			whole(from, last)
		}
	}
	for ; closing > 0; closing-- {
		whole(end-closing, end-closing+1)
	}
	return list
}

// keyAt is the word that begins a test, if the text begins with one.
func keyAt(text string) string {
	for _, t := range testWords() {
		if strings.HasPrefix(text, t.word) {
			return t.word
		}
	}
	return ""
}

func operatorAt(text string) string {
	for _, operator := range comparisons {
		if strings.HasPrefix(text, operator) {
			return operator
		}
	}
	return ""
}

// unquoted is the text without the backslashes that quote a character.
func unquoted(text string) string {
	if !strings.Contains(text, `\`) {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) {
			i++
		}
		b.WriteByte(text[i])
	}
	return b.String()
}
