package syntax

import (
	"strconv"
	"strings"
)

// printer writes the canonical text of an expression.
type printer struct {
	strings.Builder
	depth int // of brackets, inside which | hands a value on; outside, it ends the stage
}

func textOf(n Expression) string {
	p := &printer{}
	p.operand(n, levelConditional)
	return p.String()
}

// String implements Expression; so do the others below.
func (n *Word) String() string        { return textOf(n) }
func (n *Constant) String() string    { return textOf(n) }
func (n *Element) String() string     { return textOf(n) }
func (n *Unary) String() string       { return textOf(n) }
func (n *Binary) String() string      { return textOf(n) }
func (n *Chain) String() string       { return textOf(n) }
func (n *Conditional) String() string { return textOf(n) }
func (n *Array) String() string       { return textOf(n) }
func (n *Call) String() string        { return textOf(n) }
func (n *Field) String() string       { return textOf(n) }
func (n *Index) String() string       { return textOf(n) }
func (n *Slice) String() string       { return textOf(n) }

// operand writes a node where only operators from a level on can stand without brackets.
func (p *printer) operand(n Expression, least level) {
	at := n.level()
	if isDefault(n) && least > levelPipe {
		at = levelConditional // ?? binds tightest, yet beside other operators it needs brackets
	}
	if call, ok := n.(*Call); ok && call.Piped && p.depth == 0 {
		at, least = levelPipe, levelOperand
	}
	if at >= least {
		n.write(p)
		return
	}
	p.enclose("(", ")", func() { n.write(p) })
}

func isDefault(n Expression) bool {
	b, ok := n.(*Binary)
	return ok && b.Operator.Name == "??"
}

func (p *printer) enclose(before, after string, inside func()) {
	p.WriteString(before)
	p.depth++
	inside()
	p.depth--
	p.WriteString(after)
}

func (p *printer) list(nodes []Expression) {
	for i, n := range nodes {
		if i > 0 {
			p.WriteString(", ")
		}
		p.operand(n, levelConditional)
	}
}

// write quotes the words of stages, which may stand before and behind an expression, and end it.
func (n *Word) write(p *printer) {
	name := Identifier{n.Range, n.Name, n.reserved}
	if n.reserved {
		p.WriteString(name.String())
		return
	}
	p.WriteString(name.quoted())
}

// fractionText is the literal of a fraction, also where it is a whole number.
func fractionText(f float64) string {
	text := strconv.FormatFloat(f, 'g', -1, 64)
	if strings.ContainsAny(text, ".e") {
		return text
	}
	return text + ".0"
}

func (n *Constant) write(p *printer) {
	if text, ok := n.Value.(string); ok && n.Kind == String {
		p.WriteString(strconv.Quote(text))
		return
	}
	if f, ok := n.Value.(float64); ok && strings.HasSuffix(n.Text, "%") { // what it is does not hang on what follows
		p.WriteString(fractionText(f))
		return
	}
	p.WriteString(n.Text)
}

func (n *Element) write(p *printer) { p.WriteString("#") }

func (n *Unary) write(p *printer) {
	p.WriteString(n.Operator.Name)
	if n.Operator.Name == "not" {
		p.WriteByte(' ')
	}
	p.operand(n.Operand, n.level())
}

func (n *Binary) write(p *printer) {
	if n.Hyphen {
		writeWord(&p.Builder, n)
		return
	}
	left, right := n.level(), n.level()+1
	switch {
	case left == levelComparison || left == levelRange: // two of them in a row are hard to read, or mean a chain
		left++
	case left == levelPower: // groups from the right, where a sign needs no brackets
		left, right = left+1, levelSign
	case left == levelDefault:
		if isDefault(n.Left) {
			left = levelConditional
		}
		if signed(n.Right) {
			right = levelSign
		}
	}
	p.operand(n.Left, left)
	p.WriteString(n.operatorText())
	p.operand(n.Right, right)
}

// signed says whether the node is a sign and what binds tighter than any operator.
func signed(n Expression) bool {
	u, ok := n.(*Unary)
	return ok && u.level() == levelSign && (u.Operand.level() == levelOperand || signed(u.Operand))
}

// operatorText is the operator with not, if it is negated, and the blanks around it.
func (n *Binary) operatorText() string {
	switch {
	case n.Operator.Name == "..":
		return n.Operator.Name
	case n.Negated:
		return " not " + n.Operator.Name + " "
	}
	return " " + n.Operator.Name + " "
}

func (n *Chain) write(p *printer) {
	for i, operand := range n.Operands {
		if i > 0 {
			p.WriteString(" " + n.Operators[i-1].Name + " ")
		}
		p.operand(operand, levelComparison+1)
	}
}

func (n *Conditional) write(p *printer) {
	p.operand(n.Condition, levelPipe)
	p.WriteString(" ?")
	if n.Then != nil {
		p.WriteByte(' ')
		p.operand(n.Then, levelConditional)
		p.WriteByte(' ')
	}
	p.WriteString(": ")
	p.operand(n.Else, levelConditional)
}

func (n *Array) write(p *printer) { p.enclose("[", "]", func() { p.list(n.Elements) }) }

func (n *Call) write(p *printer) {
	arguments := n.Arguments
	if n.Piped {
		p.operand(arguments[0], levelPipe)
		p.WriteString(" | ")
		arguments = arguments[1:]
	}
	p.WriteString(n.Name.Name)
	p.enclose("(", ")", func() { p.list(arguments) })
}

func (n *Field) write(p *printer) {
	_, element := n.Object.(*Element)
	if !element || n.Optional {
		p.operand(n.Object, levelOperand)
	}
	if c, ok := n.Object.(*Constant); ok && (c.Kind == Literal || c.Kind == Number) {
		p.WriteByte(' ') // or the point would be read as part of the literal
	}
	if n.Optional {
		p.WriteByte('?')
	}
	p.WriteString("." + n.Name.Name)
}

func (n *Index) write(p *printer) {
	p.operand(n.Object, levelOperand)
	p.enclose("[", "]", func() { p.operand(n.Index, levelConditional) })
}

func (n *Slice) write(p *printer) {
	p.operand(n.Object, levelOperand)
	from, to := p.end(n.From), p.end(n.To)
	colon := ":"
	if strings.Contains(from+to, ":") { // or the colons could be read as those of an address
		colon = " : "
	}
	p.WriteString("[" + from + colon + to + "]")
}

// end is the text of an end of a slice.
func (p *printer) end(n Expression) string {
	if n == nil {
		return ""
	}
	inner := &printer{depth: p.depth + 1}
	inner.operand(n, levelConditional)
	return inner.String()
}
