package inetdiag

import "net/netip"

// A Filter is a condition on the ports and addresses of sockets. The kernel tests it, so that other sockets are not
// sent; what is too long for a request it does not test. The zero Filter is true for every socket.
//
// It is in negation normal form: only tests of addresses have an opposite (the opposite of a set of ports is one).
type Filter struct {
	kind    filterKind
	parts   []Filter // of allOf, anyOf: two or more, which are tests or of the other kind
	end     End      // of a test
	ports   portSet  // of inPorts: some ports, and not all
	prefix  netip.Prefix
	outside bool // of inPrefix: the address is not in the prefix
}

type filterKind uint8

const (
	anySocket filterKind = iota
	noSocket
	allOf
	anyOf
	inPorts
	inPrefix
)

// An End is one of a socket's two ends.
type End uint8

// The ends.
const (
	Local End = iota
	Remote
)

// Nothing is false for every socket.
func Nothing() Filter { return Filter{kind: noSocket} }

// IsNothing says that no socket satisfies the filter.
func (f Filter) IsNothing() bool { return f.kind == noSocket }

// IsEverything says that every socket satisfies the filter.
func (f Filter) IsEverything() bool { return f.kind == anySocket }

// Ports is true where the port at an end is in one of the ranges.
func Ports(end End, ranges ...PortRange) Filter { return portFilter(end, unionOf(ranges)) }

func portFilter(end End, set portSet) Filter {
	switch {
	case len(set) == 0:
		return Nothing()
	case len(set.complement()) == 0:
		return Filter{}
	}
	return Filter{kind: inPorts, end: end, ports: set}
}

// mapped are the IPv6 addresses that stand for IPv4 addresses: ::ffff:0:0/96.
func mapped() netip.Prefix {
	return netip.PrefixFrom(netip.AddrFrom16([16]byte{10: 0xff, 11: 0xff}), 96)
}

// Within is true where the address at an end is in the prefix, whatever its zone. A v4-mapped address counts as the
// IPv4 address: no prefix of IPv6 holds it.
func Within(end End, prefix netip.Prefix) Filter {
	inside := Filter{kind: inPrefix, end: end, prefix: prefix.Masked()}
	if prefix.Overlaps(mapped()) {
		return And(inside, Filter{kind: inPrefix, end: end, prefix: mapped(), outside: true})
	}
	return inside
}

// And is true where all filters are.
func And(filters ...Filter) Filter { return combined(allOf, filters) }

// Or is true where any of the filters is.
func Or(filters ...Filter) Filter { return combined(anyOf, filters) }

// Not is true where the filter is false.
func Not(f Filter) Filter {
	switch f.kind {
	case anySocket:
		return Nothing()
	case noSocket:
		return Filter{}
	case inPorts:
		return portFilter(f.end, f.ports.complement())
	case inPrefix:
		f.outside = !f.outside
		return f
	}
	opposites := make([]Filter, len(f.parts))
	for i, part := range f.parts {
		opposites[i] = Not(part)
	}
	return combined(allOf+anyOf-f.kind, opposites)
}

// combined joins filters. The tests of the ports at one end become one test, which comes first.
func combined(kind filterKind, filters []Filter) Filter {
	var ports [2][]PortRange
	var tested [2]bool
	var others []Filter
	for _, f := range flattened(kind, filters) {
		switch f.kind {
		case inPorts:
			tested[f.end] = true
			ports[f.end] = append(ports[f.end], joinable(kind, f.ports)...)
		default:
			others = append(others, f)
		}
	}
	var all []Filter
	for end := range ports {
		if tested[end] {
			all = append(all, portFilter(End(end), joinable(kind, unionOf(ports[end]))))
		}
	}
	return reduced(kind, append(all, others...))
}

// joinable is the set whose union with others of its like joins sets in a conjunction or disjunction: the complement
// of an intersection is the union of the complements.
func joinable(kind filterKind, set portSet) portSet {
	if kind == allOf {
		return set.complement()
	}
	return set
}

// flattened are the filters, and the parts of those of the kind in their place.
func flattened(kind filterKind, filters []Filter) (list []Filter) {
	for _, f := range filters {
		if f.kind == kind {
			list = append(list, f.parts...)
		} else {
			list = append(list, f)
		}
	}
	return list
}

// reduced joins parts without those that change nothing; it is one part where that decides alone.
func reduced(kind filterKind, parts []Filter) Filter {
	neutral, absorbing := anySocket, noSocket
	if kind == anyOf {
		neutral, absorbing = noSocket, anySocket
	}
	var kept []Filter
	for _, f := range parts {
		switch f.kind {
		case absorbing:
			return f
		case neutral:
		default:
			kept = append(kept, f)
		}
	}
	switch len(kept) {
	case 0:
		return Filter{kind: neutral}
	case 1:
		return kept[0]
	}
	return Filter{kind: kind, parts: kept}
}
