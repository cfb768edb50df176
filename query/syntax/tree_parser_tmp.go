package syntax

import "strings"

// treeParser is the parser of expressions, until stages use it themselves.
type treeParser struct {
	parser
	nodes int
	open  int
	first int
}

// Tree parses the tokens of an expression.
func (e Expression) Tree() (Node, *Error) {
	end := e.Tokens[len(e.Tokens)-1].Range.End
	p := &treeParser{parser: parser{text: strings.Repeat(" ", end), tokens: e.Tokens}}
	n, err := p.parseExpression()
	if err == nil && !p.done() {
		err = p.unexpected()
	}
	return n, err
}
