package tables

import (
	"context"
	"slices"

	"netql/query"
	"netql/query/schema"
	"netql/sources"
)

// A Host is one of several machines that a query asks, each a capture of it.
type Host struct {
	Name   string
	System *sources.System // nil where Err says why there is none
	Err    error
}

// Hosts is the catalogue of several machines. A table has the rows of all of them, with a column host; a table about
// netql itself stays as it is. Queries over it need the state of AskHosts.
func Hosts(catalog *query.Catalog) *query.Catalog {
	union := &query.Union{Name: "every capture", Scope: query.MachineScope, Members: hostMembers,
		Columns: []query.MemberColumn{{Identifies: true, Column: schema.Column{
			Name: "host", Type: schema.Of(schema.Text),
			Doc: "The host's name that is recorded in the capture; where two captures have the same, their files' " +
				"names.",
		}}}}
	return union.Catalog(catalog)
}

// AskHosts is the state of one query to several machines, over the catalogue of Hosts; at least one has a System. Names
// of services and protocols in the query itself are those of the first one.
func AskHosts(hosts []Host) *QueryState {
	first := slices.IndexFunc(hosts, func(h Host) bool { return h.System != nil })
	return &QueryState{system: hosts[first].System, machines: hosts}
}

// hostMembers are the machines that a query asks. One that cannot be asked is a member, too, so that its error is told.
func hostMembers(_ context.Context, state query.State, _ func(string)) (list []query.Member, err error) {
	for _, h := range ofQuery(state).machines {
		list = append(list, query.Member{
			Name:  h.Name,
			Value: func(string) any { return h.Name },
			Open: func() (query.State, error) {
				if h.Err != nil {
					return nil, h.Err
				}
				return Ask(h.System), nil
			},
		})
	}
	return list, nil
}
