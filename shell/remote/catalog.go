package remote

import (
	"context"

	"netql/query"
	"netql/query/schema"
)

// Catalog is the catalogue of the hosts, for query.CompileCut: a table has the rows of all of them, with a column host.
// It cannot be read without a cut. The table hosts is there, too.
func (h *Hosts) Catalog(one *query.Catalog) *query.Catalog {
	union := &query.Union{
		Name: "every host", Scope: query.MachineScope,
		Columns: []query.MemberColumn{{Identifies: true, Column: schema.Column{
			Name: "host", Type: schema.Of(schema.Text), Doc: "The host that the row is of, as it was named.",
		}}},
		Members: func(context.Context, query.State, func(string)) ([]query.Member, error) { return nil, nil },
	}
	return union.Catalog(one).With(query.Declaration{Name: "hosts", Table: h.table})
}
