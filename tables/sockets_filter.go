package tables

import (
	"math"
	"net/netip"
	"slices"

	"netql/query"
	"netql/query/expression"
	"netql/sources/inetdiag"
)

// kernelFilter is what the kernel can test of the conditions on sockets of a protocol, address families and states.
// What it cannot test is true in it.
func kernelFilter(d socketDump, where query.Predicate) inetdiag.Filter {
	return termFilter(where.Term(d.possible))
}

// possible are all values that columns have in the rows of the dump: the columns by which dumps are chosen.
func (d socketDump) possible(column string) (values []any) {
	switch column {
	case "proto":
		values = append(values, d.name)
	case "family":
		for _, family := range d.families {
			values = append(values, familyName(uint8(family)))
		}
	case "state":
		for state := inetdiag.Established; state <= inetdiag.BoundInactive; state++ {
			if d.query.States.Has(state) {
				values = append(values, stateName(d.number, state))
			}
		}
	}
	return values
}

func termFilter(t expression.Term) inetdiag.Filter {
	switch t.Kind {
	case expression.AllOf:
		return inetdiag.And(termFilters(t.Parts)...)
	case expression.AnyOf:
		return inetdiag.Or(termFilters(t.Parts)...)
	case expression.Test, expression.TestNot:
		filter, exact := leafFilter(t.Leaf)
		switch {
		case t.Kind == expression.Test:
			return filter
		case exact:
			return inetdiag.Not(filter)
		}
	}
	return inetdiag.Filter{}
}

func termFilters(terms []expression.Term) []inetdiag.Filter {
	filters := make([]inetdiag.Filter, len(terms))
	for i, t := range terms {
		filters[i] = termFilter(t)
	}
	return filters
}

// leafFilter is true for the sockets whose column passes a test. Where it is not exact, it is true for others, too.
func leafFilter(l expression.Leaf) (filter inetdiag.Filter, exact bool) {
	switch l.Column {
	case "lport":
		return portFilter(inetdiag.Local, l)
	case "rport":
		return portFilter(inetdiag.Remote, l)
	case "laddr", "local":
		return valuesFilter(inetdiag.Local, l)
	case "raddr", "remote":
		return valuesFilter(inetdiag.Remote, l)
	}
	return inetdiag.Filter{}, false
}

// portFilter tries a test with ports: between two neighbours of the values that it compares them with, it has one
// result. Port 0 is NULL.
func portFilter(end inetdiag.End, l expression.Leaf) (filter inetdiag.Filter, exact bool) {
	if !slices.Contains([]string{"==", "!=", "<", "<=", ">", ">=", "in", expression.Interval}, l.Op) {
		return inetdiag.Filter{}, false
	}
	const last = math.MaxUint16
	firsts := []int{1, last + 1} // of the ranges in which the test has one result
	for _, v := range l.Values {
		switch v := v.(type) {
		case nil: // == nil, != nil
		case int:
			firsts = append(firsts, min(max(v, 1), last), min(max(v, 0), last)+1)
		case float64:
			floor := int(math.Floor(min(max(v, 0), last)))
			firsts = append(firsts, max(floor, 1), floor+1, min(floor+2, last+1))
		default:
			return inetdiag.Filter{}, false
		}
	}
	slices.Sort(firsts)
	firsts = slices.Compact(firsts)
	var passing []inetdiag.PortRange
	for i, first := range firsts[:len(firsts)-1] {
		if l.Test(first) {
			passing = append(passing, inetdiag.PortRange{First: uint16(first), Last: uint16(firsts[i+1] - 1)})
		}
	}
	if l.Test(nil) {
		passing = append(passing, inetdiag.PortRange{})
	}
	return inetdiag.Ports(end, passing...), true
}

// valuesFilter is the filter of a comparison of an address, or an address and port, with values.
func valuesFilter(end inetdiag.End, l expression.Leaf) (filter inetdiag.Filter, exact bool) {
	if l.Op != "==" && l.Op != "!=" && l.Op != "in" {
		return inetdiag.Filter{}, false
	}
	exact = true
	var equal []inetdiag.Filter
	for _, v := range l.Values {
		one, exactly := valueFilter(end, v)
		equal, exact = append(equal, one), exact && exactly
	}
	filter = inetdiag.Or(equal...)
	switch {
	case l.Op != "!=":
		return filter, exact
	case exact:
		return inetdiag.Not(filter), true
	}
	return inetdiag.Filter{}, false
}

// valueFilter is true where the address at an end, or the address and port, equals a value.
func valueFilter(end inetdiag.End, v any) (filter inetdiag.Filter, exact bool) {
	switch v := v.(type) {
	case nil:
		return unspecified(end), true
	case netip.Addr:
		return addressFilter(end, v)
	case netip.Prefix:
		return prefixFilter(end, v), true
	case netip.AddrPort:
		filter, exact = addressFilter(end, v.Addr())
		return inetdiag.And(inetdiag.Ports(end, inetdiag.PortRange{First: v.Port(), Last: v.Port()}), filter), exact
	}
	return inetdiag.Filter{}, false
}

// addressFilter is true where the address at an end is a certain one, whatever its zone, which the kernel does not
// test.
func addressFilter(end inetdiag.End, addr netip.Addr) (filter inetdiag.Filter, exact bool) {
	prefix := netip.PrefixFrom(addr.WithZone(""), addr.BitLen())
	return prefixFilter(end, prefix), addr.Zone() == ""
}

// prefixFilter is true where the address at an end is in a prefix, and not NULL.
func prefixFilter(end inetdiag.End, prefix netip.Prefix) inetdiag.Filter {
	inside := inetdiag.Within(end, prefix)
	if prefix.Contains(netip.IPv4Unspecified()) || prefix.Contains(netip.IPv6Unspecified()) {
		return inetdiag.And(inside, inetdiag.Not(unspecified(end)))
	}
	return inside
}

// unspecified is true where the address at an end is NULL: that of a peer that is not there is unspecified.
func unspecified(end inetdiag.End) inetdiag.Filter {
	if end == inetdiag.Local {
		return inetdiag.Nothing() // laddr is never NULL
	}
	return inetdiag.Or(
		inetdiag.Within(end, netip.PrefixFrom(netip.IPv4Unspecified(), 32)),
		inetdiag.Within(end, netip.PrefixFrom(netip.IPv6Unspecified(), 128)))
}
