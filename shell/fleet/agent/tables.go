package agent

import (
	"fmt"
	"slices"
	"strings"

	"netql/query"
	"netql/query/schema"
	"netql/shell/remote/answer"
	"netql/shell/remote/frame"
)

// commandLine is the column of the tables of sockets and processes that may hold secrets.
const commandLine = "cmdline"

// Restrict is a host that answers about some tables alone, nil for all, and with command lines only if they are to be
// shown.
func Restrict(host answer.Host, tables []string, commandLines bool) (answer.Host, error) {
	target, err := host.Open(&frame.Ask{})
	if err != nil {
		return host, err
	}
	if target.Close != nil {
		defer target.Close()
	}
	known := target.Catalog.Names()
	for _, name := range tables {
		if !slices.Contains(known, name) {
			return host, fmt.Errorf("--tables: there is no table %q; there are %s", name, strings.Join(known, ", "))
		}
	}
	open := host.Open
	host.Open = func(ask *frame.Ask) (answer.Target, error) {
		if err := checkTables(ask.Text, known, tables); err != nil {
			return answer.Target{}, err
		}
		target, err := open(ask)
		if err == nil {
			target.Catalog = restricted(target.Catalog, tables, commandLines)
		}
		return target, err
	}
	return host, nil
}

// checkTables says of a query that it reads a table that may not be asked. Such tables are not in the catalogue either.
func checkTables(text string, known, allowed []string) error {
	named, err := query.TablesNamed(text)
	if err != nil || allowed == nil {
		return nil // which the compiler says
	}
	for _, name := range named {
		if name = strings.ToLower(name); slices.Contains(known, name) && !slices.Contains(allowed, name) {
			return fmt.Errorf("this host does not answer about %s (--tables of its agent)", name)
		}
	}
	return nil
}

// restricted is a catalogue of some of the tables of another. It has no functions that ask others than this machine,
// such as host(): an asker calls those himself, and nobody shall have a host send queries of DNS.
func restricted(one *query.Catalog, tables []string, commandLines bool) *query.Catalog {
	var declarations []query.Declaration
	for _, name := range one.Names() {
		if tables != nil && !slices.Contains(tables, name) {
			continue
		}
		declarations = append(declarations, query.Declaration{Name: name, Table: func() *query.Table {
			table, _ := one.Table(name) // of its own names
			if !commandLines {
				table = withoutCommandLines(table)
			}
			return table
		}})
	}
	asks := func(f query.Function) bool { return f.Prefetch != nil }
	return query.NewCatalog(declarations, slices.DeleteFunc(slices.Clone(one.Functions), asks)...)
}

// withoutCommandLines is the table with command lines that are NULL.
func withoutCommandLines(t *query.Table) *query.Table {
	hidden := *t
	hidden.Columns = slices.Clone(t.Columns)
	for i, column := range hidden.Columns {
		if column.Name == commandLine {
			null := *column
			null.Costly, null.Value = false, func(schema.Row) schema.Scalar { return schema.Scalar{} }
			hidden.Columns[i] = &null
		}
	}
	return &hidden
}
