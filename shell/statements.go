package shell

import (
	"bufio"
	"errors"
	"io"
	"strings"

	"netql/query/syntax"
)

// statements reads queries, and words of the prompt, that may take several lines. A semicolon ends one, and so do an
// empty line and a line that does not begin with |, unless what there is so far must go on: a bracket is open, or an
// operand follows. SQL, which has hints of its own, goes on up to a semicolon or an empty line.
type statements struct {
	in         *bufio.Reader
	incomplete func(text string) bool // says whether more text may mend what is wrong with a query

	line   int    // the number of the line that was read last
	rest   string // what was read of it and belongs to the next statement
	unread bool   // rest is to be read again
}

// next reads one statement, and gives the number of its first line. io.EOF says that there is none.
func (s *statements) next() (text string, line int, err error) {
	for {
		next, err := s.readLine()
		switch {
		case errors.Is(err, io.EOF) && text != "":
			return text, line, nil
		case err != nil:
			return "", s.line, err
		case text == "" && !isQuery(next):
			continue
		case text == "":
			text, line = next, s.line
		case isComment(next):
			text += "\n" // so that lines keep their numbers
			continue
		case strings.TrimSpace(next) == "":
			return text, line, nil
		case len(text) <= syntax.MaxLength && (isSQL(text) || continues(next) || s.incomplete(text)):
			text += "\n" + next
		default:
			s.rest, s.unread = next, true
			return text, line, nil
		}
		if !strings.Contains(next, ";") {
			continue
		}
		if before, after, ended := cutStatement(text); ended {
			s.rest, s.unread = after, true
			if isQuery(before) {
				return before, line, nil
			}
			text = ""
		}
	}
}

// readLine reads a line, or the rest of one.
func (s *statements) readLine() (string, error) {
	if s.unread {
		s.unread = false
		return s.rest, nil
	}
	s.line++
	line, err := readLine(s.in)
	if s.line == 1 {
		line = strings.TrimPrefix(line, byteOrderMark)
	}
	return line, err
}

// byteOrderMark is what some editors begin a file of UTF-8 with (Unicode 16.0, 23.8).
const byteOrderMark = "\ufeff"

// isSQL says whether a text begins, behind its comments, as a query of SQL does.
func isSQL(text string) bool {
	for line := range strings.Lines(text) {
		if isQuery(line) {
			first := strings.Fields(line)[0]
			return strings.EqualFold(first, "select") || strings.EqualFold(first, "with")
		}
	}
	return false
}

// cutStatement cuts a text behind its first statement: at a semicolon that is not in quotes or a comment. What follows
// an exclamation mark is another program's, up to the end of the line.
func cutStatement(text string) (before, after string, found bool) {
	if _, found := cutShellWord(text); found {
		return text, "", false
	}
	sql := isSQL(text)
	for at := 0; at < len(text); {
		if text[at] == ';' {
			return text[:at], text[at+1:], true
		}
		length, _ := lexeme(text, at, sql)
		at += length
	}
	return text, "", false
}
