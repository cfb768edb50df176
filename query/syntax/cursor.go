package syntax

import "strings"

// Cursor is the end of a text that is being typed, and what may stand there.
type Cursor struct {
	Pipeline string // the query before the stage at the cursor; "" where the table is not known yet
	Expected []Expected
}

// Expected is something that may stand at a cursor: one of the Expect types.
type Expected interface{ expected() }

type (
	// ExpectTable is the name of a table.
	ExpectTable struct{}
	// ExpectFilter is a condition right after the table, before which the word of its stage may stand.
	ExpectFilter struct{ Word string }
	// ExpectStage is the word that starts a stage.
	ExpectStage struct{}
	// ExpectWord is a keyword. One without Doc is not offered by completion.
	ExpectWord struct{ Word, Doc string }
	// ExpectColumn is the name of a column of the rows so far, and nothing more.
	ExpectColumn struct{}
	// ExpectJoinColumn is a column of a join: one of the rows so far that can be equal to one of Table or, where Left
	// is not "", one of Table that can be equal to Left.
	ExpectJoinColumn struct {
		Table, Left string
		In          bool // the column is a prefix in which Left lies
	}
	// ExpectOperand is the beginning of an expression, or what follows an operator.
	ExpectOperand struct {
		// Left is what it is compared with: by == or !=, as an element of a list after in, or by contains; else nil.
		Left       Expression
		Contains   bool // Left is to contain it
		Aggregates bool // it may be an aggregate
		Nested     bool // it stands in brackets
	}
	// ExpectOperator is what follows an operand in a condition.
	ExpectOperator struct {
		After    Expression // the operand
		Compared bool       // it is the right side of a comparison
	}
	// ExpectPart is the name of a part of Object. Where that is an Element, it is one of List.
	ExpectPart struct{ Object, List Expression }
	// ExpectFunction is the name of a function to which a value is handed.
	ExpectFunction struct{}
)

func (ExpectTable) expected()      {}
func (ExpectFilter) expected()     {}
func (ExpectStage) expected()      {}
func (ExpectWord) expected()       {}
func (ExpectColumn) expected()     {}
func (ExpectJoinColumn) expected() {}
func (ExpectOperand) expected()    {}
func (ExpectOperator) expected()   {}
func (ExpectPart) expected()       {}
func (ExpectFunction) expected()   {}

// At is AtWith without settings.
func (l Language) At(text string) (*Cursor, bool) { return l.AtWith(Settings{}, text) }

// AtWith reads a text up to the cursor, which stands at its end, behind a whole word. Stages before the one at the
// cursor may be wrong. It is false in a comment, and where the text cannot be split into tokens.
func (l Language) AtWith(settings Settings, text string) (*Cursor, bool) {
	tokens, err := Scan(text)
	if err != nil {
		if !strings.HasSuffix(text, ".") || err.Range.End != len(text) {
			return nil, false
		}
		if tokens, err = Scan(text + "x"); err != nil { // the point before the name of a part
			return nil, false
		}
		tokens = tokens[:len(tokens)-1]
	}
	if trimmed := strings.TrimRight(text, " \t\r\n"); trimmed != "" && !endsAt(tokens, len(trimmed)) {
		return nil, false
	}
	p := &Parser{language: l, text: text, tokens: tokens, settings: settings, cursor: &Cursor{}}
	p.toCursor()
	return p.cursor, true
}

func endsAt(tokens []Token, end int) bool {
	return len(tokens) > 0 && tokens[len(tokens)-1].Range.End == end
}

// toCursor reads the tokens to the end, and notes in p.cursor what may stand there. A query in brackets begins behind
// these.
func (p *Parser) toCursor() {
	start := 0
	if p.at > 0 {
		start = p.tokens[p.at-1].Range.End
	}
	p.Skip("from")
	p.Expect(ExpectTable{})
	if p.done() {
		return
	}
	table := p.Take()
	p.cursor.Pipeline = table.Text
	if d := p.settings.find(table.name()); d != nil && len(d.Parameters) > 0 {
		p.toArgument(d, table)
	} else if p.done() {
		p.context = context{condition: true}
		p.expectOperand()
		p.Expect(ExpectFilter{p.language.filter().Name})
		return
	} else {
		p.filter(&Query{Table: p.identifier(table)})
	}
	for p.nextPipe() {
		p.cursor.Pipeline = strings.TrimLeft(p.text[start:p.tokens[p.at].Range.Start], " \t\r\n")
		p.at++
		p.Expect(ExpectStage{})
		p.stage()
	}
}

// toArgument reads the arguments of a named query. At the end, the names of its parameters may stand.
func (p *Parser) toArgument(d *Definition, name Token) {
	if last := p.tokens[len(p.tokens)-1]; last == name || last.Is(",") || last.Is("(") {
		for _, parameter := range d.Parameters {
			p.cursor.Expected = append(p.cursor.Expected, ExpectWord{parameter.Name.Name + " =", parameter.doc()})
		}
		p.at = len(p.tokens)
		return
	}
	_, _ = p.arguments(d, name) // what is wrong is told when the query is asked
}

// nextPipe skips to the next | outside of brackets, and says whether there is one.
func (p *Parser) nextPipe() bool {
	for p.depth = 0; !p.done(); p.at++ {
		switch t := p.peek(0); {
		case p.depth == 0 && t.Is("|"):
			return true
		case t.Kind == Operator && closing[t.Text] != "":
			p.depth++
		case t.Is(")"), t.Is("]"), t.Is("}"):
			p.depth = max(0, p.depth-1)
		}
	}
	return false
}

// context is what surrounds an operand, as far as a cursor has to know it.
type context struct {
	condition, aggregates bool       // of the whole expression
	left                  Expression // stands before the operator, which stands before the operand
	operator              string
	listed                bool       // the operand is an element of a list to the right of that operator
	list                  Expression // the list whose element # is
}

// Expect notes what may stand next, if the parser is at the cursor.
func (p *Parser) Expect(e Expected) {
	if p.cursor != nil && p.done() {
		p.cursor.Expected = append(p.cursor.Expected, e)
	}
}

// rightOperand reads the operand to the right of an operator, with what a cursor in it has to know of the left one.
func (p *Parser) rightOperand(left Expression, op Operation, least level) (Expression, *Error) {
	before := p.context
	p.context.left, p.context.operator, p.context.listed = left, op.Name, false
	n, err := p.expression(least)
	p.context = before
	return n, err
}

func (p *Parser) expectOperand() {
	around := p.context
	e := ExpectOperand{Aggregates: around.aggregates, Nested: p.depth > 0, Contains: around.operator == "contains"}
	switch around.operator {
	case "==", "!=", "contains":
		e.Left = around.left
	case "in":
		if around.listed {
			e.Left = around.left
		}
	}
	p.Expect(e)
}

// expectOperator notes the operand right before the cursor, but not the operations that end with it.
func (p *Parser) expectOperator(after Expression) {
	if p.cursor == nil || !p.context.condition || len(p.cursor.Expected) > 0 {
		return
	}
	compared := binaryLevels[p.context.operator] == levelComparison && !p.context.listed
	p.Expect(ExpectOperator{after, compared})
}
