package expression

import (
	"netql/query/schema"
	"netql/query/syntax"
)

// bareWord takes time-wait or sshd.service, written without blanks, for one word, unless it is an operation on columns:
// a difference, as pid-1, where all that it is made of are columns and numbers, or a part of a column.
func (b *builder) bareWord(n syntax.Expression) (operand, bool) {
	stranger := b.stranger(n)
	if stranger == nil {
		return operand{}, false
	}
	text := syntax.BareWord(n)
	if text == "" {
		return operand{}, false
	}
	o := operand{word: text}
	if _, dotted := n.(*syntax.Field); dotted || leftmost(n) != stranger {
		o.unknown = UnknownColumn(b.scope.Schema, stranger.Name, stranger.Range)
	}
	return o, true
}

// stranger is the first name in a bare word that is no column; nil where there is none.
func (b *builder) stranger(n syntax.Expression) *syntax.Word {
	switch n := n.(type) {
	case *syntax.Word:
		if _, column := FindColumn(b.scope.Schema, n.Name); !column {
			return n
		}
	case *syntax.Field:
		return b.stranger(n.Object)
	case *syntax.Binary:
		if first := b.stranger(n.Left); first != nil {
			return first
		}
		return b.stranger(n.Right)
	}
	return nil
}

// leftmost is the first name in a bare word.
func leftmost(n syntax.Expression) *syntax.Word {
	for {
		switch part := n.(type) {
		case *syntax.Word:
			return part
		case *syntax.Field:
			n = part.Object
		case *syntax.Binary:
			n = part.Left
		default:
			return nil
		}
	}
}

// textWord is the text that a bare word is opposite a text. A name that is a letter off one of a column, or is one of a
// column that an earlier stage has left out, is not taken for a text: it would hide a slip.
func (b *builder) textWord(word operand) (operand, error) {
	near := syntax.OneOff(word.word, b.scope.Schema.Names())
	earlier := b.scope.Earlier != nil && b.scope.Earlier(word.word)
	if near == "" && !earlier {
		return constant(word.source, schema.Of(schema.Text), word.word), nil
	}
	e := UnknownColumn(b.scope.Schema, word.word, word.at())
	if near != "" {
		return operand{}, e.WithHint("did you mean %q? A text that is spelt so needs quotes: %q", near, word.word)
	}
	return operand{}, e.WithHint("a text that is spelt so needs quotes: %q", word.word)
}
