package tables

import (
	"net/netip"

	"netql/sources/rtnetlink"
)

// routeList makes rows of routes as they come.
type routeList struct {
	facts      *routeFacts
	seen       map[routeException]bool
	exceptions []*rtnetlink.Route // kept back
	last       routeKey
	position   int
}

// routeKey is what routes that compete for the same packets have in common. They come one after the other.
type routeKey struct {
	family, tos   uint8
	table, metric uint32
	dst, src      netip.Prefix
}

// routeException tells exceptions apart. The kernel keeps them with the nexthop, and lists them again with every route
// that shares it.
type routeException struct {
	routeKey
	gateway netip.Addr
	device  uint32
}

// add hands on a row for each nexthop, and says whether more are wanted.
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
		if !yield(&route{Route: r, hop: &hops[i], facts: l.facts, nexthop: i + 1, position: l.position}, nil) {
			return false
		}
	}
	return true
}

// flush hands on the exceptions, which are few: the kernel forgets old ones.
func (l *routeList) flush(yield func(*route, error) bool) bool {
	for _, r := range l.exceptions {
		if !yield(&route{Route: r, hop: &r.Nexthops[0], facts: l.facts, nexthop: 1}, nil) {
			return false
		}
	}
	l.exceptions = nil
	return true
}
