package query

import (
	"strings"
	"sync"

	"netql/query/syntax"
)

// Catalog is all that a query may name: the tables, and the functions that need more than a row. It is declared once,
// whomever queries ask, and a table is made when it is first named. Several goroutines may use it.
type Catalog struct {
	Functions []Function

	tables []declared
}

// Declaration is the name of a table, and what makes the table.
type Declaration struct {
	Name  string
	Table func() *Table
}

// declared is a table that is made once, when somebody asks for it.
type declared struct {
	Declaration
	once  sync.Once
	table *Table
}

// NewCatalog is a catalogue of the tables, in this order. It makes none of them.
func NewCatalog(declarations []Declaration, functions ...Function) *Catalog {
	c := &Catalog{Functions: functions, tables: make([]declared, len(declarations))}
	for i, d := range declarations {
		c.tables[i].Declaration = d
	}
	return c
}

func (d *declared) make() *Table {
	d.once.Do(func() {
		d.table = d.Declaration.Table()
		d.table.Name = d.Name
	})
	return d.table
}

// Table finds a table by its name, in any case.
func (c *Catalog) Table(name string) (*Table, bool) {
	for i := range c.tables {
		if strings.EqualFold(c.tables[i].Name, name) {
			return c.tables[i].make(), true
		}
	}
	return nil, false
}

// Tables are all tables. Whoever needs no more than their names asks for Names.
func (c *Catalog) Tables() []*Table {
	all := make([]*Table, len(c.tables))
	for i := range c.tables {
		all[i] = c.tables[i].make()
	}
	return all
}

// Names are the names of all tables.
func (c *Catalog) Names() []string {
	names := make([]string, len(c.tables))
	for i := range c.tables {
		names[i] = c.tables[i].Name
	}
	return names
}

// followed are the names of the tables that have events.
func (c *Catalog) followed() string {
	var names []string
	for _, t := range c.Tables() {
		if t.Follows() {
			names = append(names, t.Name)
		}
	}
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

func (c *Catalog) unknownTable(name syntax.Identifier) error {
	e := syntax.Errorf(name.Range, "unknown table %q", name.Name)
	if near := syntax.Nearest(name.Name, c.Names()); near != "" {
		return e.WithHint("did you mean %q?", near)
	}
	return e.WithHint("tables: %s", strings.Join(c.Names(), ", "))
}
