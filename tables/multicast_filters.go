package tables

import (
	"net/netip"
	"slices"

	"netql/query"
	"netql/sources/procfs"
)

// multicastFilters are the sources that members of groups want or refuse, by address family. Each file is read once for
// a query, and only if some row asks for it. The kernel looks for the first source at the newest group of each
// interface only, and lists everything behind it (igmp_mcf_get_first in net/ipv4/igmp.c, igmp6_mcf_get_first in
// net/ipv6/mcast.c): where the newest group has no sources, those of older groups are not listed.
type multicastFilters struct {
	*scanState
	inet, inet6 lazy[map[filterKey]sourceLists]
}

// filterKey is a membership: an interface and a group.
type filterKey struct {
	index int
	group netip.Addr
}

// sourceLists are the sources of a membership, in ascending order.
type sourceLists struct{ included, excluded []netip.Addr }

// byFamily are the sources of the memberships of an address family; none for link-layer groups.
func (f *multicastFilters) byFamily(family string) map[filterKey]sourceLists {
	switch family {
	case "inet":
		return f.inet.get(func() map[filterKey]sourceLists { return f.grouped(procfs.McFilter(f.system.Files)) })
	case "inet6":
		return f.inet6.get(func() map[filterKey]sourceLists { return f.grouped(procfs.McFilter6(f.system.Files)) })
	}
	return nil
}

// grouped are filters as read from a file, by membership. An error costs a warning.
func (f *multicastFilters) grouped(filters []procfs.SourceFilter, err error) map[filterKey]sourceLists {
	if err != nil {
		f.warn("the sources of some multicast groups are unknown: " + err.Error())
	}
	return groupFilters(filters)
}

func groupFilters(filters []procfs.SourceFilter) map[filterKey]sourceLists {
	slices.SortStableFunc(filters, func(a, b procfs.SourceFilter) int { return a.Source.Compare(b.Source) })
	lists := map[filterKey]sourceLists{}
	for _, f := range filters {
		key := filterKey{f.Index, f.Group}
		l := lists[key]
		if f.Include > 0 {
			l.included = append(l.included, f.Source)
		}
		if f.Exclude > 0 {
			l.excluded = append(l.excluded, f.Source)
		}
		lists[key] = l
	}
	return lists
}

// sources are the sources of a row's membership; none for a link-layer group.
func (g *multicastGroup) sources() sourceLists {
	return g.filters.byFamily(g.family)[filterKey{g.ip.Index, g.ip.Group}]
}

func filterColumns() []query.Column[multicastGroup] {
	return []query.Column[multicastGroup]{
		query.List("included", "The sources that some socket has joined the group for (source-specific multicast, "+
			"/proc/net/mcfilter); NULL where none has, and where the kernel skips the interface because its newest "+
			"group has no sources.", func(g *multicastGroup) []netip.Addr { return g.sources().included }),
		query.List("excluded", "The sources that some member of the group refuses (/proc/net/mcfilter); NULL as in "+
			"included.", func(g *multicastGroup) []netip.Addr { return g.sources().excluded }),
	}
}
