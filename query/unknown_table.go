package query

import (
	"slices"
	"strings"

	"netql/query/expression"
	"netql/query/syntax"
)

// unknownTable is the error for a name that is no table, with the one that was probably meant: by another name, by the
// beginning of its name, or spelt nearly so.
func (c *Catalog) unknownTable(name syntax.Identifier) *syntax.Error {
	e := syntax.Errorf(name.Range, "unknown table %q", name.Name).NamesNothing(name.Name)
	names := append(c.Names(), c.Named.Names()...)
	if table, synonym, ok := c.meant(name.Name); ok && synonym.Condition == "" {
		return e.WithFix(name.Range, "%s", table)
	}
	begun := beginning(names, name.Name)
	if len(begun) == 1 {
		return e.WithFix(name.Range, "%s", begun[0])
	}
	if near := syntax.Nearest(name.Name, names); near != "" && len(begun) == 0 {
		return e.WithHint("did you mean %q?", near).WithFix(name.Range, "%s", near)
	}
	nearest := append(begun, syntax.NearestOf(name.Name, without(names, begun), 3)...)
	return e.WithHint("the nearest are %s; tables lists all", strings.Join(nearest[:min(3, len(nearest))], ", "))
}

// meant is the table that people look for by a word, and that word.
func (c *Catalog) meant(word string) (table string, synonym Synonym, ok bool) {
	for i := range c.tables {
		for _, synonym := range c.tables[i].Synonyms {
			if strings.EqualFold(synonym.Word, word) {
				return c.tables[i].Name, synonym, true
			}
		}
	}
	return "", Synonym{}, false
}

// Meant is the query that a word stands for: a table by its name in any case, by another word, or by the beginning of
// its name alone; or some rows of one.
func (c *Catalog) Meant(word string) (query string, ok bool) {
	names := c.Names()
	for _, name := range names {
		if strings.EqualFold(name, word) {
			return name, true
		}
	}
	if table, synonym, ok := c.meant(word); ok {
		return strings.TrimSpace(table + " " + synonym.Condition), true
	}
	if begun := beginning(names, word); len(begun) == 1 {
		return begun[0], true
	}
	return "", false
}

// beginning are the names that begin with a part, which has two letters or more.
func beginning(names []string, part string) (list []string) {
	for _, name := range names {
		if len(part) > 1 && len(part) <= len(name) && strings.EqualFold(name[:len(part)], part) {
			list = append(list, name)
		}
	}
	return list
}

func without(names, left []string) (rest []string) {
	for _, name := range names {
		if !slices.Contains(left, name) {
			rest = append(rest, name)
		}
	}
	return rest
}

// withColumn is the first table that has a column of this name.
func (c *Catalog) withColumn(name string) (table string, ok bool) {
	for _, t := range c.Tables() {
		if _, ok := expression.FindColumn(t.schema(), name); ok {
			return t.Name, true
		}
	}
	return "", false
}

// compares says whether a text goes on with a comparison.
func compares(text string) bool {
	text = strings.TrimLeft(text, " \t\n")
	return text != "" && (strings.IndexByte("=!<>", text[0]) >= 0 || strings.HasPrefix(text, "in ") ||
		strings.HasPrefix(text, "contains "))
}

// wrongTable is the error for a text whose first word is no table. q is the query, nil where the text does not parse.
func (c *Catalog) wrongTable(text string, word syntax.Identifier, q *syntax.Query) *syntax.Error {
	if word.Range.InFile() {
		return c.unknownTable(word)
	}
	if _, stage := Language.Stage(word.Name); stage {
		e := syntax.Errorf(word.Range, "a query begins with the table, and stages follow it")
		return e.WithFix(syntax.Range{Start: word.Range.Start, End: word.Range.Start}, "%s | ", c.Names()[0])
	}
	table, synonym, ok := c.meant(word.Name)
	if !ok || synonym.Condition == "" {
		e := c.unknownTable(word)
		if !compares(text[word.Range.End:]) {
			return e
		}
		if table, ok := c.withColumn(word.Name); ok {
			e.Hint = ""
			return e.WithFix(syntax.Range{Start: word.Range.Start, End: word.Range.Start}, "%s ", table)
		}
		return e
	}
	at, condition := word.Range, synonym.Condition
	if q != nil && len(q.Stages) > 0 {
		if where, filters := q.Stages[0].Node.(*whereStage); filters {
			at, condition = at.Join(q.Stages[0].Range), condition+" and ("+where.condition.String()+")"
		}
	}
	return syntax.Errorf(word.Range, "unknown table %q", word.Name).WithFix(at, "%s %s", table, condition)
}

// wrongBeginning is the error for a text that does not parse: that its first word is no table, if it is none, because
// then nothing behind it means what it seems to; else what the parser says.
func (c *Catalog) wrongBeginning(text string, parsing *syntax.Error) *syntax.Error {
	word := syntax.FirstWord(text)
	switch {
	case word.Name == "" || word.Name == "from" || word.Name == "def" || parsing.Incomplete:
		return parsing
	case c.has(word.Name) || c.Named.Find(word.Name) != nil:
		return parsing
	}
	return c.wrongTable(text, word, nil)
}
