package shell

import (
	"fmt"
	"slices"
	"strings"

	"netql/query"
	"netql/query/syntax"
	"netql/shell/config"
)

// tableColumns are the columns of a table that are shown where the query chooses none.
type tableColumns struct {
	table   string
	columns []string
}

// addColumns is the flag --columns: TABLE=COLUMN,COLUMN.
func addColumns(o *options, value string) error {
	table, list, ok := strings.Cut(value, "=")
	if !ok {
		return usagef("--columns cannot be %q", value).withHint("for example: --columns sockets=local,remote,rtt")
	}
	o.columns = append(o.columns, tableColumns{strings.TrimSpace(table), splitList(list)})
	return nil
}

func splitList(list string) []string {
	parts := strings.Split(list, ",")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

// setColumns takes the setting columns.TABLE = COLUMN, COLUMN.
func (s *session) setColumns(o *options, table string, setting config.Setting) *syntax.Error {
	known, ok := s.tables.Table(table)
	if !ok {
		return s.unknownKey(setting)
	}
	at := 0
	for part := range strings.SplitSeq(setting.Value, ",") {
		name := strings.TrimSpace(part)
		if _, ok := known.Column(name); !ok {
			wrong := setting.WrongPart(at+strings.Index(part, name), len(name), "unknown column %q in %s", name,
				known.Name)
			return wrong.WithHint("%s", nearestColumn(known, name))
		}
		at += len(part) + 1
	}
	flagged := func(c tableColumns) bool { return strings.EqualFold(c.table, table) }
	if !slices.ContainsFunc(o.columns, flagged) {
		o.columns = append(o.columns, tableColumns{table, splitList(setting.Value)})
	}
	return nil
}

// nearestColumn is the hint for the name of a column that a table has not.
func nearestColumn(table *query.Table, name string) string {
	if near := syntax.Nearest(name, table.ColumnNames()); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return "schema " + table.Name + " lists the columns"
}

// applyColumns has tables show these columns where a query chooses none.
func (s *session) applyColumns(all []tableColumns) error {
	for _, c := range all {
		table, ok := s.tables.Table(c.table)
		if !ok {
			return usagef("--columns: unknown table %q", c.table).withHint("%s", oneOf(c.table, s.tables.Names()))
		}
		for _, name := range c.columns {
			if _, ok := table.Column(name); !ok {
				return usagef("--columns: unknown column %q in %s", name, table.Name).
					withHint("%s", nearestColumn(table, name))
			}
		}
		table.ShowByDefault(c.columns)
	}
	return nil
}
