package syntax

import (
	"strings"
	"unicode/utf8"

	"netql/query/schema"
)

// MaxLength is the longest query in bytes: far above what a person types, and far below what would exhaust the parser.
const MaxLength = 64 << 10

// maxDepth is how deep brackets may nest.
const maxDepth = 500

// Parse reads a query. The error, if any, is an *Error.
func Parse(text string) (*Query, error) {
	tokens, err := tokenize(text)
	if err != nil {
		return nil, err
	}
	p := &parser{text: text, tokens: tokens}
	query, err := p.query()
	if err != nil {
		return nil, err
	}
	return query, nil
}

// tokenize checks what must hold of every text, and gives its tokens with their brackets closed.
func tokenize(text string) ([]Token, *Error) {
	if len(text) > MaxLength {
		return nil, Errorf(Range{MaxLength, MaxLength}, "the query is longer than %d bytes", MaxLength).WithHint("filter less here, and the rest with the tool that reads the output")
	}
	if i := strings.IndexFunc(text, forbidden); i >= 0 {
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size == 1 {
			return nil, Errorf(Range{i, i + 1}, "the query is not valid UTF-8").WithHint(`a byte that is no character is written \xff inside quotes`)
		}
		if r != utf8.RuneError {
			return nil, Errorf(Range{i, i + size}, "the query holds the control character %s", schema.Visible(string(r))).WithHint(`it is written \x%02x inside quotes`, r)
		}
	}
	tokens, err := Scan(text)
	if err != nil {
		return nil, err
	}
	return tokens, checkBrackets(tokens)
}

func forbidden(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0x7f || r == utf8.RuneError
}

var closing = map[string]string{"(": ")", "[": "]", "{": "}"}

func checkBrackets(tokens []Token) *Error {
	var open []Token
	for _, t := range tokens {
		if t.Kind != Operator {
			continue
		}
		if closing[t.Text] != "" {
			if open = append(open, t); len(open) > maxDepth {
				return Errorf(t.Range, "brackets nest deeper than %d", maxDepth).WithHint("leave brackets out that are not needed")
			}
		} else if t.Text == ")" || t.Text == "]" || t.Text == "}" {
			if len(open) == 0 {
				return Errorf(t.Range, "%q closes nothing", t.Text).WithHint("leave it out, or open it before")
			}
			last := open[len(open)-1]
			if closing[last.Text] != t.Text {
				return Errorf(last.Range.Join(t.Range), "%q is closed by %q", last.Text, t.Text).
					WithHint("close it with %q", closing[last.Text])
			}
			open = open[:len(open)-1]
		}
	}
	if len(open) == 0 {
		return nil
	}
	last := open[len(open)-1]
	e := Errorf(last.Range, "%q is never closed", last.Text).WithHint("close it with %q", closing[last.Text])
	e.Incomplete = true
	return e
}

// parser walks over the tokens; at is the next one.
type parser struct {
	text   string
	tokens []Token
	at     int
}

func (p *parser) done() bool { return p.at == len(p.tokens) }

// peek is the token n places ahead; the zero Operator token behind the end.
func (p *parser) peek(n int) Token {
	if p.at+n >= len(p.tokens) {
		end := len(strings.TrimRight(p.text, " \t\r\n"))
		return Token{Kind: Operator, Range: Range{end, end}}
	}
	return p.tokens[p.at+n]
}

func (p *parser) take() Token {
	t := p.peek(0)
	p.at++
	return t
}

// missing is the error for something that should stand here.
func (p *parser) missing(what, example string) *Error {
	t := p.peek(0)
	e := Errorf(t.Range, "expected %s, found %s", what, t.Text)
	if p.done() {
		e = Errorf(t.Range, "%s is missing here", what)
		e.Incomplete = true
	}
	return e.WithHint("for example: %s", example)
}

func (p *parser) query() (*Query, *Error) {
	if p.peek(0).IsWord("from") && p.peek(1).Kind == Name {
		p.at++
	}
	if p.peek(0).Kind != Name {
		return nil, p.missing("a table", "sockets state == LISTEN; the tables are listed by: tables")
	}
	table := p.take()
	q := &Query{Table: Identifier{table.Range, table.Text}}
	if err := p.filter(q); err != nil {
		return nil, err
	}
	for !p.done() {
		p.at++ // the | that ended the stage before
		stage, err := p.stage()
		if err != nil {
			return nil, err
		}
		q.Stages = append(q.Stages, stage)
	}
	return q, nil
}

// filter reads the condition that may stand right after the table.
func (p *parser) filter(q *Query) *Error {
	first := p.peek(0)
	if p.done() || first.Is("|") {
		return nil
	}
	if name, known := stageWords[strings.ToLower(first.Text)]; known && first.Kind == Name {
		switch next := p.peek(1); {
		case name == "where" && (next.operand() || !p.peek(1).isBinary()):
			p.at++
		case next.Kind != Operator && next.Keyword() == "" && p.at+1 < len(p.tokens):
			return Errorf(first.Range, "a stage needs a | before it").
				WithHint("did you mean: %s | %s ...", q.Table.Name, first.Text)
		}
	}
	condition, err := p.condition()
	if err != nil {
		return err
	}
	q.Stages = append(q.Stages, &Where{condition.Range(), condition})
	return nil
}

// isBinary says whether the token can only stand between two operands.
func (t Token) isBinary() bool {
	if t.Kind == Operator {
		return !strings.Contains("( [ { - + ! . #", t.Text)
	}
	return operatorWords[t.Keyword()] && t.Keyword() != "not"
}

// rest are the tokens up to the next | or the end.
func (p *parser) rest() []Token {
	start := p.at
	for depth := 0; !p.done(); p.at++ {
		t := p.peek(0)
		depth += nesting(t)
		if depth == 0 && t.Is("|") {
			break
		}
	}
	return p.tokens[start:p.at]
}

// nesting is by how much the token changes the depth of brackets.
func nesting(t Token) int {
	if t.Kind != Operator {
		return 0
	}
	switch t.Text {
	case "(", "[", "{":
		return 1
	case ")", "]", "}":
		return -1
	}
	return 0
}

// condition reads one expression up to the end of the stage.
func (p *parser) condition() (Expression, *Error) {
	missing := p.missing("a condition", "where lport == 22")
	return newExpression(p.rest(), missing)
}

// newExpression checks that the tokens can be one; missing is the error when there are none.
func newExpression(tokens []Token, missing *Error) (Expression, *Error) {
	if len(tokens) == 0 {
		return Expression{}, missing
	}
	for _, t := range tokens {
		if t.Is("=") {
			return Expression{}, Errorf(t.Range, "= names an item; it does not compare").WithHint("to compare, write ==")
		}
	}
	return Expression{tokens}, nil
}
