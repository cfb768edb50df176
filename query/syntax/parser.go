package syntax

import "strings"

// Parser walks over the tokens of a query. Its exported methods are what the parsers of stages are made of.
type Parser struct {
	language Language
	text     string
	tokens   []Token
	at       int        // the next one
	kind     *StageKind // of the stage that is read
	word     Token      // that started it

	until      string // a word that ends the items being read
	depth      int    // of brackets in the expression being read
	nodes      int    // of the expression being read
	first      int    // the first token of that expression
	ended      int    // the token behind the last expression
	context    context
	base       int // ranges in the text begin here: it is a part of a Source
	settings   Settings
	declared   *Definition // whose body is read; nil outside of one
	expansions []expansion
	joined     int     // how many stages the queries have that are joined
	cursor     *Cursor // takes notes of what may stand at the end of the text; nil where nobody asks
}

// Word is the word that started the stage, as it was typed.
func (p *Parser) Word() Token { return p.word }

// Ends says whether nothing of the stage is left.
func (p *Parser) Ends() bool { return p.done() || p.peek(0).Is("|") }

// Peek is the next token; the zero Operator token behind the end of the query.
func (p *Parser) Peek() Token { return p.peek(0) }

// Take reads the next token.
func (p *Parser) Take() Token {
	t := p.peek(0)
	p.at++
	return t
}

// Skip reads the word or operator if it is the next token, and says whether it was.
func (p *Parser) Skip(word string) bool {
	if t := p.peek(0); t.IsWord(word) || t.Is(word) {
		p.at++
		return true
	}
	return false
}

// Missing is the error for something that should stand here.
func (p *Parser) Missing(what, example string) *Error {
	t := p.peek(0)
	e := Errorf(t.Range, "expected %s, found %s", what, t.Text)
	if p.done() {
		e = Errorf(t.Range, "%s is missing here", what)
		e.Incomplete = true
	}
	return e.WithHint("for example: %s", example)
}

// Keyword is Skip for a word that is offered where it may stand next, with a line that tells what it does.
func (p *Parser) Keyword(word, doc string) bool {
	p.Expect(ExpectWord{word, doc})
	return p.Skip(word)
}

// Name reads the name of a table or column; expected says which it may be.
func (p *Parser) Name(what, example string, expected Expected) (Identifier, *Error) {
	p.Expect(expected)
	if !p.peek(0).isName() {
		return Identifier{}, p.Missing(what, example)
	}
	return p.identifier(p.Take()), nil
}

// Number reads a number of rows.
func (p *Parser) Number() (Count, *Error) {
	if parameter, err := p.Parameter(); parameter != nil || err != nil {
		return Count{parameter: parameter}, err
	}
	t := p.peek(0)
	n, ok := t.Value.(int)
	if t.Kind != Number || !ok {
		return Count{}, p.Missing("a whole number of rows", p.kind.exampleStage())
	}
	p.at++
	return Count{N: n}, nil
}

// identifier is the name that a token is.
func (p *Parser) identifier(t Token) Identifier {
	name := p.language.Identifier(t.name())
	name.Range = t.Range
	return name
}

// Condition reads an expression that is to be true or false; aggregates says that it may be made of them.
func (p *Parser) Condition(example string, aggregates bool) (Expression, *Error) {
	p.context = context{condition: true, aggregates: aggregates}
	if p.Ends() {
		p.expectOperand()
		return nil, p.Missing("a condition", example)
	}
	return p.parseExpression()
}

// Value reads an expression of any kind; what and example are for the error where there is none.
func (p *Parser) Value(what, example string) (Expression, *Error) {
	p.context = context{}
	if err := p.requireElement(what, example); err != nil {
		return nil, err
	}
	return p.parseExpression()
}

// atElementEnd says whether an expression that is an element of a stage's list ends here.
func (p *Parser) atElementEnd() bool {
	t := p.peek(0)
	return p.done() || p.depth == 0 && (t.Is("|") || t.Is(",") || t.Is(":") || t.IsWord(p.until))
}

func (p *Parser) done() bool { return p.at == len(p.tokens) }

// peek is the token n places ahead; the zero Operator token behind the end.
func (p *Parser) peek(n int) Token {
	if p.at+n >= len(p.tokens) {
		end := len(strings.TrimRight(p.text, " \t\r\n"))
		return Token{Kind: Operator, Range: Range{end, end}.shifted(p.base)}
	}
	return p.tokens[p.at+n]
}

// since is the range from the token to the last one read.
func (p *Parser) since(start Token) Range {
	return start.Range.Join(p.tokens[p.at-1].Range)
}
