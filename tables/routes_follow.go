package tables

import (
	"netql/query"
	"netql/sources/rtnetlink"
)

// followRoutes follows routes that are new or gone, or that take another's place.
func followRoutes(r query.Request) query.Follow[route] {
	return rtnetlinkFollow[*rtnetlink.Route, route]{
		request: r, group: "RTNLGRP_IPV*_ROUTE", listen: rtnetlink.ListenRoutes,
		families: wantedFamilies(r.Where, nil),
		rows: func(s *scanState) func(*rtnetlink.Route) []*route {
			facts := &routeFacts{scanState: s, events: true}
			return func(r *rtnetlink.Route) []*route {
				hops := facts.nexthops(r)
				rows := make([]*route, len(hops))
				for i := range hops {
					rows[i] = &route{Route: r, hop: &hops[i], facts: facts, nexthop: int32(i + 1)}
				}
				return rows
			}
		},
	}.follow()
}

// followRules follows rules that are new or gone. Rules do not change.
func followRules(r query.Request) query.Follow[rule] {
	return rtnetlinkFollow[*rtnetlink.Rule, rule]{
		request: r, group: "RTNLGRP_IPV*_RULE", listen: rtnetlink.ListenRules,
		families: wantedFamilies(r.Where, nil),
		rows: func(s *scanState) func(*rtnetlink.Rule) []*rule {
			facts := &routeFacts{scanState: s, events: true}
			return func(r *rtnetlink.Rule) []*rule { return []*rule{{Rule: r, facts: facts}} }
		},
	}.follow()
}
