package query

import (
	"slices"
	"strings"

	"netql/query/syntax"
)

// The words that begin a clause of a SELECT, and those whose clauses have no counterpart.
var (
	sqlClauses   = []string{"select", "from", "where", "group", "having", "order", "limit", "fetch", "offset"}
	sqlForeign   = []string{"union", "intersect", "except", "window", "into", "with"}
	sqlJoinWords = []string{"join", "inner", "left", "right", "full", "cross", "outer", "natural"}
)

// fromSelect is the query that asks the same as a SELECT statement of SQL, or why there is none; false for a text that
// is none.
func fromSelect(text string) (query, why string, ok bool) {
	tokens, err := syntax.Scan(text)
	if err != nil {
		tokens, err = syntax.Scan(strings.ReplaceAll(text, ".*", " *")) // s.*, all columns of a table
	}
	if err != nil || len(tokens) == 0 || !tokens[0].IsWord("select") {
		return "", "", false
	}
	if !slices.ContainsFunc(tokens, func(t syntax.Token) bool { return t.IsWord("from") }) {
		return "", "", false
	}
	s := &sqlSelect{names: Set{}}
	s.split(tokens)
	query, why = s.query()
	return query, why, true
}

// sqlSelect is a SELECT statement, as tokens.
type sqlSelect struct {
	clauses map[string][]syntax.Token // by the word that begins them
	foreign string                    // a clause that has no counterpart
	names   Set                       // of the tables and their aliases, which may stand before columns
	items   []sqlItem
}

// sqlItem is an element of the list behind SELECT.
type sqlItem struct {
	text, name string // name is "" where no AS gives one
	aggregate  bool
}

// split finds the clauses.
func (s *sqlSelect) split(tokens []syntax.Token) {
	s.clauses = map[string][]syntax.Token{}
	clause, depth := "", 0
	for _, t := range tokens {
		depth += sqlDepth(t)
		word := strings.ToLower(t.Text)
		if t.Kind == syntax.Name && depth == 0 {
			if slices.Contains(sqlForeign, word) {
				s.foreign = word
			}
			if slices.Contains(sqlClauses, word) {
				clause = word
				continue
			}
		}
		s.clauses[clause] = append(s.clauses[clause], t)
	}
}

// sqlDepth is by how much a token changes the depth of brackets.
func sqlDepth(t syntax.Token) int {
	switch {
	case t.Is("("), t.Is("["):
		return 1
	case t.Is(")"), t.Is("]"):
		return -1
	}
	return 0
}

// sqlList splits tokens at the commas outside of brackets.
func sqlList(tokens []syntax.Token) (list [][]syntax.Token) {
	depth, start := 0, 0
	for i, t := range tokens {
		if depth += sqlDepth(t); depth == 0 && t.Is(",") {
			list = append(list, tokens[start:i])
			start = i + 1
		}
	}
	return append(list, tokens[start:])
}

// query is the query that asks the same, or why there is none.
func (s *sqlSelect) query() (text, why string) {
	if s.foreign != "" {
		return "", "a query has no " + s.foreign + ": it is one table, and stages behind it"
	}
	if len(s.clauses["offset"]) > 0 || len(sqlList(s.clauses["limit"])) > 1 {
		return "", noOffset
	}
	from, why := s.from()
	if why != "" {
		return "", why
	}
	distinct, limit := s.selected()
	var stages []string
	if where := s.text(s.clauses["where"]); where != "" {
		stages = append(stages, "where "+where)
	}
	stages = append(stages, s.middle(distinct)...)
	if limit = s.limit(limit); limit != "" {
		stages = append(stages, "limit "+limit)
	}
	return strings.Join(append([]string{from}, stages...), " | "), ""
}

// from is the table with its joins.
func (s *sqlSelect) from() (text, why string) {
	tokens := s.clauses["from"]
	if len(sqlList(tokens)) > 1 {
		return "", "tables are put beside each other by: TABLE | join OTHER on COLUMN == COLUMN"
	}
	table, rest := s.table(tokens)
	if table == "" {
		return "", "a query asks a table, not another query: its stages follow each other"
	}
	text = table
	for len(rest) > 0 {
		join, after, ok := s.join(rest)
		if !ok {
			return "", "tables are put beside each other by: TABLE | join OTHER on COLUMN == COLUMN"
		}
		text, rest = text+" | "+join, after
	}
	return text, ""
}

// table reads a table and its alias.
func (s *sqlSelect) table(tokens []syntax.Token) (name string, rest []syntax.Token) {
	if len(tokens) == 0 || tokens[0].Kind == syntax.Operator {
		return "", nil
	}
	for len(tokens) > 2 && tokens[1].Is(".") { // of a schema
		tokens = tokens[2:]
	}
	name, tokens = tokens[0].Text, tokens[1:]
	s.names.add(strings.ToLower(name))
	if len(tokens) > 0 && tokens[0].IsWord("as") {
		tokens = tokens[1:]
	}
	if len(tokens) > 0 && tokens[0].Kind == syntax.Name && !sqlJoinWord(tokens[0]) && !tokens[0].IsWord("on") &&
		!tokens[0].IsWord("using") {
		s.names.add(strings.ToLower(tokens[0].Text))
		tokens = tokens[1:]
	}
	return name, tokens
}

func sqlJoinWord(t syntax.Token) bool { return slices.Contains(sqlJoinWords, strings.ToLower(t.Text)) }

// join reads [LEFT] JOIN table ON a = b AND ..., or USING (a).
func (s *sqlSelect) join(tokens []syntax.Token) (stage string, rest []syntax.Token, ok bool) {
	kind := "join "
	for len(tokens) > 0 && !tokens[0].IsWord("join") {
		switch {
		case tokens[0].IsWord("left"):
			kind = "join left "
		case !tokens[0].IsWord("inner") && !tokens[0].IsWord("outer"):
			return "", nil, false
		}
		tokens = tokens[1:]
	}
	if len(tokens) == 0 {
		return "", nil, false
	}
	before := len(s.names)
	table, tokens := s.table(tokens[1:])
	if table == "" || len(tokens) == 0 || len(s.names) == before {
		return "", nil, false
	}
	on := tokens[1:]
	end := slices.IndexFunc(on, sqlJoinWord)
	if end < 0 {
		end = len(on)
	}
	pairs := strings.ReplaceAll(s.text(on[:end]), " and ", ", ")
	return kind + table + " on " + strings.Trim(pairs, "()"), on[end:], true
}

// limit is the number of rows of LIMIT, TOP, or FETCH FIRST n ROWS ONLY.
func (s *sqlSelect) limit(top string) string {
	for _, t := range s.clauses["fetch"] {
		if t.Kind == syntax.Number {
			return t.Text
		}
	}
	if limit := s.clauses["limit"]; len(limit) > 0 {
		return s.text(limit)
	}
	return top
}

// noOffset is the hint for what leaves out the first rows.
const noOffset = "a query has no offset: the first rows alone can be chosen, with limit"
