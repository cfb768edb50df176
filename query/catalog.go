package query

import (
	"slices"
	"strings"
	"sync"
	"time"

	"netql/query/syntax"
)

// Catalog is all that a query may name: the tables, and the functions that need more than a row. It is declared once
// for the program, and a table is made when it is first named. Several goroutines may use it.
type Catalog struct {
	Functions []Function
	Named     *syntax.Definitions // the named queries; nil for none
	Interval  time.Duration       // of a watch that names none; 0 for that of the language
	Memory    func() int64        // as of Plan.LimitMemory, for each query; nil for no limit

	tables []lazyTable
	// answersOver is the catalogue whose tables hosts are asked for, where the tables are their answers; nil for any
	// other catalogue.
	answersOver *Catalog
}

// Declaration is the name of a table, and the function that makes the table.
type Declaration struct {
	Name     string
	Table    func() *Table
	Synonyms []Synonym
}

// Synonym is another word by which people look for a table, or for its rows for which the condition is true; "" for
// all. Errors about unknown tables know it.
type Synonym struct{ Word, Condition string }

// lazyTable is a table that is made once, when it is first asked for.
type lazyTable struct {
	Declaration
	once  sync.Once
	table *Table
}

// NewCatalog is a catalogue of the tables, in this order. It makes none of them.
func NewCatalog(declarations []Declaration, functions ...Function) *Catalog {
	c := &Catalog{Functions: functions, tables: make([]lazyTable, len(declarations))}
	for i, d := range declarations {
		c.tables[i].Declaration = d
	}
	return c
}

// Limited is the catalogue with another limit of memory for each query, in bytes.
func (c *Catalog) Limited(memory int64) *Catalog {
	limited := c.With()
	limited.Memory = func() int64 { return memory }
	return limited
}

// With is the catalogue with more tables behind the others.
func (c *Catalog) With(more ...Declaration) *Catalog {
	declarations := make([]Declaration, len(c.tables), len(c.tables)+len(more))
	for i := range c.tables {
		of := &c.tables[i]
		declarations[i] = Declaration{of.Name, of.make, of.Synonyms}
	}
	with := NewCatalog(append(declarations, more...), c.Functions...)
	with.Named, with.Interval, with.Memory = c.Named, c.Interval, c.Memory
	return with
}

func (d *lazyTable) make() *Table {
	d.once.Do(func() {
		d.table = d.Declaration.Table()
		if d.table.Name != d.Name { // else it may be the table of another catalogue, which others read meanwhile
			d.table.Name = d.Name
		}
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
	if c.answersOver != nil {
		return c.answersOver.Table(name)
	}
	return nil, false
}

// own is the catalogue without answers of hosts.
func (c *Catalog) own() *Catalog {
	if c.answersOver != nil {
		return c.answersOver
	}
	return c
}

// Tables makes all tables. Names is cheaper where the names are enough.
func (c *Catalog) Tables() []*Table {
	all := make([]*Table, len(c.tables))
	for i := range c.tables {
		all[i] = c.tables[i].make()
	}
	return all
}

// Listing makes the tables that have rows without being asked anything (Spec.AskedBy).
func (c *Catalog) Listing() []*Table {
	return slices.DeleteFunc(c.Tables(), (*Table).asks)
}

// Names are the names of all tables.
func (c *Catalog) Names() []string {
	names := make([]string, len(c.tables))
	for i := range c.tables {
		names[i] = c.tables[i].Name
	}
	return names
}

// At reads a query up to a cursor at its end, as syntax.Language.AtWith does.
func (c *Catalog) At(text string) (*syntax.Cursor, bool) { return Language.AtWith(c.settings(), text) }

// settings are those of the user for a query. The named queries are looked at only for a name that no table has.
func (c *Catalog) settings() syntax.Settings {
	return syntax.Settings{Interval: c.Interval, Definition: func(name string) *syntax.Definition {
		if c.has(name) {
			return nil
		}
		return c.Named.Find(name)
	}}
}

// has says whether there is a table of this name, which it does not make.
func (c *Catalog) has(name string) bool {
	return slices.ContainsFunc(c.Names(), func(table string) bool { return strings.EqualFold(table, name) })
}

// tablesWithEvents are the names of the tables that follow may be used on, as an error lists them.
func (c *Catalog) tablesWithEvents() string {
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
