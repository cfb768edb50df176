package tables

import (
	"fmt"
	"net/netip"

	"netql/sources/procfs"
	"netql/sources/rtnetlink"
)

// routeFacts are what columns of routes need beside the route message. Each is read once for a query, and only if some
// row asks for it.
type routeFacts struct {
	*scanState
	// events says that the rows are of events: nexthop objects, which may change, are read for each row, and lines are
	// not read at all.
	events   bool
	objects  lazy[map[uint32]*rtnetlink.NexthopObject]
	networks lazy[map[netip.Addr]string]                     // the names of /etc/networks
	lines    lazy[map[procfs.IPv6RouteKey]*procfs.IPv6Route] // nil for the key of several lines that differ
}

func (f *routeFacts) networkNames() map[netip.Addr]string { return f.networks.get(f.readNetworks) }

// realms is the names of two realms, from/to, or of the second where the first is 0; "" for none. realms has from in
// its upper half.
func (f *routeFacts) realms(realms uint32) string {
	from, to := realms>>16, realms&0xffff
	switch {
	case realms == 0:
		return ""
	case from == 0:
		return f.routeRealm(to)
	}
	return fmt.Sprint(f.routeRealm(from), "/", f.routeRealm(to))
}

// object is the nexthop object of an id; nil where there is none.
func (f *routeFacts) object(id uint32) *rtnetlink.NexthopObject {
	if f.events {
		return f.readObjects()[id]
	}
	return f.objects.get(f.readObjects)[id]
}

func (f *routeFacts) readObjects() map[uint32]*rtnetlink.NexthopObject {
	objects := map[uint32]*rtnetlink.NexthopObject{}
	for object, err := range rtnetlink.NexthopObjects(f.ctx, f.system.Netlink) {
		if err != nil {
			f.warn("where some routes lead is unknown: " + err.Error())
			break
		}
		objects[object.ID] = object
	}
	return objects
}

func (f *routeFacts) readLines() map[procfs.IPv6RouteKey]*procfs.IPv6Route {
	lines := map[procfs.IPv6RouteKey]*procfs.IPv6Route{}
	for line, err := range procfs.IPv6Routes(f.system.Files) {
		if err != nil {
			f.warn("the references to some IPv6 routes are unknown: " + err.Error())
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

// line is the line of /proc/net/ipv6_route about an IPv6 route; nil where there is none, or several that differ.
func (f *routeFacts) line(r *route) *procfs.IPv6Route {
	if r.Family != inet6 || r.Cached() || f.events {
		return nil
	}
	key := procfs.IPv6RouteKey{Dst: r.Dst, Src: r.Src, Gateway: r.hop.Gateway, Metric: r.Metric,
		Interface: f.interfaceName(r.hop.Interface)}
	if !key.Src.IsValid() {
		key.Src = netip.PrefixFrom(netip.IPv6Unspecified(), 0)
	}
	if !key.Gateway.IsValid() {
		key.Gateway = netip.IPv6Unspecified()
	}
	return f.lines.get(f.readLines)[key]
}

// nexthops are the nexthops of a route. Where the kernel sends only the id of a nexthop object, as with
// net.ipv4.nexthop_compat_mode 0, they are those of the object.
func (f *routeFacts) nexthops(r *rtnetlink.Route) []rtnetlink.Nexthop {
	own := r.Nexthops
	if r.NexthopID == 0 || len(own) > 1 || own[0].Interface != 0 || own[0].Gateway.IsValid() {
		return own
	}
	object := f.object(r.NexthopID)
	if object == nil {
		return own
	}
	if len(object.Group) == 0 {
		return []rtnetlink.Nexthop{object.Nexthop}
	}
	var hops []rtnetlink.Nexthop
	for _, member := range object.Group {
		hop := rtnetlink.Nexthop{Weight: member.Weight}
		if object := f.object(member.ID); object != nil {
			hop = object.Nexthop
			hop.Weight = member.Weight
		}
		hops = append(hops, hop)
	}
	return hops
}
