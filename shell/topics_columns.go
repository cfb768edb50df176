package shell

import (
	"fmt"
	"slices"
	"strings"

	"netql/query"
	"netql/query/schema"
)

// columnHelp is about the columns of this name, in all tables or, as in sockets.rtt, in one.
func columnHelp(name string, catalog *query.Catalog) string {
	tableName, columnName, qualified := strings.Cut(name, ".")
	if !qualified {
		tableName, columnName = "", name
	}
	var b, examples strings.Builder
	for _, table := range catalog.Tables() {
		i := slices.IndexFunc(table.Columns,
			func(c *schema.Column) bool { return strings.EqualFold(c.Name, columnName) })
		if i < 0 || qualified && !strings.EqualFold(table.Name, tableName) {
			continue
		}
		column := *table.Columns[i]
		fmt.Fprintf(&examples, "  %s\n", columnExample(table, &column))
		column.Name = table.Name + "." + column.Name
		b.WriteString(columnText([]*schema.Column{&column}, helpWidth))
	}
	if b.Len() == 0 {
		return ""
	}
	return b.String() + "\n" + examples.String()
}

// columnExample is a query that shows a column beside what tells the rows apart.
func columnExample(table *query.Table, column *schema.Column) string {
	names := slices.DeleteFunc(slices.Clone(table.Shown[:min(2, len(table.Shown))]),
		func(name string) bool { return name == column.Name })
	names = append(names, column.Name)
	for i, name := range names {
		names[i] = query.Language.Identifier(name).String()
	}
	from := table.Name
	if len(table.AskedBy) > 0 {
		from = table.Examples[0]
	}
	return from + " | select " + strings.Join(names, ", ") + " | limit 5"
}

// columnsNamed are the columns in a text that is a table and names of its columns, as in sockets rtt rto; none where
// the text is not that.
func columnsNamed(text string, catalog *query.Catalog) (columns []*schema.Column) {
	words := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' || r == '\n' })
	if len(words) < 2 {
		return nil
	}
	table, known := catalog.Table(words[0])
	if !known {
		return nil
	}
	for _, name := range words[1:] {
		i := slices.IndexFunc(table.Columns, func(c *schema.Column) bool { return strings.EqualFold(c.Name, name) })
		if i < 0 {
			return nil
		}
		columns = append(columns, table.Columns[i])
	}
	return columns
}
