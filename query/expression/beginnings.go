package expression

// Beginnings lists texts, with one of which each value of a column begins in rows that satisfy the predicate: "net."
// for name startsWith "net.". It is false where it cannot list them.
func (p Predicate) Beginnings(column string) (texts []string, limited bool) {
	switch p.connective {
	case leaf:
		return p.leaf.beginnings(column)
	case conjunction:
		for _, part := range p.parts {
			if texts, limited := part.Beginnings(column); limited {
				return texts, true
			}
		}
	case disjunction:
		for _, part := range p.parts {
			more, limited := part.Beginnings(column)
			if !limited {
				return nil, false
			}
			texts = append(texts, more...)
		}
		return texts, true
	}
	return nil, false
}

func (l Leaf) beginnings(column string) (texts []string, limited bool) {
	values := l.Values
	if l.Op != "startsWith" || l.Column != column {
		values, limited = l.only(column)
		if !limited {
			return nil, false
		}
	}
	for _, v := range values {
		text, ok := v.(string)
		if !ok {
			return nil, false
		}
		texts = append(texts, text)
	}
	return texts, true
}
