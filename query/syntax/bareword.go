package syntax

import "strings"

// BareWord is the text of a word without quotes, such as nginx, time-wait or sshd.service: names, and numbers behind
// them, with points or minus signs between them, all without blanks. Whether it is a word or an operation depends on
// the columns that there are. It is "" for any other expression.
func BareWord(n Expression) string {
	var b strings.Builder
	if at := n.Span(); !writeWord(&b, n) || at.End-at.Start != b.Len() {
		return "" // in backquotes, or with blanks
	}
	return b.String()
}

// writeWord writes the names and numbers of an expression with what stands between them; false where it has other
// parts.
func writeWord(b *strings.Builder, n Expression) bool {
	switch n := n.(type) {
	case *Word:
		b.WriteString(n.Name)
		return true
	case *Field:
		object := !n.Optional && writeWord(b, n.Object)
		b.WriteString("." + n.Name.Name)
		return object
	case *Binary:
		if !n.Hyphen || !writeWord(b, n.Left) {
			return false
		}
		b.WriteByte('-')
		if number, ok := n.Right.(*Constant); ok {
			b.WriteString(number.Text)
			return true
		}
		return writeWord(b, n.Right)
	}
	return false
}

// hyphenated says whether words, or words and numbers after them, touch the minus between them.
func (n *Binary) hyphenated() bool {
	op := n.Operator
	if op.Name != "-" || n.Left.Span().End != op.Range.Start || op.Range.End != n.Right.Span().Start {
		return false
	}
	left, isBinary := n.Left.(*Binary)
	if isBinary && !left.Hyphen || !isBinary && BareWord(n.Left) == "" {
		return false
	}
	switch right := n.Right.(type) {
	case *Constant:
		return right.Kind == Number
	case *Word, *Field:
		return BareWord(right) != ""
	}
	return false
}
