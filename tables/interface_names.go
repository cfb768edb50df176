package tables

import (
	"net/netip"
	"strconv"

	"netql/sources/rtnetlink"
)

// interfaceName is the name of the interface of an index; the index where that has gone meanwhile, "" for 0.
func (s *scanState) interfaceName(index uint32) string {
	if index == 0 {
		return ""
	}
	if name, ok := s.someLinks[index]; ok {
		return name
	}
	if name, ok := s.interfaceNames()[index]; ok {
		return name
	}
	return strconv.Itoa(int(index))
}

// interfaceIndex is the index of the interface of a name; 0 where there is none. It is looked up unless the names of
// all interfaces have been read.
func (s *scanState) interfaceIndex(name string) uint32 {
	if !s.links.known {
		link, found, err := rtnetlink.LookUpLink(s.ctx, s.system.Netlink, rtnetlink.LinkKey{Name: name})
		if found {
			s.someLinks = map[uint32]string{uint32(link.Index): name}
		}
		if err == nil {
			return uint32(link.Index)
		}
	}
	for index, known := range s.interfaceNames() {
		if known == name {
			return index
		}
	}
	return 0
}

// interfaceNames are the names of all interfaces, by index. They are read once, or follow events (currentNames).
func (s *scanState) interfaceNames() map[uint32]string {
	return s.links.get(func() map[uint32]string {
		names := currentNames{}
		names.read(s)
		return names
	})
}

// zoned is an address as tables show it: a v4-mapped one as IPv4, a link-local one with its interface as the zone.
func (s *scanState) zoned(addr netip.Addr, index uint32) netip.Addr {
	addr = addr.Unmap()
	if index != 0 && addr.Is6() && (addr.IsLinkLocalUnicast() || addr.IsLinkLocalMulticast()) {
		return addr.WithZone(s.interfaceName(index))
	}
	return addr
}

// currentNames are the names of interfaces, by index, which events keep up to date.
type currentNames map[uint32]string

// read replaces the names by those of now.
func (l currentNames) read(s *scanState) {
	clear(l)
	for link, err := range rtnetlink.Links(s.ctx, s.system.Netlink) {
		if err != nil {
			s.warn("the names of some interfaces are unknown: " + err.Error())
			return
		}
		l.set(link, false)
	}
}

// set notes the name of an interface that is new or renamed, and removes one that is gone.
func (l currentNames) set(link rtnetlink.Link, gone bool) {
	if gone {
		delete(l, uint32(link.Index))
		return
	}
	l[uint32(link.Index)] = link.Name
}

// names is the value for scanState.links: the map itself, so that later changes are seen.
func (l currentNames) names() lazy[map[uint32]string] { return lazy[map[uint32]string]{l, true} }
