package query

import (
	"slices"
	"strconv"
	"strings"

	"netql/query/syntax"
)

// middle are the stages between the condition and the limit: groups, columns and order.
func (s *sqlSelect) middle(distinct bool) (stages []string) {
	grouped := len(s.clauses["group"]) > 0 || len(s.calls()) > 0 ||
		slices.ContainsFunc(s.items, func(it sqlItem) bool { return it.aggregate })
	if grouped {
		stages = s.grouped()
	}
	if having := s.clauses["having"]; len(having) > 0 {
		stages = append(stages, "where "+s.named(having))
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
		for tokens := s.clauses[clause]; ; {
			start, end := sqlCall(tokens)
			if start == end {
				break
			}
			calls, tokens = append(calls, s.text(tokens[start:end])), tokens[end:]
		}
	}
	return calls
}

// sqlCall is the range of tokens of the first call of an aggregate; it is empty, at their end, where there is none.
func sqlCall(tokens []syntax.Token) (start, end int) {
	for i := range tokens {
		if sqlAggregate(tokens[i]) && i+1 < len(tokens) && tokens[i+1].Is("(") {
			return i, i + 1 + sqlClosing(tokens[i+1:])
		}
	}
	return len(tokens), len(tokens)
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
func (s *sqlSelect) named(tokens []syntax.Token) string {
	start, end := sqlCall(tokens)
	if start == end {
		return s.text(tokens)
	}
	column := s.itemOf(s.text(tokens[start:end])).column()
	return strings.Join([]string{s.text(tokens[:start]), column, s.named(tokens[end:])}, " ")
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
		keys = append(keys, s.named(tokens))
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
