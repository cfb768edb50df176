package tables

import (
	"context"

	"netql/query"
	"netql/sources"
	"netql/sources/procfs"
	"netql/sources/rtnetlink"
)

// noticeRoutes hears of routes that come, go, or take another's place.
func noticeRoutes(system *sources.System, r query.Request) noticing[*rtnetlink.Route, route] {
	return noticing[*rtnetlink.Route, route]{
		system: system, warn: r.Warn, group: "RTNLGRP_IPV*_ROUTE", families: wantedFamilies(r.Where, nil), listen: rtnetlink.ListenRoutes,
		rows: func(ctx context.Context, names interfaceNames) func(*rtnetlink.Route) []*route {
			facts := newRouteEventFacts(ctx, system, names, r.Warn)
			return func(r *rtnetlink.Route) []*route {
				hops := facts.nexthops(r)
				rows := make([]*route, len(hops))
				for i := range hops {
					rows[i] = &route{Route: r, hop: &hops[i], facts: facts, nexthop: i + 1}
				}
				return rows
			}
		},
	}
}

// noticeRules hears of rules that come and go. They do not change.
func noticeRules(system *sources.System, r query.Request) noticing[*rtnetlink.Rule, rule] {
	return noticing[*rtnetlink.Rule, rule]{
		system: system, warn: r.Warn, group: "RTNLGRP_IPV*_RULE", families: wantedFamilies(r.Where, nil), listen: rtnetlink.ListenRules,
		rows: func(ctx context.Context, names interfaceNames) func(*rtnetlink.Rule) []*rule {
			facts := newRouteEventFacts(ctx, system, names, r.Warn)
			return func(r *rtnetlink.Rule) []*rule { return []*rule{{Rule: r, facts: facts}} }
		},
	}
}

// newRouteEventFacts keep nothing that changes while events come. The lines of /proc/net/ipv6_route are not read for them.
func newRouteEventFacts(ctx context.Context, system *sources.System, names interfaceNames, warn func(string)) *routeFacts {
	facts := newRouteFacts(ctx, system, warn)
	facts.interfaceNames = names
	facts.dev = func(index uint32) any { return nonEmpty(names.interfaceName(index)) }
	facts.objects = func() map[uint32]*rtnetlink.NexthopObject { return readObjects(ctx, system, warn) }
	facts.lines = func() map[procfs.IPv6RouteKey]*procfs.IPv6Route { return nil }
	return facts
}
