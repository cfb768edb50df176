package tables

import (
	"net/netip"

	"netql/sources/rtnetlink"
	"netql/sources/slab"
)

// routeList makes rows of routes as the kernel lists them, and holds exceptions back until flush.
type routeList struct {
	facts      *routeFacts
	seen       map[routeException]bool
	exceptions []*rtnetlink.Route // that are held back
	last       routeKey           // of the route before
	position   int32              // its position
	rows       slab.Of[route]
}

// routeKey is what routes for the same packets have in common. The kernel lists them one after the other.
type routeKey struct {
	family, tos   uint8
	table, metric uint32
	dst, src      netip.Prefix
}

// routeException identifies an exception. The kernel keeps exceptions with the nexthop, and lists them again with every
// route that shares it.
type routeException struct {
	routeKey
	gateway netip.Addr
	device  uint32
}

// add yields a row for each nexthop of a route, or holds an exception back; false says that the reader wants no more.
func (l *routeList) add(r *rtnetlink.Route, yield func(*route, error) bool) bool {
	key := routeKey{r.Family, r.TOS, r.Table, r.Metric, r.Dst, r.Src}
	if r.Cached() {
		exception := routeException{key, r.Nexthops[0].Gateway, r.Nexthops[0].Interface}
		if !l.seen[exception] {
			l.seen[exception] = true
			l.exceptions = append(l.exceptions, r)
		}
		return true
	}
	if key != l.last {
		l.last, l.position = key, 0
	}
	l.position++
	hops := l.facts.nexthops(r)
	for i := range hops {
		row := l.rows.New()
		*row = route{Route: r, hop: &hops[i], facts: l.facts, nexthop: int32(i + 1), position: l.position}
		if !yield(row, nil) {
			return false
		}
	}
	return true
}

// flush yields the exceptions that were held back. They are few, because the kernel forgets old ones.
func (l *routeList) flush(yield func(*route, error) bool) bool {
	for _, r := range l.exceptions {
		if !yield(&route{Route: r, hop: &r.Nexthops[0], facts: l.facts, nexthop: 1}, nil) {
			return false
		}
	}
	l.exceptions = nil
	return true
}
