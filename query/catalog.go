package query

import (
	"strings"

	"netql/query/expression"
	"netql/query/syntax"
)

// Catalog is all that a query may name: the tables of one network stack, and the functions that need more than a row.
type Catalog struct {
	Tables    []*Table
	Functions []expression.Function
	Ports     func(name string) (int, bool) // the port of a service, in /etc/services or its like; nil knows none
	// Protocols gives the first name of a protocol of IP, by that or an alias, in /etc/protocols; nil knows none.
	Protocols func(name string) (string, bool)
}

// Table finds a table by its name, in any case.
func (c *Catalog) Table(name string) (*Table, bool) {
	for _, t := range c.Tables {
		if strings.EqualFold(t.Name, name) {
			return t, true
		}
	}
	return nil, false
}

// followed are the names of the tables that have events.
func (c *Catalog) followed() string {
	var names []string
	for _, t := range c.Tables {
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
	names := make([]string, len(c.Tables))
	for i, t := range c.Tables {
		names[i] = t.Name
	}
	e := syntax.Errorf(name.Range, "unknown table %q", name.Name)
	if near := syntax.Nearest(name.Name, names); near != "" {
		return e.WithHint("did you mean %q?", near)
	}
	return e.WithHint("tables: %s", strings.Join(names, ", "))
}
