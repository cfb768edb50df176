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
// operand follows.
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
		case len(text) <= syntax.MaxLength && (continues(next) || s.incomplete(text)):
			text += "\n" + next
		default:
			s.rest, s.unread = next, true
			return text, line, nil
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
	return readLine(s.in)
}

// cutStatement cuts a text behind its first statement: at a semicolon that is not in quotes or a comment. What follows
// an exclamation mark is another program's, up to the end of the line.
func cutStatement(text string) (before, after string, found bool) {
	if strings.HasPrefix(strings.TrimSpace(text), "!") {
		return text, "", false
	}
	for at := 0; at < len(text); {
		switch rest := text[at:]; {
		case rest[0] == ';':
			return text[:at], text[at+1:], true
		case strings.IndexByte("\"'`", rest[0]) >= 0:
			at += quotedLength(rest)
		case strings.HasPrefix(rest, "//"):
			at += lengthTo(rest, "\n")
		case strings.HasPrefix(rest, "/*"):
			at += lengthTo(rest, "*/")
		default:
			at++
		}
	}
	return text, "", false
}

// quotedLength is the length of the text in quotes with which a text begins; all of it where they are not closed.
func quotedLength(text string) int {
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == text[0]:
			return i + 1
		case text[i] == '\\' && text[0] != '`':
			i++
		}
	}
	return len(text)
}

// lengthTo is the length of a text up to the end of its first part that is end; all of it where there is none.
func lengthTo(text, end string) int {
	if i := strings.Index(text, end); i >= 0 {
		return i + len(end)
	}
	return len(text)
}

// isQuery says whether a line asks for anything: it is neither blank nor a comment.
func isQuery(line string) bool { return strings.TrimSpace(line) != "" && !isComment(line) }

// isComment says whether a line is a comment as a whole: those of shells, SQL and the language itself.
func isComment(line string) bool {
	line = strings.TrimSpace(line)
	return strings.HasPrefix(line, "#") || strings.HasPrefix(line, "--") || strings.HasPrefix(line, "//")
}
