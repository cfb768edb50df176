package tables

import (
	"iter"

	"netql/sources/procfs"
	"netql/sources/rtnetlink"
)

// vifRows lists the virtual interfaces of each family by rtnetlink, which has those of IPv4 only, and from its file in
// /proc where rtnetlink lists none.
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
			if err := errOtherTable(s, f); err != nil && !yield(nil, err) {
				return
			}
		}
	}
}

// dumpedVifs are the virtual interfaces by rtnetlink.
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

// vifsOfFile are the virtual interfaces of the default table, by the family's file in /proc.
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

// errOtherTable is an error where the file in /proc does not show all virtual interfaces: there are routes in another
// table than its own, which therefore has virtual interfaces, too. Where routes cannot be listed it is nil: the table
// multicast_routes reports that.
func errOtherTable(s *scanState, f multicastFamily) error {
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
