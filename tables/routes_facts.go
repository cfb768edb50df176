package tables

import (
	"context"
	"fmt"
	"net/netip"
	"sync"

	"netql/sources"
	"netql/sources/procfs"
	"netql/sources/rtnetlink"
)

// routeFacts are what routes' columns need beside the route itself. Each is read once for a query, and only if some row
// asks for it.
type routeFacts struct {
	interfaceNames
	dev                           func(index uint32) any
	table, protocol, scope, realm func(uint32) any

	objects  func() map[uint32]*rtnetlink.NexthopObject
	networks func() map[netip.Addr]string                     // by /etc/networks
	lines    func() map[procfs.IPv6RouteKey]*procfs.IPv6Route // nil for a key that several lines have, which differ
}

func newRouteFacts(ctx context.Context, system *sources.System, warn func(string)) *routeFacts {
	links := newInterfaceNames(ctx, system, warn)
	return &routeFacts{
		interfaceNames: links,
		dev:            once(func(index uint32) any { return nonEmpty(links.interfaceName(index)) }),
		table:          routeTables.namer(system.Files, warn),
		protocol:       routeProtos.namer(system.Files, warn),
		scope:          routeScopes.namer(system.Files, warn),
		realm:          routeRealms.namer(system.Files, warn),
		objects:        sync.OnceValue(func() map[uint32]*rtnetlink.NexthopObject { return readObjects(ctx, system, warn) }),
		networks:       sync.OnceValue(func() map[netip.Addr]string { return readNetworks(system.Files, warn) }),
		lines:          sync.OnceValue(func() map[procfs.IPv6RouteKey]*procfs.IPv6Route { return readLines(system, warn) }),
	}
}

// realms names two realms, from and to, or only the second; 0 is none.
func (f *routeFacts) realms(realms uint32) any {
	from, to := realms>>16, realms&0xffff
	switch {
	case realms == 0:
		return nil
	case from == 0:
		return f.realm(to)
	}
	return fmt.Sprint(f.realm(from), "/", f.realm(to))
}

func readObjects(ctx context.Context, system *sources.System, warn func(string)) map[uint32]*rtnetlink.NexthopObject {
	objects := map[uint32]*rtnetlink.NexthopObject{}
	for object, err := range rtnetlink.NexthopObjects(ctx, system.Netlink) {
		if err != nil {
			warn("where some routes lead is unknown: " + err.Error())
			break
		}
		objects[object.ID] = object
	}
	return objects
}

func readLines(system *sources.System, warn func(string)) map[procfs.IPv6RouteKey]*procfs.IPv6Route {
	lines := map[procfs.IPv6RouteKey]*procfs.IPv6Route{}
	for line, err := range procfs.IPv6Routes(system.Files) {
		if err != nil {
			warn("the references to some IPv6 routes are unknown: " + err.Error())
			break
		}
		if other, taken := lines[line.IPv6RouteKey]; taken && (other == nil || *other != line) {
			lines[line.IPv6RouteKey] = nil
			continue
		}
		lines[line.IPv6RouteKey] = &line
	}
	return lines
}

// line is what /proc/net/ipv6_route says of a route of IPv6; nil where it says nothing that is certain.
func (f *routeFacts) line(r *route) *procfs.IPv6Route {
	if r.Family != inet6 || r.Cached() {
		return nil
	}
	key := procfs.IPv6RouteKey{Dst: r.Dst, Src: r.Src, Gateway: r.hop.Gateway, Metric: r.Metric, Interface: f.interfaceName(r.hop.Interface)}
	if !key.Src.IsValid() {
		key.Src = netip.PrefixFrom(netip.IPv6Unspecified(), 0)
	}
	if !key.Gateway.IsValid() {
		key.Gateway = netip.IPv6Unspecified()
	}
	return f.lines()[key]
}

// nexthops are the route's own or, where the kernel names only the object that has them (it does so when
// net.ipv4.nexthop_compat_mode is 0), those of the object.
func (f *routeFacts) nexthops(r *rtnetlink.Route) []rtnetlink.Nexthop {
	own := r.Nexthops
	if r.NexthopID == 0 || len(own) > 1 || own[0].Interface != 0 || own[0].Gateway.IsValid() {
		return own
	}
	object := f.objects()[r.NexthopID]
	if object == nil {
		return own
	}
	if len(object.Group) == 0 {
		return []rtnetlink.Nexthop{object.Nexthop}
	}
	var hops []rtnetlink.Nexthop
	for _, member := range object.Group {
		hop := rtnetlink.Nexthop{Weight: member.Weight}
		if object := f.objects()[member.ID]; object != nil {
			hop = object.Nexthop
			hop.Weight = member.Weight
		}
		hops = append(hops, hop)
	}
	return hops
}
