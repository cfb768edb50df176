package inetdiag

import (
	"cmp"
	"math"
	"slices"
)

// A PortRange is the ports from First to Last, both included. Port 0 is that of a peer that is not there.
type PortRange struct{ First, Last uint16 }

// portSet is a set of ports: ranges in ascending order, with a gap between any two.
type portSet []PortRange

// unionOf is the set of the ports in any of the ranges.
func unionOf(ranges []PortRange) (set portSet) {
	ranges = slices.Clone(ranges)
	slices.SortFunc(ranges, func(a, b PortRange) int { return cmp.Compare(a.First, b.First) })
	for _, r := range ranges {
		if n := len(set); n > 0 && int(r.First) <= int(set[n-1].Last)+1 {
			set[n-1].Last = max(set[n-1].Last, r.Last)
		} else {
			set = append(set, r)
		}
	}
	return set
}

// complement is the set of all other ports.
func (set portSet) complement() (others portSet) {
	next := 0
	for _, r := range set {
		if int(r.First) > next {
			others = append(others, PortRange{uint16(next), r.First - 1})
		}
		next = int(r.Last) + 1
	}
	if next <= math.MaxUint16 {
		others = append(others, PortRange{uint16(next), math.MaxUint16})
	}
	return others
}

// single is the set's only port; false where it has none, or more, or where the port is 0.
func (set portSet) single() (port uint16, ok bool) {
	if len(set) != 1 || set[0].First != set[0].Last {
		return 0, false
	}
	return set[0].First, set[0].First != 0
}
