package tables_test

import (
	"slices"
	"testing"

	"netql/query/schema"
	"netql/tables"
)

// TestCatalogAsTables: the catalogue tells of itself what it declares.
func TestCatalogAsTables(t *testing.T) {
	catalog := tables.Catalog()
	rows := live(t, "tables | select *")
	if len(rows) != len(catalog.Tables()) {
		t.Fatalf("%d tables, want %d", len(rows), len(catalog.Tables()))
	}
	for i, table := range catalog.Tables() {
		r := rows[i]
		if r["name"] != table.Name || r["doc"] != table.Doc || r["columns"] != len(table.Columns) ||
			!slices.Equal(texts(r["key"]), table.Key) || !slices.Equal(texts(r["examples"]), table.Examples) {
			t.Errorf("%v", r)
		}
		columns := live(t, "columns table == '"+table.Name+"' | select *")
		if len(columns) != len(table.Columns) {
			t.Errorf("%s: %d columns, want %d", table.Name, len(columns), len(table.Columns))
			continue
		}
		for j, c := range table.Columns {
			r := columns[j]
			if r["name"] != c.Name || r["doc"] != c.Doc || r["type"] != c.Type.String() || r["costly"] != c.Costly ||
				r["shown"] != slices.Contains(table.Shown, c.Name) || r["key"] != slices.Contains(table.Key, c.Name) ||
				(r["unit"] == nil) != (c.Unit == schema.None) || (r["values"] != nil) != (c.Type.Words != nil) {
				t.Errorf("%s: %v", table.Name, r)
			}
		}
	}
}

func texts(value any) (list []string) {
	for _, v := range value.([]any) {
		list = append(list, v.(string))
	}
	return list
}

// TestCatalogQueries: questions that people ask of the catalogue.
func TestCatalogQueries(t *testing.T) {
	for query, want := range map[string][]string{
		"tables name in ['sockets', 'tables'] | select name":                {"name=sockets", "name=tables"},
		"columns table == 'sockets' and name == 'rtt' | select type":        {"type=duration"},
		"columns table == 'sockets' and name == 'recv_queue' | select unit": {"unit=bytes"},
		"columns table == 'sockets' and name == 'owners' | select type, costly": {
			"costly=true type=list of record"},
		"columns table == 'sockets' and name == 'family' | select values":            {`values=["inet","inet6"]`},
		"columns table == 'sockets' and any(values, # == 'TIME_WAIT') | select name": {"name=state"},
		"columns key and table == 'tables' | select name":                            {"name=name"},
		"columns costly and table == 'sockets' | count by table":                     {"count=15 table=sockets"},
	} {
		same(t, query, lines(live(t, query)), want)
	}
}
