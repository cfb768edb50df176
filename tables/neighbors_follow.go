package tables

import (
	"context"
	"iter"
	"net/netip"

	"netql/query"
	"netql/sources"
	"netql/sources/rtnetlink"
)

// noticeNeighbors hears of neighbours that come, go, or change their state or link-layer address.
func noticeNeighbors(system *sources.System, r query.Request) noticing[*rtnetlink.Neighbor, neighbor] {
	type key struct {
		index uint32
		addr  netip.Addr
	}
	return noticing[*rtnetlink.Neighbor, neighbor]{
		system: system, warn: r.Warn, group: "RTNLGRP_NEIGH", families: wantedFamilies(r.Where, map[string]any{"proxy": false}), listen: rtnetlink.ListenNeighbors,
		rows: func(_ context.Context, names interfaceNames) func(*rtnetlink.Neighbor) []*neighbor {
			protocol := routeProtos.namer(system.Files, r.Warn)
			return func(n *rtnetlink.Neighbor) []*neighbor { return []*neighbor{{n, names, protocol}} }
		},
		known: &lastKnown[*rtnetlink.Neighbor, neighbor]{
			list: func(ctx context.Context) iter.Seq2[*rtnetlink.Neighbor, error] {
				return rtnetlink.Neighbors(ctx, system.Netlink, rtnetlink.NeighborQuery{})
			},
			key:    func(n *rtnetlink.Neighbor) any { return key{n.Index, n.Addr} },
			fields: neighborFields(),
		},
	}
}
