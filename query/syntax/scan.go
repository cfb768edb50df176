package syntax

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"netql/query/schema"
)

// operators, longest first, as expressions and stages use them.
var operators = []string{
	"==", "!=", "<=", ">=", "&&", "||", "**", "..", "?.", "??",
	"<>", "<", ">", "+", "-", "*", "/", "%", "^", "!", "=", "|", "(", ")", "[", "]", "{", "}", ",", ".", ":", "?", "#",
}

// foreignOperators are operators of other languages that people type out of habit, and what to write instead.
var foreignOperators = [...]struct{ text, instead string }{
	{"===", "=="}, {"!==", "!="}, {"=~", "matches"}, {"!~", "not matches"}, {"~", "matches"}, {"|&", "|"}, {"&", "and"},
}

// scanner turns the query's text into tokens.
type scanner struct {
	text   string
	at     int
	tokens []Token
}

// Scan splits a query into tokens. Comments are skipped: // to the end of the line, /* to */, and lines that start
// with #.
func Scan(text string) ([]Token, *Error) {
	s := &scanner{text: text}
	for {
		if err := s.skipBlank(); err != nil {
			return nil, err
		}
		if s.at == len(text) {
			return s.tokens, nil
		}
		if err := s.next(); err != nil {
			return nil, err
		}
	}
}

func (s *scanner) skipBlank() *Error {
	for s.at < len(s.text) {
		rest := s.text[s.at:]
		switch {
		case strings.IndexByte(" \t\r\n", rest[0]) >= 0:
			s.at++
		case strings.HasPrefix(rest, "//"), rest[0] == '#' && s.lineStart():
			if end := strings.IndexByte(rest, '\n'); end >= 0 {
				s.at += end + 1
			} else {
				s.at = len(s.text)
			}
		case strings.HasPrefix(rest, "/*"):
			end := strings.Index(rest[2:], "*/")
			if end < 0 {
				e := Errorf(Range{s.at, s.at + 2}, "this comment is never closed").WithHint("close it with */")
				e.Incomplete = true
				return e
			}
			s.at += end + 4
		default:
			return nil
		}
	}
	return nil
}

func (s *scanner) lineStart() bool {
	before := strings.TrimRight(s.text[:s.at], " \t\r")
	return before == "" || strings.HasSuffix(before, "\n")
}

func (s *scanner) next() *Error {
	rest := s.text[s.at:]
	switch c := rest[0]; {
	case c == '"' || c == '\'':
		return s.quoted(c)
	case c == '`':
		return s.backquoted()
	case c == '$':
		if n := wordLength(rest[1:]); n > 0 {
			return s.add(Placeholder, 1+n, rest[1:1+n])
		}
	}
	afterDot := len(s.tokens) > 0 && (s.last().Is(".") || s.last().Is("?."))
	if literal, err := scanLiteral(rest); err != nil && !afterDot {
		err.Range.Start += s.at
		err.Range.End += s.at
		if err.Fix != nil {
			err.Fix.Range = err.Range
		}
		return err
	} else if literal.Text != "" && !afterDot {
		return s.add(literal.Kind, len(literal.Text), literal.Value)
	}
	if n := wordLength(rest); n > 0 {
		return s.add(Name, n, nil)
	}
	return s.operator(rest)
}

func (s *scanner) last() Token { return s.tokens[len(s.tokens)-1] }

func (s *scanner) add(kind TokenKind, length int, value any) *Error {
	r := Range{s.at, s.at + length}
	s.tokens = append(s.tokens, Token{Kind: kind, Range: r, Text: s.text[r.Start:r.End], Value: value})
	s.at = r.End
	return nil
}

func (s *scanner) operator(rest string) *Error {
	if strings.Trim(rest, "; \t\r\n") == "" {
		s.at = len(s.text) // the end of a statement, as SQL has it
		return nil
	}
	if rest[0] == ';' {
		return Errorf(Range{s.at, s.at + 1}, "netql has no %q", ";").
			WithHint("a query is one pipeline; write the next one on a line of its own")
	}
	for _, foreign := range foreignOperators {
		if strings.HasPrefix(rest, foreign.text) && !strings.HasPrefix(rest, "&&") {
			at := Range{s.at, s.at + len(foreign.text)}
			e := Errorf(at, "netql has no %q", foreign.text)
			e.Fix = &Fix{at, apart(s.text[:at.Start], foreign.instead, s.text[at.End:])}
			return e
		}
	}
	for _, operator := range operators {
		if strings.HasPrefix(rest, operator) {
			if operator == "." || operator == "?." {
				return s.dot(operator)
			}
			return s.add(Operator, len(operator), nil)
		}
	}
	r, size := utf8.DecodeRuneInString(rest)
	at := Range{s.at, s.at + size}
	if r == '$' {
		return Errorf(at, "unexpected character %s", quoteRune(r)).
			WithHint("a shell puts what $$ or $NAME stands for into a query in double quotes; here nobody does")
	}
	return Errorf(at, "unexpected character %s", quoteRune(r)).
		WithHint("text needs quotes; a name with special characters needs `backquotes`")
}

// apart is a word with a blank on either side where it would touch what stands there.
func apart(before, word, after string) string {
	if !strings.HasSuffix(before, " ") {
		word = " " + word
	}
	if !strings.HasPrefix(after, " ") {
		word += " "
	}
	return word
}

// dot accepts a member access only where a name follows, so that spacing never changes what a query means.
func (s *scanner) dot(operator string) *Error {
	if wordLength(s.text[s.at+len(operator):]) == 0 {
		e := Errorf(Range{s.at, s.at + len(operator)}, "a name must follow %q directly", operator).
			WithHint("for example: owners[0].pid; a number has digits after its point")
		e.Incomplete = s.at+len(operator) == len(s.text)
		return e
	}
	return s.add(Operator, len(operator), nil)
}

func (s *scanner) backquoted() *Error {
	end := strings.IndexByte(s.text[s.at+1:], '`')
	if end < 0 {
		e := Errorf(Range{s.at, s.at + 1}, "this name is never closed").WithHint("close it with `")
		e.Incomplete = true
		return e
	}
	if end == 0 {
		return Errorf(Range{s.at, s.at + 2}, "a name needs at least one character").WithHint("for example: `my name`")
	}
	return s.add(Quoted, end+2, s.text[s.at+1:s.at+1+end])
}

func (s *scanner) quoted(quote byte) *Error {
	rest := s.text[s.at+1:]
	var value []byte
	for rest != "" && rest[0] != quote {
		r, multibyte, tail, err := strconv.UnquoteChar(rest, quote)
		if rest[0] == '\n' {
			r, multibyte, tail, err = '\n', false, rest[1:], nil
		}
		if err != nil {
			start := len(s.text) - len(rest)
			if len(rest) == 1 {
				break // a backslash at the very end: the string is not closed
			}
			_, size := utf8.DecodeRuneInString(rest[1:])
			return Errorf(Range{start, start + 1 + size}, "unknown escape %s", rest[:1+size]).
				WithHint(`a backslash in text is written \\`)
		}
		if multibyte || r < utf8.RuneSelf {
			value = utf8.AppendRune(value, r)
		} else {
			value = append(value, byte(r)) // \xff names a byte
		}
		rest = tail
	}
	if rest == "" || rest[0] != quote {
		e := Errorf(Range{s.at, s.at + 1}, "this string is never closed").WithHint("close it with %c", quote)
		e.Incomplete = true
		return e
	}
	return s.add(String, len(s.text)-len(rest)+1-s.at, string(value))
}

// wordLength is the length of the name that the text starts with: a letter or _, then letters, digits and _.
func wordLength(text string) int {
	n := 0
	for n < len(text) && wordByte(text[n], n > 0) {
		n++
	}
	return n
}

func wordByte(c byte, inside bool) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || inside && c >= '0' && c <= '9'
}

func quoteRune(r rune) string {
	if visible := schema.Visible(string(r)); len(visible) > utf8.RuneLen(r) {
		return visible
	}
	return strconv.QuoteRune(r)
}
