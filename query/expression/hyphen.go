package expression

import (
	"netql/query/syntax"
)

// hyphenated takes time-wait, written without blanks, for one bare word, unless all that it is made of are columns and
// numbers, as in pid-1: then it is a difference.
func (b *builder) hyphenated(n *syntax.Binary) (operand, bool) {
	if !n.Hyphen {
		return operand{}, false
	}
	word, stranger := b.parts(n)
	if stranger == nil {
		return operand{}, false
	}
	o := operand{word: word}
	if first, ok := leftmost(n).(*syntax.Word); ok && first != stranger {
		o.unknown = UnknownColumn(b.scope.Schema, stranger.Name, stranger.Range)
	}
	return o, true
}

// parts joins the parts of a word with hyphens, and finds the first that is no column (stranger).
func (b *builder) parts(n syntax.Expression) (text string, stranger *syntax.Word) {
	switch n := n.(type) {
	case *syntax.Word:
		if _, column := FindColumn(b.scope.Schema, n.Name); !column {
			stranger = n
		}
		return n.Name, stranger
	case *syntax.Constant:
		return n.Text, nil
	case *syntax.Binary:
		left, stranger := b.parts(n.Left)
		right, other := b.parts(n.Right)
		if stranger == nil {
			stranger = other
		}
		return left + "-" + right, stranger
	}
	return "", nil
}

func leftmost(n syntax.Expression) syntax.Expression {
	for {
		b, ok := n.(*syntax.Binary)
		if !ok {
			return n
		}
		n = b.Left
	}
}
