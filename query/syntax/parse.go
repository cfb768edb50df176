package syntax

import (
	"strings"
	"time"
	"unicode/utf8"

	"netql/query/schema"
)

// MaxLength is the longest query in bytes: far above what a person types, and far below what would exhaust the parser.
const MaxLength = 64 << 10

// maxDepth is how deep brackets may nest.
const maxDepth = 500

// Settings are what a user has chosen for all queries.
type Settings struct {
	// Interval is that of stages which repeat the query and name none; 0 leaves it to the stage.
	Interval time.Duration
	// Definition finds a named query; it is nil where there are none, and gives nil for any other name.
	Definition func(name string) *Definition
}

// Parse reads a query. The error, if any, is an *Error.
func (l Language) Parse(text string) (*Query, error) { return l.ParseWith(Settings{}, text) }

// ParseWith is Parse for a user's settings. A named query at the beginning is replaced by its own stages.
func (l Language) ParseWith(settings Settings, text string) (*Query, error) {
	tokens, err := tokenize(text)
	if err != nil {
		return nil, err
	}
	p := &Parser{language: l, text: text, tokens: tokens, settings: settings}
	query, err := p.query()
	if err != nil {
		return nil, p.located(err)
	}
	return query, nil
}

// tokenize checks what must hold of every text, and gives its tokens with their brackets closed.
func tokenize(text string) ([]Token, *Error) {
	if len(text) > MaxLength {
		return nil, Errorf(Range{MaxLength, MaxLength}, "the query is longer than %d bytes", MaxLength).
			WithHint("filter less here, and the rest with the tool that reads the output")
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
			return Errorf(Range{i, i + 1}, "the query is not valid UTF-8").
				WithHint(`a byte that is no character is written \xff inside quotes`)
		case r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0x7f:
			return Errorf(Range{i, i + 1}, "the query holds the control character %s", schema.Visible(string(r))).
				WithHint(`it is written \x%02x inside quotes`, r)
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
				return Errorf(t.Range, "brackets nest deeper than %d", maxDepth).
					WithHint("leave brackets out that are not needed")
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
	q := &Query{language: p.language}
	if err := p.begin(q); err != nil {
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
		if err := p.checkStages(q.Stages); err != nil {
			return nil, err
		}
	}
	q.expansions, q.joined = p.expansions, p.joined
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
		case kind.Filter && (next.endsValue() || !p.peek(1).isBinary()):
			p.at++
		case next.Kind != Operator && next.Keyword() == "" && p.at+1 < len(p.tokens):
			return Errorf(first.Range, "a stage needs a | before it").
				WithFix(first.Range, "| %s", first.Text)
		}
	}
	start, kind := p.peek(0), p.language.filter()
	stage, err := p.finish(kind, start)
	if err != nil {
		return err
	}
	q.Stages = append(q.Stages, stage)
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
	return p.finish(kind, start)
}

// finish reads what follows the word that starts a stage, up to the next | or the end.
func (p *Parser) finish(kind *StageKind, start Token) (Stage, *Error) {
	p.kind, p.word, p.ended = kind, start, 0
	node, err := kind.Parse(p)
	switch t := p.peek(0); {
	case err != nil:
		return Stage{}, err
	case !p.Ends() && p.at == p.ended:
		return Stage{}, p.unexpected()
	case p.startsStage(t):
		return Stage{}, p.unexpected()
	case !p.Ends():
		return Stage{}, Errorf(t.Range, "unexpected %s after %s", t.Text, kind.Name).
			WithHint("the next stage needs a | before it")
	}
	return Stage{kind, p.since(start), node}, nil
}

func (p *Parser) unknownStage() *Error {
	t := p.peek(0)
	e := Errorf(t.Range, "unknown stage %q", t.Text)
	if next := p.peek(1); t.Keyword() == "not" || next.isBinary() && !next.Is("|") {
		p.context = context{condition: true}
		if condition, err := p.parseExpression(); err == nil && p.Ends() {
			return e.WithHint("did you mean: where %s", condition).WithFix(t.Range, "where %s", t.Text)
		}
	}
	words := p.language.Words()
	if near := Nearest(t.Text, words); near != "" {
		return e.WithHint("did you mean %q?", near).WithFix(t.Range, "%s", near)
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
