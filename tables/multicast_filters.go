package tables

import (
	"net/netip"
	"slices"
	"sync"

	"netql/query"
	"netql/query/schema"
	"netql/sources/procfs"
	"netql/sources/vfs"
)

// multicastFilters are the sources that members of groups want or refuse, by family. Each file is read once for a query,
// and only if some row asks for it. The kernel looks for a start at the newest group of each interface only, and lists
// everything behind it (igmp_mcf_get_first in net/ipv4/igmp.c, igmp6_mcf_get_first in net/ipv6/mcast.c): where the newest
// groups have no sources, older ones are not told.
type multicastFilters struct {
	families map[string]func() map[filterKey]sourceLists
}

// filterKey is a membership: an interface and a group.
type filterKey struct {
	index int
	group netip.Addr
}

// sourceLists are addresses in their order.
type sourceLists struct{ included, excluded []any }

func newMulticastFilters(files vfs.Files, warn func(string)) *multicastFilters {
	read := func(list func(vfs.Files) ([]procfs.SourceFilter, error)) func() map[filterKey]sourceLists {
		return sync.OnceValue(func() map[filterKey]sourceLists {
			filters, err := list(files)
			if err != nil {
				warn("the sources of some multicast groups are unknown: " + err.Error())
			}
			return groupFilters(filters)
		})
	}
	return &multicastFilters{map[string]func() map[filterKey]sourceLists{"inet": read(procfs.McFilter), "inet6": read(procfs.McFilter6)}}
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

// sources are those of a group; none of a link-layer group.
func (g *multicastGroup) sources() sourceLists {
	read, ok := g.filters.families[g.family]
	if !ok {
		return sourceLists{}
	}
	return read()[filterKey{g.ip.Index, g.ip.Group}]
}

func filterFields() []query.Field[multicastGroup] {
	return []query.Field[multicastGroup]{
		{Name: "included", Type: schema.ListOf(address), Get: func(g *multicastGroup) any { l := g.sources().included; return orNull(l, len(l) > 0) },
			Doc: "The sources that some socket has joined the group for (source-specific multicast, /proc/net/mcfilter); " +
				"NULL where none has, and where the kernel skips the interface because its newest group has no sources."},
		{Name: "excluded", Type: schema.ListOf(address), Get: func(g *multicastGroup) any { l := g.sources().excluded; return orNull(l, len(l) > 0) },
			Doc: "The sources that some member of the group refuses (/proc/net/mcfilter); NULL as in included."},
	}
}
