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
		for _, f := range families {
			found := false
			for row, err := range dumpedVifs(ctx, system, f, warn) {
				found = found || err == nil
				if !yield(row, err) {
					return
				}
			}
			if found {
				continue
			}
			for row, err := range vifsOfFile(system, f) {
				if !yield(row, err) {
					return
				}
			}
			if err := otherTables(ctx, system, f); err != nil && !yield(nil, err) {
				return
			}
		}
	}
}

func dumpedVifs(ctx context.Context, system *sources.System, f multicastFamily, warn func(string)) iter.Seq2[*multicastInterface, error] {
	return func(yield func(*multicastInterface, error) bool) {
		if f.number != rtnetlink.Multicast4 {
			return
		}
		facts := newSocketFacts(ctx, system, warn)
		for vif, err := range rtnetlink.MulticastInterfaces(ctx, system.Netlink) {
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(&multicastInterface{vif, f, func() string { return facts.interfaceName(uint32(vif.Index)) }}, nil) {
				return
			}
		}
	}
}

func vifsOfFile(system *sources.System, f multicastFamily) iter.Seq2[*multicastInterface, error] {
	return func(yield func(*multicastInterface, error) bool) {
		vifs, err := f.interfaces(system.Files)
		for _, v := range vifs {
			if !yield(vifOfFile(v, f), nil) {
				return
			}
		}
		if err != nil {
			yield(nil, f.explained(err))
		}
	}
}

func vifOfFile(v procfs.MulticastVif, f multicastFamily) *multicastInterface {
	return &multicastInterface{rtnetlink.MulticastInterface{
		Table: f.defaultTable, Vif: v.Vif, Flags: uint16(v.Flags), BytesIn: v.BytesIn, PacketsIn: v.PacketsIn,
		BytesOut: v.BytesOut, PacketsOut: v.PacketsOut, Local: v.LocalAddr, Remote: v.RemoteAddr,
	}, f, func() string { return v.Interface }}
}

// otherTables says that the file does not show all: there are routes in another table than its own, which therefore has
// virtual interfaces. What cannot be listed is another table's matter.
func otherTables(ctx context.Context, system *sources.System, f multicastFamily) error {
	for route, err := range rtnetlink.MulticastRoutes(ctx, system.Netlink, f.number) {
		if err != nil {
			return nil
		}
		if route.Table != f.defaultTable {
			return fmt.Errorf("the kernel does not list those of %s in table %s", f.name, multicastTable(route.Table))
		}
	}
	return nil
}
