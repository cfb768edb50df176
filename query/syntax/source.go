package syntax

import (
	"slices"
	"strings"
)

// Source is a text with named queries: a file.
type Source struct {
	Name string // of the file, as messages show it; "" for a text that is typed
	Text string
	// Shared says that the file is for all users of the machine: a named query of the user's own replaces one in it.
	Shared bool

	base int // ranges in the text begin here
}

// MaxSource is the longest text of a source in bytes.
const MaxSource = 256 << 10

// sourceSpan is how far the ranges of two texts are apart, so that a range tells of which text it is a part: those in
// the query begin at 0, those in the n-th source at n times this. It is above MaxSource and MaxLength.
const sourceSpan = 1 << 20

// number is that of the source in which the range lies; 0 for the query.
func (r Range) number() int { return max(0, r.Start) / sourceSpan }

// InFile says whether the range is in a file with named queries, and not in the text of the query.
func (r Range) InFile() bool { return r.number() > 0 }

// shifted is the range by as many bytes further.
func (r Range) shifted(by int) Range { return Range{r.Start + by, r.End + by} }

// in is the place of a range in the source, from 0 on.
func (s *Source) in(r Range) Range { return r.shifted(-s.base) }

// line is the number of the line in which the range begins, from 1 on.
func (s *Source) line(r Range) int {
	start := min(max(0, s.in(r).Start), len(s.Text))
	return 1 + strings.Count(s.Text[:start], "\n")
}

// Errorf is an error without a hint, at a place of the source, from 0 on.
func (s *Source) Errorf(at Range, format string, args ...any) *Error {
	e := Errorf(at.shifted(s.base), format, args...)
	e.sources = []*Source{s}
	return e
}

// CheckLine refuses a line with control characters, or bytes that are no characters; it begins at start.
func (s *Source) CheckLine(start int, line string) *Error {
	err := checkCharacters(line)
	if err == nil {
		return nil
	}
	return s.Errorf(err.Range.shifted(start), "%s",
		strings.Replace(err.Message, "the query", "this line", 1)).WithHint("leave it out")
}

// Typed says whether the error is in a source that is typed, and is no file.
func (e *Error) Typed() bool {
	return slices.ContainsFunc(e.sources, func(s *Source) bool {
		return s.Name == "" && s.base == e.Range.number()*sourceSpan
	})
}
