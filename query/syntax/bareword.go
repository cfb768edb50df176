package syntax

// BareWord is the text of a word without quotes, such as nginx, time-wait or sshd.service: names, and numbers behind
// them, with points or minus signs between them, all without blanks. Whether it is a word or an operation depends on
// the columns that there are. It is "" for any other expression.
func BareWord(n Expression) string {
	text := ""
	switch n := n.(type) {
	case *Word:
		text = n.Name
	case *Field:
		object := BareWord(n.Object)
		if object == "" || n.Optional || n.Name.Quoted() {
			return ""
		}
		text = object + "." + n.Name.Name
	case *Binary:
		if !n.Hyphen {
			return ""
		}
		return BareWord(n.Left) + "-" + hyphenPart(n.Right)
	}
	if at := n.Span(); at.End-at.Start != len(text) {
		return "" // in backquotes, or with blanks
	}
	return text
}

// hyphenPart is what may stand behind the minus of a word.
func hyphenPart(n Expression) string {
	if number, ok := n.(*Constant); ok && number.Kind == Number {
		return number.Text
	}
	if _, operation := n.(*Binary); operation {
		return ""
	}
	return BareWord(n)
}

// hyphenated says whether words, or words and numbers after them, touch the minus between them.
func (n *Binary) hyphenated() bool {
	op := n.Operator
	return op.Name == "-" && n.Left.Span().End == op.Range.Start && op.Range.End == n.Right.Span().Start &&
		BareWord(n.Left) != "" && hyphenPart(n.Right) != ""
}
