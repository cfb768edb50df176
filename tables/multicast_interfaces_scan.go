package tables

import (
	"context"
	"fmt"
	"iter"

	"netql/sources"
	"netql/sources/procfs"
	"netql/sources/rtnetlink"
)

// vifRows reads each family's by rtnetlink, which knows those of IPv4, and from its file where that lists none.
func vifRows(ctx context.Context, system *sources.System, families []multicastFamily, warn func(string)) iter.Seq2[*multicastInterface, error] {
	return func(yield func(*multicastInterface, error) bool) {
		names := newMulticastNames(ctx, system, warn)
		for _, f := range families {
			found := false
			for row, err := range dumpedVifs(ctx, system, f, names) {
				found = found || err == nil
				if !yield(row, err) {
					return
				}
			}
			if found {
				continue
			}
			for row, err := range vifsOfFile(system, f, names) {
				if !yield(row, err) {
					return
				}
			}
			if err := otherTables(ctx, system, f, names); err != nil && !yield(nil, err) {
				return
			}
		}
	}
}

func dumpedVifs(ctx context.Context, system *sources.System, f multicastFamily, names *multicastNames) iter.Seq2[*multicastInterface, error] {
	return func(yield func(*multicastInterface, error) bool) {
		if f.number != rtnetlink.Multicast4 {
			return
		}
		for vif, err := range rtnetlink.MulticastInterfaces(ctx, system.Netlink) {
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(&multicastInterface{MulticastInterface: vif, family: f, names: names}, nil) {
				return
			}
		}
	}
}

func vifsOfFile(system *sources.System, f multicastFamily, names *multicastNames) iter.Seq2[*multicastInterface, error] {
	vifs, err := f.interfaces(system.Files)
	return converted(each(vifs, f.explained(err)), func(v *procfs.MulticastVif) *multicastInterface { return vifOfFile(v, f, names) })
}

func vifOfFile(v *procfs.MulticastVif, f multicastFamily, names *multicastNames) *multicastInterface {
	return &multicastInterface{MulticastInterface: rtnetlink.MulticastInterface{
		Table: f.defaultTable, Vif: v.Vif, Flags: uint16(v.Flags), BytesIn: v.BytesIn, PacketsIn: v.PacketsIn,
		BytesOut: v.BytesOut, PacketsOut: v.PacketsOut, Local: v.LocalAddr, Remote: v.RemoteAddr,
	}, family: f, names: names, device: v.Interface}
}

// otherTables says that the file does not show all: there are routes in another table than its own, which therefore has
// virtual interfaces. What cannot be listed is another table's matter.
func otherTables(ctx context.Context, system *sources.System, f multicastFamily, names *multicastNames) error {
	for route, err := range rtnetlink.MulticastRoutes(ctx, system.Netlink, f.number) {
		if err != nil {
			return nil
		}
		if route.Table != f.defaultTable {
			return fmt.Errorf("the kernel does not list those of %s in table %s", f.name, names.table(route.Table))
		}
	}
	return nil
}
