package expression

import "slices"

// Only lists all values that a column can have in rows that satisfy the predicate: 1 and 2 for a == 1 or a in [1, 2].
// It is false where it cannot list them. A scan may then ask the kernel for these values alone.
func (p Predicate) Only(column string) (values []any, limited bool) {
	switch p.connective {
	case leaf:
		return p.leaf.only(column)
	case conjunction:
		for _, part := range p.parts {
			if values, limited := part.Only(column); limited {
				return values, true
			}
		}
	case disjunction:
		for _, part := range p.parts {
			more, limited := part.Only(column)
			if !limited {
				return nil, false
			}
			values = append(values, more...)
		}
		return values, true
	}
	return nil, false
}

// only: == and in name values of every kind that has no two spellings; an address may stand for those of every zone.
func (l Leaf) only(column string) ([]any, bool) {
	named := func(v any) bool {
		switch v.(type) {
		case string, int, bool:
			return true
		}
		return false
	}
	if l.Column != column || l.Op != "==" && l.Op != "in" ||
		slices.ContainsFunc(l.Values, func(v any) bool { return !named(v) }) {
		return nil, false
	}
	return l.Values, true
}
