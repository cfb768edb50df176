package shell

import (
	"fmt"
	"slices"
	"strings"

	"netql/query"
	"netql/query/syntax"
	"netql/shell/config"
	"netql/shell/remote"
	"netql/tables"
)

// tableColumns are the columns of a table that are shown where the query chooses none.
type tableColumns struct {
	table   string
	columns []string
	set     bool // by the file with settings, and not by a flag
}

// addColumns is the flag --columns: TABLE=COLUMN,COLUMN.
func addColumns(o *options, value string) error {
	table, list, ok := strings.Cut(value, "=")
	if !ok {
		return usagef("--columns cannot be %q", value).withHint("for example: --columns sockets=local,remote,rtt")
	}
	o.columns = append(o.columns, tableColumns{strings.TrimSpace(table), splitList(list), false})
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
	known, ok := s.anywhere().Table(table)
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
		o.columns = append(o.columns, tableColumns{table, splitList(setting.Value), true})
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

// anywhere is a catalogue with all tables and columns that queries may come to ask, as by use hosts at the prompt. It
// is for their names alone.
func (t *target) anywhere() *query.Catalog {
	return remote.New(nil, nil, remote.Options{}).Catalog(tables.Everywhere(t.tables))
}

// applyColumns has tables show these columns where a query chooses none.
func (s *session) applyColumns(all []tableColumns) error {
	if len(all) == 0 {
		return nil
	}
	anywhere := s.anywhere()
	for _, c := range all {
		table, ok := anywhere.Table(c.table)
		if !ok {
			return usagef("--columns: unknown table %q", c.table).withHint("%s", oneOf(c.table, anywhere.Names()))
		}
		for _, name := range c.columns {
			if _, ok := table.Column(name); !ok {
				return usagef("--columns: unknown column %q in %s", name, table.Name).
					withHint("%s", nearestColumn(table, name))
			}
		}
		if own, ok := s.tables.Table(c.table); ok {
			own.ShowByDefault(c.columns)
		}
	}
	return nil
}

// applyHostsColumns is applyColumns for the table hosts, which is there where hosts are asked.
func (t *target) applyHostsColumns(all []tableColumns) {
	for _, c := range all {
		if _, local := t.tables.Table(c.table); local {
			continue
		}
		if table, ok := t.catalog.Table(c.table); ok {
			table.ShowByDefault(c.columns)
		}
	}
}

// checkColumns is a usage error where the flag --columns names what is there in none of what the query asks. Settings
// may name it: they are for other queries, too.
func (s *session) checkColumns(all []tableColumns) error {
	for _, c := range all {
		table, ok := s.catalog.Table(c.table)
		switch {
		case c.set:
		case !ok:
			return usagef("--columns: the table %s is there where hosts are asked", strings.ToLower(c.table)).
				withHint("netql --hosts web1,web2 'QUERY'")
		default:
			for _, name := range c.columns {
				if _, ok := table.Column(name); !ok {
					return errElsewhere(name, table)
				}
			}
		}
	}
	return nil
}

// errElsewhere is the usage error for a column that a table has where other systems are asked.
func errElsewhere(name string, table *query.Table) error {
	if strings.EqualFold(name, "host") {
		return usagef("--columns: %s has a column host where several hosts are asked", table.Name).
			withHint("netql --hosts web1,web2 'QUERY', or --capture FILE,FILE")
	}
	return usagef("--columns: %s has a column %s where all network namespaces are asked", table.Name,
		strings.ToLower(name)).withHint("netql --netns all 'QUERY'")
}
