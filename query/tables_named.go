package query

import (
	"slices"

	"netql/query/syntax"
)

// TablesNamed are the names of the tables that a query reads, as they are written, each once: its own, and those that
// it joins, also in queries in brackets. Named queries are no part of the text.
func TablesNamed(text string) ([]string, error) {
	q, err := Language.Parse(text)
	if err != nil {
		return nil, err
	}
	var names []string
	addTables(q, &names)
	return names, nil
}

func addTables(q *syntax.Query, names *[]string) {
	add := func(name string) {
		if !slices.Contains(*names, name) {
			*names = append(*names, name)
		}
	}
	add(q.Table.Name)
	for _, stage := range q.Stages {
		switch joined, ok := stage.Node.(*joinStage); {
		case !ok:
		case joined.query != nil:
			addTables(joined.query, names)
		default:
			add(joined.table.Name)
		}
	}
}
