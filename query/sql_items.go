package query

import (
	"slices"
	"strings"

	"netql/query/expression"
	"netql/query/syntax"
)

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
	if it.text = s.text(tokens); len(tokens) == 1 && strings.HasPrefix(it.text, `"`) {
		it.text = strings.Trim(it.text, `"`) // such quotes are around the names of columns
	}
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
		if b.Len() > 0 && tokens[i-1].Range.End < t.Range.Start && !strings.HasSuffix(b.String(), "(") {
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
	return b.String()
}
