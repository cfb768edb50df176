package syntax

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"netql/query/schema"
)

// Range is a part of the query's text, in bytes: Start is its first byte, End the one after its last.
type Range struct{ Start, End int }

// Join is the smallest range that holds both. Of ranges in different texts it is one.
func (r Range) Join(other Range) Range {
	if here, there := r.number(), other.number(); here != there { // of two texts rather the query's
		if there == 0 {
			return other
		}
		return r
	}
	return Range{min(r.Start, other.Start), max(r.End, other.End)}
}

// Error says what is wrong with a query, where, and what to do.
type Error struct {
	Range      Range
	Message    string
	Hint       string // "" when there is nothing to advise
	Incomplete bool   // more text could mend it, so a prompt may ask for the next line
	Fix        *Fix   // what probably mends it; nil where nobody knows
	Line       string // the query that was probably meant, which compiles; "" where nobody knows. Compile sets it
	Text       string // the query in which Range is, where that is another one than was given; else ""
	Unknown    string // the name in the query that no table or column has, where that is what is wrong; else ""

	sources []*Source // where the ranges are that are not in the query's text
	uses    []Range   // where the named query is used in which it is, and where that one is, and so on
}

// Fix is an edit of a query: the text that is to stand where now the range is.
type Fix struct {
	Range Range
	Text  string
}

// Apply is the query after the edit.
func (f Fix) Apply(text string) string { return text[:f.Range.Start] + f.Text + text[f.Range.End:] }

// WithFix sets what probably mends the query. Where there is no hint, the mended query becomes the hint.
func (e *Error) WithFix(at Range, format string, args ...any) *Error {
	e.Fix = &Fix{at, fmt.Sprintf(format, args...)}
	return e
}

// Errorf makes an error without a hint.
func Errorf(at Range, format string, args ...any) *Error {
	return &Error{Range: at, Message: fmt.Sprintf(format, args...)}
}

// NamesNothing notes that a name which no table or column has is what is wrong.
func (e *Error) NamesNothing(name string) *Error {
	e.Unknown = name
	return e
}

// WithHint adds the advice.
func (e *Error) WithHint(format string, args ...any) *Error {
	e.Hint = fmt.Sprintf(format, args...)
	return e
}

// Error is the message alone.
func (e *Error) Error() string { return schema.Visible(e.Message) }

// longestMessage bounds what a message or hint may quote of the query; lists of all functions and values fit in.
const longestMessage = 1000

// contextRunes is how much of a long line is shown on either side of the place.
const contextRunes = 60

// Show is the error for a person: the message, the line of the query, carets under the range, and the hint. Where it is
// in a named query, the file and the line come first, and the lines that use it follow. It holds no control characters
// but its own newlines, and does not end in one.
func (e *Error) Show(text string) string { return e.show("error", text) }

// ShowWarning is Show for what does not end the query.
func (e *Error) ShowWarning() string { return e.show("warning", "") }

func (e *Error) show(kind, text string) string {
	text = cmp.Or(e.Text, text)
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", kind, firstRunes(schema.Visible(e.Message), longestMessage))
	for _, r := range append([]Range{e.Range}, e.uses...) {
		b.WriteString(e.place(text, r))
	}
	if e.Hint != "" {
		fmt.Fprintf(&b, "\nhint: %s", firstRunes(schema.Visible(e.Hint), longestMessage))
	}
	return b.String()
}

// place is the line in which a range begins, with carets under the range.
func (e *Error) place(text string, r Range) string {
	var b strings.Builder
	if i := slices.IndexFunc(e.sources, func(s *Source) bool { return s.base == r.number()*sourceSpan }); i >= 0 {
		source := e.sources[i]
		if source.Name != "" {
			fmt.Fprintf(&b, "\n  %s:%d:", schema.Visible(source.Name), source.line(r))
		}
		text, r = source.Text, source.in(r)
	}
	line, at := lineOf(text, r)
	before, place, after := schema.Visible(line[:at.Start]), schema.Visible(line[at.Start:at.End]),
		schema.Visible(line[at.End:])
	before, place, after = lastRunes(before), firstRunes(place, 2*contextRunes), firstRunes(after, contextRunes)
	fmt.Fprintf(&b, "\n  %s%s%s\n", before, place, after)
	indent, width := utf8.RuneCountInString(before), max(1, utf8.RuneCountInString(place))
	fmt.Fprintf(&b, "  %s%s", strings.Repeat(" ", indent), strings.Repeat("^", width))
	return b.String()
}

// lineOf is the line of the text in which the range starts, and the range's part in it.
func lineOf(text string, r Range) (string, Range) {
	start := max(0, min(r.Start, len(text)))
	from := strings.LastIndexByte(text[:start], '\n') + 1
	to := len(text)
	if i := strings.IndexByte(text[start:], '\n'); i >= 0 {
		to = start + i
	}
	end := min(max(r.End, start), to)
	return text[from:to], Range{start - from, end - from}
}

func firstRunes(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n]) + "…"
}

func lastRunes(s string) string {
	if utf8.RuneCountInString(s) <= contextRunes {
		return s
	}
	runes := []rune(s)
	return "…" + string(runes[len(runes)-contextRunes:])
}
