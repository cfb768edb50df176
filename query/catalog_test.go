package query_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"netql/query"
)

// TestTablesAreMadeWhenNamed: a query makes the tables that it names, whoever names them first makes them once, and a
// wrong query makes none but those that its hint is about.
func TestTablesAreMadeWhenNamed(t *testing.T) {
	var lock sync.Mutex
	var made []string
	var declarations []query.Declaration
	for _, name := range []string{"conns", "peers", "links"} {
		original := connTable(&scanned{})
		declarations = append(declarations, query.Declaration{Name: name, Table: func() *query.Table {
			lock.Lock()
			defer lock.Unlock()
			made = append(made, name)
			return original.Table()
		}})
	}
	catalog := query.NewCatalog(declarations, functions()...)
	if got := strings.Join(catalog.Names(), " "); got != "conns peers links" || made != nil {
		t.Errorf("names %s, made %v", got, made)
	}
	var readers sync.WaitGroup
	for _, text := range []string{
		"pears", "PEERS lport == 1", "peers | select id", "peers | select nothing", "peers | join peers on id",
	} {
		for range 4 {
			readers.Go(func() { _, _ = query.Compile(text, catalog, someState{}) })
		}
	}
	readers.Wait()
	if !slices.Equal(made, []string{"peers"}) {
		t.Errorf("made %v, want peers alone", made)
	}
	for i, table := range catalog.Tables() {
		if table.Name != catalog.Names()[i] {
			t.Errorf("table %d is called %s", i, table.Name)
		}
	}
	if len(made) != 3 {
		t.Errorf("made %v", made)
	}
}

// TestCataloguesShareTables: catalogues made of one may be asked at the same time, as by several askers of an agent.
func TestCataloguesShareTables(t *testing.T) {
	one := catalogOf(machines())
	var asking sync.WaitGroup
	for range 4 {
		with := one.With()
		asking.Go(func() { with.Tables() }) // the race detector sees writes
	}
	asking.Wait()
	if table, ok := one.Table("conns"); !ok || table.Name != "conns" {
		t.Errorf("%+v", table)
	}
}
