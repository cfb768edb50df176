package tables

import (
	"iter"

	"netql/sources/procfs"
	"netql/sources/rtnetlink"
)

// vifRows reads each family's by rtnetlink, which knows those of IPv4, and from its file where that lists none.
func vifRows(s *scanState, families []multicastFamily) iter.Seq2[*multicastInterface, error] {
	return func(yield func(*multicastInterface, error) bool) {
		for _, f := range families {
			found := false
			for row, err := range dumpedVifs(s, f) {
				found = found || err == nil
				if !yield(row, err) {
					return
				}
			}
			if found {
				continue
			}
			for row, err := range vifsOfFile(s, f) {
				if !yield(row, err) {
					return
				}
			}
			if err := otherTables(s, f); err != nil && !yield(nil, err) {
				return
			}
		}
	}
}

func dumpedVifs(s *scanState, f multicastFamily) iter.Seq2[*multicastInterface, error] {
	return func(yield func(*multicastInterface, error) bool) {
		if f.number != rtnetlink.Multicast4 {
			return
		}
		for vif, err := range rtnetlink.MulticastInterfaces(s.ctx, s.system.Netlink) {
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(&multicastInterface{MulticastInterface: vif, family: f, scan: s}, nil) {
				return
			}
		}
	}
}

func vifsOfFile(s *scanState, f multicastFamily) iter.Seq2[*multicastInterface, error] {
	vifs, err := f.interfaces(s.system.Files)
	return converted(each(vifs, f.explained(err)),
		func(v *procfs.MulticastVif) *multicastInterface { return vifOfFile(s, v, f) })
}

func vifOfFile(s *scanState, v *procfs.MulticastVif, f multicastFamily) *multicastInterface {
	return &multicastInterface{MulticastInterface: rtnetlink.MulticastInterface{
		Table: f.defaultTable, Vif: v.Vif, Flags: uint16(v.Flags), BytesIn: v.BytesIn, PacketsIn: v.PacketsIn,
		BytesOut: v.BytesOut, PacketsOut: v.PacketsOut, Local: v.LocalAddr, Remote: v.RemoteAddr,
	}, family: f, scan: s, device: v.Interface}
}

// otherTables says that the file does not show all: there are routes in another table than its own, which therefore
// has virtual interfaces. What cannot be listed is another table's matter.
func otherTables(s *scanState, f multicastFamily) error {
	for route, err := range rtnetlink.MulticastRoutes(s.ctx, s.system.Netlink, f.number) {
		if err != nil {
			return nil
		}
		if route.Table != f.defaultTable {
			return absence("the kernel does not list those of " + f.name + " in table " + s.routeTable(route.Table))
		}
	}
	return nil
}
