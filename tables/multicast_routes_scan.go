package tables

import (
	"iter"
	"strconv"

	"netql/sources/procfs"
	"netql/sources/rtnetlink"
)

// multicastRouteRows lists the routes of each family by rtnetlink, and from its file in /proc where that lists none.
func multicastRouteRows(s *scanState, families []multicastFamily) iter.Seq2[*multicastRoute, error] {
	return func(yield func(*multicastRoute, error) bool) {
		name := func(index int) string { return s.interfaceName(uint32(index)) }
		for _, f := range families {
			found := false
			for route, err := range rtnetlink.MulticastRoutes(s.ctx, s.system.Netlink, f.number) {
				found = found || err == nil
				if !yield(&multicastRoute{MulticastRoute: route, family: f.name, scan: s, name: name}, err) {
					return
				}
			}
			if found {
				continue
			}
			for row, err := range multicastRoutesOfFile(s, f) {
				if !yield(row, err) {
					return
				}
			}
		}
	}
}

// multicastRoutesOfFile are the routes of the default table, by the family's files in /proc.
func multicastRoutesOfFile(s *scanState, f multicastFamily) iter.Seq2[*multicastRoute, error] {
	return func(yield func(*multicastRoute, error) bool) {
		routes, err := f.routes(s.system.Files)
		if err != nil && !yield(nil, f.explained(err)) || len(routes) == 0 {
			return
		}
		vifs, err := f.interfaces(s.system.Files)
		if err != nil && !yield(nil, f.explained(err)) {
			return
		}
		name := vifNamer(vifs)
		for _, r := range routes {
			row := multicastRouteOfFile(r, f)
			row.scan, row.name = s, name
			if !yield(row, nil) {
				return
			}
		}
	}
}

// numberOfVif is the number in In and Out for a virtual interface. Files of /proc number these from 0; rtnetlink has
// indices of interfaces there, from 1, with 0 for none.
func numberOfVif(vif int) int { return vif + 1 }

// vifNamer is the function that gives the names of virtual interfaces by these numbers; vifN for one that has gone
// meanwhile.
func vifNamer(vifs []procfs.MulticastVif) func(number int) string {
	names := map[int]string{}
	for _, v := range vifs {
		names[numberOfVif(v.Vif)] = v.Interface
	}
	return func(number int) string {
		if name, ok := names[number]; ok {
			return name
		}
		return "vif" + strconv.Itoa(number-1)
	}
}

func multicastRouteOfFile(r procfs.MulticastRoute, f multicastFamily) *multicastRoute {
	row := &multicastRoute{MulticastRoute: rtnetlink.MulticastRoute{
		Table: f.defaultTable, Group: r.Group, Source: r.Source, Resolved: r.In >= 0,
	}, family: f.name, fromFile: true}
	if r.In < 0 {
		return row
	}
	row.In = numberOfVif(r.In)
	row.Stats = &rtnetlink.MulticastStats{Packets: r.Packets, Bytes: r.Bytes, Wrong: r.Wrong}
	for _, o := range r.Out {
		row.Out = append(row.Out, rtnetlink.MulticastOutput{Index: numberOfVif(o.Vif), TTL: o.TTL})
	}
	return row
}
