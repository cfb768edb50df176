// Package syntax turns the text of a query into a tree. Every node has a range in the text and prints itself in one
// canonical way; parsing that text again gives the same tree.
package syntax

import "strings"

// Query is a table and what is done with its rows.
type Query struct {
	Table    Identifier
	Stages   []Stage // a filter right after the table is a stage like any other
	language Language

	expansions []expansion
	joined     int // as in Parser
}

// Identifier is a name with its place.
type Identifier struct {
	Range    Range
	Name     string
	reserved bool // a word of some stage's grammar, which has to be quoted
}

// Item is one element of select, extend, group and distinct.
type Item struct {
	Name       *Identifier // nil where the query gives none
	Star       bool        // *: all columns; the rest is empty then
	Expression Expression
}

// Key is one element of sort and top.
type Key struct {
	Expression Expression
	Descending bool
}

// String is the canonical text of the whole query. A stage without a text, which only an engine can add, is not in it.
func (q *Query) String() string {
	var b strings.Builder
	b.WriteString(q.Table.String())
	first := true
	for _, stage := range q.Stages {
		text := stage.String()
		if text == "" {
			continue
		}
		condition, filters := strings.CutPrefix(text, stage.Kind.Name+" ")
		if first && stage.Kind.Filter && filters && !q.misread(condition) {
			b.WriteString(" " + condition)
		} else {
			b.WriteString(" | " + text)
		}
		first = false
	}
	return b.String()
}

// misread says that a condition right after the table would be taken for a stage.
func (q *Query) misread(condition string) bool {
	_, known := q.language.Stage(condition[:wordLength(condition)])
	return known
}

// String quotes a name that is no plain word, or that could be taken for a word of the grammar.
func (i Identifier) String() string {
	if i.reserved || strings.EqualFold(i.Name, "from") {
		return "`" + i.Name + "`"
	}
	return i.quoted()
}

// quoted has backquotes where the name is no plain word.
func (i Identifier) quoted() string {
	if wordLength(i.Name) == len(i.Name) && keywords[strings.ToLower(i.Name)] == "" {
		return i.Name
	}
	return "`" + i.Name + "`"
}

func (i Item) String() string {
	switch {
	case i.Star:
		return "*"
	case i.Name != nil:
		return i.Name.String() + " = " + i.Expression.String()
	}
	return i.Expression.String()
}

// text is the key with its direction, which is left out where it is the default; that is desc if descending.
func (k Key) text(descending bool) string {
	text := k.Expression.String()
	if strings.HasPrefix(text, "-") {
		text = "(" + text + ")" // or the sign would be a direction
	}
	switch {
	case k.Descending == descending:
		return text
	case k.Descending:
		return text + " desc"
	}
	return text + " asc"
}

// KeyList is the canonical text of keys; descending is their direction where nothing is said.
func KeyList(keys []Key, descending bool) string {
	texts := make([]string, len(keys))
	for i, key := range keys {
		texts[i] = key.text(descending)
	}
	return strings.Join(texts, ", ")
}

// List is the canonical text of items, columns or matches.
func List[T interface{ String() string }](nodes []T) string {
	texts := make([]string, len(nodes))
	for i, n := range nodes {
		texts[i] = n.String()
	}
	return strings.Join(texts, ", ")
}

// FirstWord is the word that a text begins with, which is to be the name of a table; its name is "" where there is
// none.
func FirstWord(text string) Identifier {
	start := len(text) - len(strings.TrimLeft(text, " \t\r\n"))
	length := wordLength(text[start:])
	return Identifier{Range: Range{start, start + length}, Name: text[start : start+length]}
}

// ColumnItem is the item that a column's bare name makes.
func ColumnItem(name string) Item { return Item{Expression: &Word{Name: name}} }

// CountItem is the item count().
func CountItem() Item { return Item{Expression: &Call{Name: Identifier{Name: "count"}}} }
