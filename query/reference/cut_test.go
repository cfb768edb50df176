package reference

import (
	"context"
	"strings"

	"netql/query"
	"netql/query/querytest"
	"netql/query/schema"
)

// third is a system that has a third of the rows of a table.
type third int

func (third) Port(string) (int, bool) { return 0, false }

// of are the rows of the third.
func (n third) of(rows []row) []row { return rows[int(n)*len(rows)/3 : (int(n)+1)*len(rows)/3] }

// cut is the plan of a query that is cut over three systems, each of which has a third of the rows. The column that
// tells them apart is dropped first; the other table is of the one that asks.
func (g *generator) cut(text string) (*query.Plan, error) {
	own := query.NewCatalog([]query.Declaration{
		declareOf("hosts", hostColumns, "id", query.NamespaceScope,
			func(s query.State) []row { return s.(third).of(g.hosts) }),
		declareOf("peers", peerColumns, "label", query.ProgramScope, func(query.State) []row { return g.peers }),
	})
	names := []string{"a", "b", "c"}
	union := func(members ...int) *query.Catalog {
		u := &query.Union{Scope: query.MachineScope, Columns: []query.MemberColumn{
			{Column: schema.Column{Name: "member", Type: schema.Of(schema.Text)}, Identifies: true},
		}}
		u.Members = func(context.Context, query.State, func(string)) (list []query.Member, err error) {
			for _, n := range members {
				list = append(list, query.Member{Name: names[n], Value: func(string) any { return names[n] },
					Open: func() (query.State, error) { return third(n), nil }})
			}
			return list, nil
		}
		return u.Catalog(own)
	}
	var hosts []querytest.Host
	for n, name := range names {
		hosts = append(hosts, querytest.Host{Name: name, Catalog: union(n),
			State: func() query.State { return third(n) }})
	}
	text = "hosts | drop member" + strings.TrimPrefix(text, "hosts")
	return query.CompileCut(text, union(0, 1, 2), third(0), querytest.Ask(hosts))
}
