package syntax

import (
	"slices"
	"strings"
	"unicode/utf8"

	"netql/query/schema"
)

// MaxLength is the longest query in bytes: far above what a person types, and far below what would exhaust the parser.
const MaxLength = 64 << 10

// maxDepth is how deep brackets may nest.
const maxDepth = 500

// Parse reads a query. The error, if any, is an *Error.
func (l Language) Parse(text string) (*Query, error) {
	tokens, err := tokenize(text)
	if err != nil {
		return nil, err
	}
	p := &Parser{language: l, text: text, tokens: tokens}
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
	if err := checkCharacters(text); err != nil {
		return nil, err
	}
	tokens, err := Scan(text)
	if err != nil {
		return nil, err
	}
	return tokens, checkBrackets(tokens)
}

// checkCharacters refuses control characters, and bytes that are no characters.
func checkCharacters(text string) *Error {
	for i, r := range text {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(text[i:], string(utf8.RuneError)):
			return Errorf(Range{i, i + 1}, "the query is not valid UTF-8").WithHint(`a byte that is no character is written \xff inside quotes`)
		case r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0x7f:
			return Errorf(Range{i, i + 1}, "the query holds the control character %s", schema.Visible(string(r))).WithHint(`it is written \x%02x inside quotes`, r)
		}
	}
	return nil
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

func (p *Parser) query() (*Query, *Error) {
	if p.peek(0).IsWord("from") {
		p.at++
	}
	if first := p.peek(0); !first.isName() || first.IsWord("from") {
		return nil, p.Missing("a table", "sockets state == LISTEN; the tables are listed by: tables")
	}
	table := p.Take()
	q := &Query{Table: table.identifier(), language: p.language}
	if err := p.filter(q); err != nil {
		return nil, err
	}
	for !p.done() {
		p.at++ // the | that ended the stage before
		if n := len(q.Stages); n > 0 {
			if err := p.checkLast(q.Stages[n-1]); err != nil {
				return nil, err
			}
		}
		stage, err := p.stage()
		if err != nil {
			return nil, err
		}
		q.Stages = append(q.Stages, stage)
		if err := checkStages(q.Stages); err != nil {
			return nil, err
		}
	}
	if err := q.checkOrder(); err != nil {
		return nil, err
	}
	return q, nil
}

// filter reads the condition that may stand right after the table.
func (p *Parser) filter(q *Query) *Error {
	first := p.peek(0)
	if p.done() || first.Is("|") {
		return nil
	}
	if kind, known := p.language.Stage(first.Text); known {
		switch next := p.peek(1); {
		case kind.Filter && (next.EndsValue() || !p.peek(1).isBinary()):
			p.at++
		case next.Kind != Operator && next.Keyword() == "" && p.at+1 < len(p.tokens):
			return Errorf(first.Range, "a stage needs a | before it").
				WithHint("did you mean: %s | %s ...", q.Table.Name, first.Text)
		}
	}
	start, kind := p.peek(0), p.language.filter()
	node, err := kind.Parse(p)
	if err != nil {
		return err
	}
	q.Stages = append(q.Stages, Stage{kind, p.since(start), node})
	return nil
}

// stage reads one stage, from its word to the next | or the end.
func (p *Parser) stage() (Stage, *Error) {
	start := p.peek(0)
	if start.Kind != Name {
		all := strings.Join(p.language.Words(), ", ")
		return Stage{}, p.Missing("a stage", "where, select, sort, limit, count, group; all: "+all)
	}
	kind, known := p.language.Stage(start.Text)
	if !known {
		return Stage{}, p.unknownStage()
	}
	p.at++
	p.word = start
	node, err := kind.Parse(p)
	if err != nil {
		return Stage{}, err
	}
	if t := p.peek(0); !p.Ends() {
		return Stage{}, Errorf(t.Range, "unexpected %s after %s", t.Text, kind.Name).
			WithHint("the next stage needs a | before it")
	}
	return Stage{kind, p.since(start), node}, nil
}

func (p *Parser) unknownStage() *Error {
	t := p.peek(0)
	e := Errorf(t.Range, "unknown stage %q", t.Text)
	if next := p.peek(1); t.Keyword() == "not" || next.isBinary() && !next.Is("|") {
		return e.WithHint("did you mean: where %s", Expression{slices.Clone(p.rest())})
	}
	words := p.language.Words()
	if near := Nearest(t.Text, words); near != "" {
		return e.WithHint("did you mean %q?", near)
	}
	return e.WithHint("stages: %s", strings.Join(words, ", "))
}

// isBinary says whether the token can only stand between two operands.
func (t Token) isBinary() bool {
	if t.Kind == Operator {
		return !strings.Contains("( [ { - + ! . #", t.Text)
	}
	return operatorWords[t.Keyword()] && t.Keyword() != "not"
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

// expression checks what every expression keeps to; the rest is for the expression language to say.
func (p *Parser) expression(tokens []Token) (Expression, *Error) {
	var questions []Token
	depth := 0
	for i, t := range tokens {
		depth += nesting(t)
		switch {
		case t.Is("="):
			return Expression{}, Errorf(t.Range, "= names an item; it does not compare").WithHint("to compare, write ==")
		case depth == 0 && t.Is("?"):
			questions = append(questions, t)
		case depth == 0 && t.Is(":") && len(questions) == 0:
			return Expression{}, strayColon(tokens, i)
		case depth == 0 && t.Is(":"):
			questions = questions[:len(questions)-1]
		}
	}
	if n := len(questions); n > 0 {
		e := Errorf(questions[n-1].Range, "? lacks its :").WithHint("for example: lport < 1024 ? \"system\" : \"user\"")
		e.Incomplete = p.open(tokens)
		return Expression{}, e
	}
	return Expression{tokens}, nil
}

func strayColon(tokens []Token, i int) *Error {
	e := Errorf(tokens[i].Range, "unexpected :")
	if i > 0 && i+1 < len(tokens) && tokens[i-1].Kind == Literal && tokens[i+1].Kind == Number {
		at := tokens[i-1].Range.Join(tokens[i+1].Range)
		return Errorf(at, "an address with a port is text").WithHint("it is written \"%s:%s\"", tokens[i-1].Text, tokens[i+1].Text)
	}
	return e.WithHint("a colon stands in a ? b : c, and in group between the keys and the aggregates")
}
