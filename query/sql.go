package query

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"netql/query/expression"
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
		return "", "a query has no offset: the first rows alone can be chosen, with limit"
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

// selected reads the list behind SELECT, with DISTINCT or TOP n before it.
func (s *sqlSelect) selected() (distinct bool, limit string) {
	tokens := s.clauses["select"]
	if len(tokens) > 0 && (tokens[0].IsWord("distinct") || tokens[0].IsWord("all")) {
		distinct, tokens = tokens[0].IsWord("distinct"), tokens[1:]
	}
	if len(tokens) > 2 && tokens[0].IsWord("top") {
		limit, tokens = tokens[1].Text, tokens[2:]
	}
	for _, item := range sqlList(tokens) {
		s.items = append(s.items, s.item(item))
	}
	return distinct, limit
}

// item reads an element of the list, whose last word may be its name.
func (s *sqlSelect) item(tokens []syntax.Token) sqlItem {
	var it sqlItem
	if n := len(tokens); n > 1 && tokens[n-1].Kind == syntax.Name && sqlEndsValue(tokens[n-2]) {
		it.name, tokens = tokens[n-1].Text, tokens[:n-1]
		if tokens[n-2].IsWord("as") {
			tokens = tokens[:n-2]
		}
	}
	it.aggregate = slices.ContainsFunc(tokens, sqlAggregate)
	it.text = s.text(tokens)
	return it
}

func sqlEndsValue(t syntax.Token) bool {
	return t.Kind != syntax.Operator && t.Keyword() == "" || t.Is(")") || t.Is("]")
}

// sqlAggregate says whether the token may be the name of an aggregate function.
func sqlAggregate(t syntax.Token) bool {
	return t.Kind == syntax.Name && slices.ContainsFunc(expression.AggregateFunctions,
		func(f expression.AggregateFunction) bool { return strings.EqualFold(f.Name, t.Text) })
}

// text is the tokens as a query has them: without the names of tables before columns, without the * of count(*), and
// with dcount(x) for count(distinct x).
func (s *sqlSelect) text(tokens []syntax.Token) string {
	var b strings.Builder
	for i := 0; i < len(tokens); i++ {
		t := tokens[i]
		next := func(n int) syntax.Token {
			if i+n < len(tokens) {
				return tokens[i+n]
			}
			return syntax.Token{}
		}
		if b.Len() > 0 && tokens[i-1].Range.End < t.Range.Start {
			b.WriteByte(' ')
		}
		switch {
		case s.names[strings.ToLower(t.Text)] && next(1).Is("."):
			i++
		case s.names[strings.ToLower(t.Text)] && next(1).Is("*") && i == 0:
		case t.IsWord("count") && next(1).Is("(") && next(2).Is("*"):
			b.WriteString("count(")
			i += 2
		case t.IsWord("count") && next(1).Is("(") && next(2).IsWord("distinct"):
			b.WriteString("dcount(")
			i += 2
		case t.IsWord("and"):
			b.WriteString("and")
		default:
			b.WriteString(t.Text)
		}
	}
	return strings.ReplaceAll(b.String(), "( ", "(")
}

// middle are the stages between the condition and the limit: groups, columns and order.
func (s *sqlSelect) middle(distinct bool) (stages []string) {
	grouped := len(s.clauses["group"]) > 0 ||
		slices.ContainsFunc(s.items, func(it sqlItem) bool { return it.aggregate })
	if grouped {
		stages = s.grouped()
		if having := s.text(s.clauses["having"]); having != "" {
			stages = append(stages, "where "+s.named(having))
		}
	}
	order := s.order()
	chosen := ""
	switch {
	case grouped:
	case distinct && s.all():
		chosen = "distinct"
	case distinct:
		chosen = "distinct " + s.list()
	case !s.all():
		chosen = "select " + s.list()
	}
	if order != "" && chosen != "" && !s.ordersSelected() {
		return append(stages, "sort "+order, chosen)
	}
	for _, stage := range []string{chosen, order} {
		if stage == order && order != "" {
			stage = "sort " + order
		}
		if stage != "" {
			stages = append(stages, stage)
		}
	}
	return stages
}

func (s *sqlSelect) all() bool { return len(s.items) == 1 && s.items[0].text == "*" }

// list is the items as select has them.
func (s *sqlSelect) list() string {
	var list []string
	for _, it := range s.items {
		list = append(list, it.item())
	}
	return strings.Join(list, ", ")
}

func (it sqlItem) item() string {
	if it.name != "" {
		return it.name + " = " + it.text
	}
	return it.text
}

// column is the name of the column that the item makes.
func (it sqlItem) column() string {
	if it.name != "" {
		return it.name
	}
	return sqlName(it.text)
}

// sqlName is the name that an item of this text has in a query.
func sqlName(text string) string {
	q, err := Language.Parse("t | stats " + text)
	if err != nil {
		return text
	}
	group, ok := q.Stages[0].Node.(*groupStage)
	if !ok || len(group.items) != 1 {
		return text
	}
	return nameOf(group.items[0].Expression)
}

// grouped are the stages for GROUP BY, and for aggregates without it.
func (s *sqlSelect) grouped() []string {
	var keys, aggregates, order, made []string
	for _, key := range s.keys() {
		keys, made = append(keys, key.item()), append(made, key.column())
	}
	for _, it := range s.items {
		if it.aggregate {
			aggregates, made = append(aggregates, it.item()), append(made, it.column())
		}
		order = append(order, it.column())
	}
	for _, call := range s.calls() {
		if !slices.Contains(made, sqlName(call)) && !slices.ContainsFunc(s.items, func(it sqlItem) bool {
			return it.text == call
		}) {
			aggregates, made = append(aggregates, call), append(made, sqlName(call))
		}
	}
	switch {
	case len(keys) == 0 && len(aggregates) == 1 && aggregates[0] == "count()":
		return []string{"count"}
	case len(keys) == 0:
		return []string{"stats " + strings.Join(aggregates, ", ")}
	case len(aggregates) == 0:
		return []string{"distinct " + strings.Join(keys, ", ")}
	}
	stages := []string{"group by " + strings.Join(keys, ", ") + ": " + strings.Join(aggregates, ", ")}
	if !slices.Equal(order, made) && len(made) == len(order) {
		stages = append(stages, "select "+strings.Join(order, ", "))
	}
	return stages
}

// keys are the keys of groups: those of GROUP BY, which may be the number or name of an item, and the items without
// aggregates.
func (s *sqlSelect) keys() (keys []sqlItem) {
	group := s.clauses["group"]
	if len(group) > 0 && group[0].IsWord("by") {
		group = group[1:]
	}
	for _, tokens := range sqlList(group) {
		if text := s.text(tokens); text != "" {
			keys = append(keys, s.itemOf(text))
		}
	}
	for _, it := range s.items {
		if !it.aggregate && it.text != "*" && !slices.Contains(keys, it) {
			keys = append(keys, it)
		}
	}
	return keys
}

// itemOf is the item with this text, name or number, else an item of this text.
func (s *sqlSelect) itemOf(text string) sqlItem {
	for i, it := range s.items {
		if it.text == text || it.name == text || strconv.Itoa(i+1) == text {
			return it
		}
	}
	return sqlItem{text: text}
}

// calls are the calls of aggregates in HAVING and ORDER BY.
func (s *sqlSelect) calls() (calls []string) {
	for _, clause := range []string{"having", "order"} {
		tokens := s.clauses[clause]
		for i := range tokens {
			if sqlAggregate(tokens[i]) && i+1 < len(tokens) && tokens[i+1].Is("(") {
				calls = append(calls, s.text(tokens[i:i+1+sqlClosing(tokens[i+1:])]))
			}
		}
	}
	return calls
}

// sqlClosing is the number of tokens up to the bracket that closes the first one.
func sqlClosing(tokens []syntax.Token) int {
	depth := 0
	for i, t := range tokens {
		if depth += sqlDepth(t); depth == 0 {
			return i + 1
		}
	}
	return len(tokens)
}

// named is a text behind the groups, where an aggregate is the column that it has made.
func (s *sqlSelect) named(text string) string {
	for _, call := range s.calls() {
		text = strings.ReplaceAll(text, call, s.itemOf(call).column())
	}
	return text
}

// order is the keys of ORDER BY.
func (s *sqlSelect) order() string {
	order := s.clauses["order"]
	if len(order) > 0 && order[0].IsWord("by") {
		order = order[1:]
	}
	order = slices.DeleteFunc(slices.Clone(order), func(t syntax.Token) bool {
		return t.IsWord("nulls") || t.IsWord("last") || t.IsWord("first")
	})
	var keys []string
	for _, tokens := range sqlList(order) {
		if len(tokens) == 0 {
			continue
		}
		if n, err := strconv.Atoi(tokens[0].Text); err == nil && n > 0 && n <= len(s.items) {
			rest := strings.TrimPrefix(s.text(tokens), tokens[0].Text)
			keys = append(keys, s.items[n-1].column()+rest)
			continue
		}
		keys = append(keys, s.named(s.text(tokens)))
	}
	return strings.Join(keys, ", ")
}

// ordersSelected says whether ORDER BY is by columns that the list behind SELECT has.
func (s *sqlSelect) ordersSelected() bool {
	made := Set{}
	for _, it := range s.items {
		if it.text == "*" {
			return true
		}
		made.add(strings.ToLower(it.column()))
	}
	for _, t := range s.clauses["order"] {
		isKey := t.Kind == syntax.Name && t.Keyword() == "" && !t.IsWord("by") && !t.IsWord("asc") && !t.IsWord("desc")
		if isKey && !s.names[strings.ToLower(t.Text)] && !made[strings.ToLower(t.Text)] {
			return false
		}
	}
	return true
}

// limit is the number of rows of LIMIT, TOP, or FETCH FIRST n ROWS ONLY.
func (s *sqlSelect) limit(top string) string {
	for _, t := range s.clauses["fetch"] {
		if t.Kind == syntax.Number {
			return t.Text
		}
	}
	if limit := s.clauses["limit"]; len(limit) > 0 {
		return fmt.Sprint(s.text(limit))
	}
	return top
}
