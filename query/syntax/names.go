package syntax

// Names are the names in an expression, of columns, functions and parts of records, in the order in which they stand
// there.
func Names(n Expression) []Identifier {
	switch n := n.(type) {
	case *Word:
		return []Identifier{{n.Range, n.Name, n.reserved}}
	case *Call:
		names := []Identifier{n.Name}
		arguments := n.Arguments
		if n.Piped {
			names = append(Names(arguments[0]), n.Name)
			arguments = arguments[1:]
		}
		return append(names, namesOf(arguments...)...)
	case *Field:
		return append(Names(n.Object), n.Name)
	case *Unary:
		return Names(n.Operand)
	case *Binary:
		return namesOf(n.Left, n.Right)
	case *Chain:
		return namesOf(n.Operands...)
	case *Conditional:
		return namesOf(n.Condition, n.Then, n.Else)
	case *Array:
		return namesOf(n.Elements...)
	case *Index:
		return namesOf(n.Object, n.Index)
	case *Slice:
		return namesOf(n.Object, n.From, n.To)
	}
	return nil
}

func namesOf(nodes ...Expression) (names []Identifier) {
	for _, n := range nodes {
		names = append(names, Names(n)...)
	}
	return names
}

// Quoted says whether the name stands in backquotes in the query.
func (i Identifier) Quoted() bool { return i.Range.End-i.Range.Start > len(i.Name) }
