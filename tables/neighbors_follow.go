package tables

import (
	"iter"
	"net/netip"

	"netql/query"
	"netql/sources/rtnetlink"
)

// followNeighbors follows neighbours that are new, gone, or changed. The kernel does not notify of proxy entries.
func followNeighbors(r query.Request) query.Follow[neighbor] {
	type key struct {
		index uint32
		addr  netip.Addr
	}
	return rtnetlinkFollow[*rtnetlink.Neighbor, neighbor]{
		request: r, group: "RTNLGRP_NEIGH", listen: rtnetlink.ListenNeighbors,
		families: wantedFamilies(r.Where, map[string]any{"proxy": false}),
		rows: func(s *scanState) func(*rtnetlink.Neighbor) []*neighbor {
			return func(n *rtnetlink.Neighbor) []*neighbor { return []*neighbor{{n, s}} }
		},
		known: &lastKnown[*rtnetlink.Neighbor, neighbor]{
			list: func(s *scanState) iter.Seq2[*rtnetlink.Neighbor, error] {
				return rtnetlink.Neighbors(s.ctx, s.system.Netlink, rtnetlink.NeighborQuery{})
			},
			key:     func(n *rtnetlink.Neighbor) any { return key{n.Index, n.Addr} },
			columns: query.Erase(neighborColumns()),
		},
	}.follow()
}
