package tables

import (
	"fmt"
	"net/netip"
	"strings"

	"netql/query"
	"netql/sources/rtnetlink"
)

// lookups are the addresses that conditions compare the column lookup with, for which the kernel is asked.
func lookups(where query.Predicate) (addresses []netip.Addr) {
	for _, value := range where.Values("lookup") {
		if address, ok := value.(netip.Addr); ok {
			addresses = append(addresses, address)
		}
	}
	return addresses
}

// lookUp yields the nexthops of the routes that packets to the addresses take. It returns false where the reader wants
// no more.
func (s routeScan) lookUp(state *scanState, facts *routeFacts, yield func(*route, error) bool) bool {
	for _, address := range s.lookups {
		oif, err := s.zoneIndex(state, address)
		var r *rtnetlink.Route
		if err == nil {
			r, err = rtnetlink.LookUpRoute(state.ctx, state.system.Netlink, address.WithZone(""), oif)
		}
		if err != nil && !yield(nil, err) {
			return false
		}
		if err != nil || r == nil {
			continue
		}
		hops := facts.nexthops(r)
		for i := range hops {
			if !yield(&route{Route: r, hop: &hops[i], facts: facts, nexthop: int32(i + 1), lookup: &address}, nil) {
				return false
			}
		}
	}
	return true
}

// zoneIndex is the index of the interface that an address names as its zone; 0 for none.
func (s routeScan) zoneIndex(state *scanState, address netip.Addr) (uint32, error) {
	if address.Zone() == "" {
		return 0, nil
	}
	if index := state.interfaceIndex(address.Zone()); index != 0 {
		return index, nil
	}
	return 0, fmt.Errorf("look the route to %v up: there is no interface %q", address, address.Zone())
}

// lookupText is what explain says of the lookups.
func (s routeScan) lookupText() string {
	var texts []string
	for _, address := range s.lookups {
		texts = append(texts, "lookup of "+address.String())
	}
	return strings.Join(texts, "; ")
}
