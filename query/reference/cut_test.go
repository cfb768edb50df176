package reference

import (
	"context"
	"strings"

	"netql/query"
	"netql/query/querytest"
	"netql/query/schema"
)

// system has a part of the rows of each table.
type system struct {
	name         string
	hosts, peers []row
}

func (*system) Port(string) (int, bool) { return 0, false }

// names of systems are among the texts that random conditions are about.
var systemNames = [...]string{"a", "ab", "Curl"}

// unionOf is the catalogue of a union of systems, of the tables that each of them has.
func unionOf(one *query.Catalog, members ...*system) *query.Catalog {
	u := &query.Union{Scope: query.MachineScope, Columns: []query.MemberColumn{
		{Column: schema.Column{Name: "member", Type: schema.Of(schema.Text)}, Identifies: true},
	}}
	u.Members = func(context.Context, query.State, func(string)) (list []query.Member, err error) {
		for _, m := range members {
			list = append(list, query.Member{Name: m.name, Value: func(string) any { return m.name },
				Open: func() (query.State, error) { return m, nil }})
		}
		return list, nil
	}
	return u.Catalog(one)
}

// cutOver is the plan of a query that is cut over systems.
func cutOver(text string, one *query.Catalog, all []*system) (*query.Plan, error) {
	var hosts []querytest.Host
	for _, m := range all {
		hosts = append(hosts, querytest.Host{Name: m.name, Catalog: unionOf(one, m),
			State: func() query.State { return m }})
	}
	return query.CompileCut(text, unionOf(one, all...), all[0], querytest.Ask(hosts))
}

// cut is the plan of a query that is cut over three systems, each of which has a third of the rows. The column that
// tells them apart is dropped first; the other table is of the one that asks.
func (g *generator) cut(text string) (*query.Plan, error) {
	one := query.NewCatalog([]query.Declaration{
		declareOf("hosts", hostColumns, "id", query.NamespaceScope,
			func(s query.State) []row { return s.(*system).hosts }),
		declareOf("peers", peerColumns, "label", query.ProgramScope, func(query.State) []row { return g.peers }),
	})
	var all []*system
	for n, name := range systemNames {
		all = append(all, &system{name: name, hosts: g.hosts[n*len(g.hosts)/3 : (n+1)*len(g.hosts)/3]})
	}
	return cutOver("hosts | drop member"+strings.TrimPrefix(text, "hosts"), one, all)
}
