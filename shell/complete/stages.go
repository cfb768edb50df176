package complete

import (
	"netql/query/syntax"
)

// StageDoc is what a stage does, in a line, and how it is written.
type StageDoc struct{ Name, Usage, Doc string }

// Stages are all stages, in the order in which people want them.
var Stages = []StageDoc{
	{"where", "where CONDITION", "keep the rows for which it is true"},
	{"select", "select ITEM, ...", "show these columns only; * is all of them"},
	{"extend", "extend NAME = EXPRESSION, ...", "add columns"},
	{"drop", "drop COLUMN, ...", "leave columns out"},
	{"sort", "sort KEY [desc], ...", "order the rows"},
	{"limit", "limit N", "keep the first rows"},
	{"top", "top N by KEY, ...", "keep the rows with the largest keys"},
	{"count", "count by ITEM, ...", "count the rows of each group, the largest first"},
	{"group", "group by ITEM, ...: AGGREGATE, ...", "compute something of each group"},
	{"stats", "stats AGGREGATE, ... by ITEM, ...", "the same in the other order"},
	{"distinct", "distinct ITEM, ...", "show each combination once"},
	{"join", "join [left] TABLE on COLUMN == COLUMN", "put the rows of another table beside"},
	{"bars", "bars", "draw the last column as bars"},
	{"watch", "watch [2s] [until CONDITION]", "ask again and again, and show what changes"},
	{"follow", "follow", "show what happens, as it happens"},
}

// stages tell what may come next in each stage, after these tokens of it.
var stages = map[string]func(c *cursor, tokens []syntax.Token) []Candidate{
	"where": func(c *cursor, tokens []syntax.Token) []Candidate { return c.condition(tokens, false) },
	"select": func(c *cursor, tokens []syntax.Token) []Candidate {
		return c.items(tokens, false, keyword("*", "all columns"))
	},
	"extend":   func(c *cursor, tokens []syntax.Token) []Candidate { return c.items(tokens, false) },
	"distinct": func(c *cursor, tokens []syntax.Token) []Candidate { return c.items(tokens, false) },
	"drop":     (*cursor).drop,
	"sort":     (*cursor).sort,
	"limit":    func(*cursor, []syntax.Token) []Candidate { return nil },
	"top":      (*cursor).top,
	"count":    (*cursor).count,
	"group":    (*cursor).group,
	"stats":    (*cursor).stats,
	"join":     (*cursor).join,
	"bars":     func(*cursor, []syntax.Token) []Candidate { return nil },
	"watch":    (*cursor).watch,
	"follow":   func(*cursor, []syntax.Token) []Candidate { return nil },
}

// candidates are all that may stand at the cursor, whatever the word there starts with.
func (c *cursor) candidates() []Candidate {
	tokens := c.stage()
	if c.bar() < 0 {
		return c.first(tokens)
	}
	if len(tokens) == 0 {
		return stageNames()
	}
	name, known := syntax.StageNamed(tokens[0].Text)
	if !known {
		return nil
	}
	return stages[name](c, tokens[1:])
}

// first is the table and its filter.
func (c *cursor) first(tokens []syntax.Token) []Candidate {
	if len(tokens) > 0 && tokens[0].IsWord("from") {
		tokens = tokens[1:]
	}
	switch {
	case len(tokens) == 0:
		return c.tables()
	case len(c.columns().Columns) == 0:
		return nil
	case len(tokens) == 1:
		return append(c.condition(nil, false), keyword("where", "a condition follows"))
	case tokens[1].IsWord("where"), tokens[1].IsWord("filter"):
		return c.condition(tokens[2:], false)
	}
	return c.condition(tokens[1:], false)
}

func (c *cursor) tables() (candidates []Candidate) {
	for _, table := range c.Catalog.Tables() {
		candidates = append(candidates, Candidate{Text: table.Name, Doc: table.Doc, Kind: Table, End: " "})
	}
	return candidates
}

// stageNames leaves out the other names of stages: they only make the list longer.
func stageNames() (candidates []Candidate) {
	for _, s := range Stages {
		candidates = append(candidates, Candidate{Text: s.Name, Label: s.Usage, Doc: s.Doc, Kind: Stage, End: " "})
	}
	return candidates
}

func keyword(word, doc string) Candidate {
	return Candidate{Text: word, Doc: doc, Kind: Keyword, End: " "}
}

// items are the elements of select and its kin; more may stand instead of one.
func (c *cursor) items(tokens []syntax.Token, aggregates bool, more ...Candidate) []Candidate {
	item := lastElement(tokens)
	if len(item) >= 2 && item[1].Is("=") {
		item, more = item[2:], nil
	}
	if len(item) > 0 {
		return c.expression(item, aggregates)
	}
	return append(c.expression(item, aggregates), more...)
}

func (c *cursor) drop(tokens []syntax.Token) []Candidate {
	if len(lastElement(tokens)) > 0 {
		return nil
	}
	return c.columnNames()
}

func (c *cursor) sort(tokens []syntax.Token) []Candidate {
	if len(tokens) > 0 && tokens[0].IsWord("by") {
		tokens = tokens[1:]
	}
	return c.keys(tokens)
}

// keys are the elements of sort and top.
func (c *cursor) keys(tokens []syntax.Token) []Candidate {
	key := lastElement(tokens)
	if len(key) > 0 && key[0].Is("-") {
		key = key[1:]
	}
	if n := len(key); n > 0 && key[n-1].EndsValue() && depth(key) == 0 {
		return []Candidate{keyword("desc", "the largest first"), keyword("asc", "the smallest first")}
	}
	return c.expression(key, false)
}

func (c *cursor) top(tokens []syntax.Token) []Candidate {
	switch {
	case len(tokens) == 0:
		return nil
	case len(tokens) == 1:
		return []Candidate{keyword("by", "what the largest is chosen by")}
	}
	return c.keys(tokens[2:])
}

func (c *cursor) count(tokens []syntax.Token) []Candidate {
	if len(tokens) == 0 {
		return []Candidate{keyword("by", "what to count by")}
	}
	return c.items(tokens[1:], false)
}

func (c *cursor) group(tokens []syntax.Token) []Candidate {
	if len(tokens) > 0 && tokens[0].IsWord("by") {
		tokens = tokens[1:]
	} else if len(tokens) == 0 {
		return append(c.items(tokens, false), keyword("by", "what to group by"))
	}
	if colon := top(tokens, func(t syntax.Token) bool { return t.Is(":") }); colon >= 0 {
		return c.items(tokens[colon+1:], true)
	}
	return c.items(tokens, false)
}

func (c *cursor) stats(tokens []syntax.Token) []Candidate {
	if by := top(tokens, func(t syntax.Token) bool { return t.IsWord("by") }); by >= 0 {
		return c.items(tokens[by+1:], false)
	}
	if n := len(tokens); n > 0 && tokens[n-1].EndsValue() && depth(tokens) == 0 {
		return []Candidate{keyword("by", "what to group by")}
	}
	return c.items(tokens, true)
}

func (c *cursor) watch(tokens []syntax.Token) []Candidate {
	until := keyword("until", "a condition that ends the watch")
	switch {
	case len(tokens) == 0:
		return []Candidate{keyword("1s", "every second"), keyword("5s", "every five seconds"), until}
	case tokens[0].IsWord("until"):
		return c.condition(tokens[1:], true)
	case len(tokens) == 1:
		return []Candidate{until}
	}
	return c.condition(tokens[2:], true)
}

// lastElement are the tokens since the last comma that is in no bracket.
func lastElement(tokens []syntax.Token) []syntax.Token {
	level, start := 0, 0
	for i, t := range tokens {
		level += nesting(t)
		if level == 0 && t.Is(",") {
			start = i + 1
		}
	}
	return tokens[start:]
}

// top finds the first token of a kind that is in no bracket.
func top(tokens []syntax.Token, is func(syntax.Token) bool) int {
	level := 0
	for i, t := range tokens {
		level += nesting(t)
		if level == 0 && is(t) {
			return i
		}
	}
	return -1
}

// depth is in how many brackets the end of the tokens is.
func depth(tokens []syntax.Token) int {
	level := 0
	for _, t := range tokens {
		level += nesting(t)
	}
	return level
}
