package tables

import "netql/query"

// wantedFamilies are the address families of which a row with these values can be wanted.
func wantedFamilies(where query.Predicate, known map[string]any) (families []uint8) {
	for _, family := range []uint8{inet, inet6} {
		if where.May(func(column string) (any, bool) {
			if column == "family" {
				return familyName(family), true
			}
			value, ok := known[column]
			return value, ok
		}) {
			families = append(families, family)
		}
	}
	return families
}

// familyList names the families in words.
func familyList(families []uint8) string {
	text := familyName(families[0]).(string)
	for _, family := range families[1:] {
		text += ", " + familyName(family).(string)
	}
	return text
}
