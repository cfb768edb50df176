package tables

import (
	"maps"

	"netql/query"
	"netql/query/schema"
)

var bothFamilies = []uint8{inet, inet6}

// familyWords are the words for them.
var familyWords = []schema.Word{
	{Name: "inet", Aliases: []string{"ipv4", "ip4", "v4"}},
	{Name: "inet6", Aliases: []string{"ipv6", "ip6", "v6"}},
}

func families() *schema.Vocabulary { return schema.NewVocabulary(familyWords...) }

func familyName(family uint8) string {
	if family == inet6 {
		return "inet6"
	}
	return "inet"
}

// wantedFamilies are the address families of which a row with these values can be wanted.
func wantedFamilies(where query.Predicate, known map[string]any) (families []uint8) {
	families = []uint8{}
	for _, family := range bothFamilies {
		if mayHold(where, with(known, "family", familyName(family))) {
			families = append(families, family)
		}
	}
	return families
}

// familyList names the families in words.
func familyList(families []uint8) string {
	text := familyName(families[0])
	for _, family := range families[1:] {
		text += ", " + familyName(family)
	}
	return text
}

// mayHold says whether a row with these values, and any others, can be wanted.
func mayHold(where query.Predicate, known map[string]any) bool {
	return where.May(func(column string) (any, bool) { value, ok := known[column]; return value, ok })
}

// mayBe says whether a row with this value in a column can be wanted.
func mayBe(where query.Predicate, column string, value any) bool {
	return where.May(func(name string) (any, bool) { return value, name == column })
}

// with are the known values and one more.
func with(known map[string]any, column string, value any) map[string]any {
	more := maps.Clone(known)
	if more == nil {
		more = map[string]any{}
	}
	more[column] = value
	return more
}
