package tables

import (
	"maps"

	"netql/query"
	"netql/query/schema"
)

// bothFamilies are the address families of IPv4 and IPv6.
var bothFamilies = []uint8{inet, inet6}

// familyWords are the words of inet and inet6, in this order.
var familyWords = []schema.Word{
	{Name: "inet", Aliases: []string{"ipv4", "ip4", "v4"}},
	{Name: "inet6", Aliases: []string{"ipv6", "ip6", "v6"}},
}

func families() *schema.Vocabulary { return schema.NewVocabulary(familyWords...) }

// familyName is the word of a family: inet6 for that, inet for any other.
func familyName(family uint8) string {
	if family == inet6 {
		return "inet6"
	}
	return "inet"
}

// wantedFamilies are the address families that the conditions allow for a row with these values, by column. It is never
// nil.
func wantedFamilies(where query.Predicate, known map[string]any) (families []uint8) {
	families = []uint8{}
	for _, family := range bothFamilies {
		if mayHold(where, with(known, "family", familyName(family))) {
			families = append(families, family)
		}
	}
	return families
}

// familyList is the words of families, of which there is one at least: "inet, inet6".
func familyList(families []uint8) string {
	text := familyName(families[0])
	for _, family := range families[1:] {
		text += ", " + familyName(family)
	}
	return text
}

// mayHold says whether the conditions allow a row with these values, by column, and any values in other columns.
func mayHold(where query.Predicate, known map[string]any) bool {
	return where.May(func(column string) (any, bool) { value, ok := known[column]; return value, ok })
}

// mayBe says whether the conditions allow a row with this value in a column, and any values in other columns.
func mayBe(where query.Predicate, column string, value any) bool {
	return where.May(func(name string) (any, bool) { return value, name == column })
}

// with is a copy of the known values, by column, with one more.
func with(known map[string]any, column string, value any) map[string]any {
	more := maps.Clone(known)
	if more == nil {
		more = map[string]any{}
	}
	more[column] = value
	return more
}
