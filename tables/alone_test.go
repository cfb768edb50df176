package tables_test

import (
	"testing"

	"netql/query/schema"
	"netql/sources"
	"netql/sources/lab"
	"netql/tables"
)

// sameRows are queries for the rows that are the same whatever columns are read: those that netql's own asking does not
// change, those of the local table, which are there for a query that names type, and those of checks that compare no
// samples.
var sameRows = map[string]string{
	"findings":        `findings check in ["accept_queue", "no_carrier", "exposed_listener"]`,
	"netlink_sockets": "netlink_sockets protocol != sock_diag", "routes": "routes type != nil",
}

// TestColumnsAlone: a column that is read alone has the values that it has among all others: what a query asks of the
// kernel for a column is all that the kernel needs for it. Of what moves by itself as many rows have a value.
func TestColumnsAlone(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		populate(t)
		for _, table := range tables.Catalog().Listing() {
			from := table.Name
			if text, ok := sameRows[table.Name]; ok {
				from = text
			}
			read := func(columns string) []row {
				return ask(t, sources.Live(), from+" | select "+columns).rows
			}
			all := read("*")
			for _, c := range table.Columns {
				var lost, more []string
				for range 5 { // something may have changed between the two
					among, alone := valuesOf(all, c), valuesOf(read("`"+c.Name+"`"), c)
					if lost, more = missing(among, alone), missing(alone, among); len(lost)+len(more) == 0 {
						break
					}
					all = read("*")
				}
				if len(lost)+len(more) > 0 {
					t.Errorf("%s.%s: read alone it lacks %q and has %q", table.Name, c.Name, few(lost), few(more))
				}
			}
		}
	})
}

// valuesOf are the values of a column, or whether there are any where they move.
func valuesOf(rows []row, c *schema.Column) (values []string) {
	for _, r := range rows {
		value := cell(r[c.Name])
		if c.Change != schema.Static && r[c.Name] != nil {
			value = "a value"
		}
		values = append(values, value)
	}
	return values
}

func few(lines []string) []string { return lines[:min(3, len(lines))] }
