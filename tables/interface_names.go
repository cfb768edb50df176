package tables

import (
	"net/netip"
	"strconv"

	"netql/sources/rtnetlink"
)

// interfaceName is the name of an interface, its number when it has gone meanwhile, and "" for none.
func (s *scanState) interfaceName(index uint32) string {
	if index == 0 {
		return ""
	}
	if name, ok := s.interfaceNames()[index]; ok {
		return name
	}
	return strconv.Itoa(int(index))
}

// interfaceNames are the names of all interfaces by their indices.
func (s *scanState) interfaceNames() map[uint32]string {
	return s.links.get(func() map[uint32]string {
		names := livingNames{}
		names.read(s)
		return names
	})
}

// zoned is the address as it is shown: v4-mapped ones as IPv4, link-local ones with their interface.
func (s *scanState) zoned(addr netip.Addr, index uint32) netip.Addr {
	addr = addr.Unmap()
	if index != 0 && addr.Is6() && (addr.IsLinkLocalUnicast() || addr.IsLinkLocalMulticast()) {
		return addr.WithZone(s.interfaceName(index))
	}
	return addr
}

// livingNames are the names of interfaces by their indices, as they are told.
type livingNames map[uint32]string

// read forgets all names, and learns those of now.
func (l livingNames) read(s *scanState) {
	clear(l)
	for link, err := range rtnetlink.Links(s.ctx, s.system.Netlink) {
		if err != nil {
			s.warn("the names of some interfaces are unknown: " + err.Error())
			return
		}
		l.set(link, false)
	}
}

// set learns a name. That an interface is gone is the last thing told of it.
func (l livingNames) set(link rtnetlink.Link, gone bool) {
	if gone {
		delete(l, uint32(link.Index))
		return
	}
	l[uint32(link.Index)] = link.Name
}

// names says that the names of the moment are these, which change.
func (l livingNames) names() lazy[map[uint32]string] { return lazy[map[uint32]string]{l, true} }
