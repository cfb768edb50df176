package tables

import (
	"context"
	"net/netip"
	"strconv"
	"sync"

	"netql/sources"
	"netql/sources/rtnetlink"
)

// interfaceNames are the names of interfaces by their index. They are read once for a query, and only if some row asks.
type interfaceNames struct {
	read func() map[uint32]string
}

func newInterfaceNames(ctx context.Context, system *sources.System, warn func(string)) interfaceNames {
	return interfaceNames{sync.OnceValue(func() map[uint32]string {
		names := map[uint32]string{}
		for link, err := range rtnetlink.Links(ctx, system.Netlink) {
			if err != nil {
				warn("the names of some interfaces are unknown: " + err.Error())
				break
			}
			names[uint32(link.Index)] = link.Name
		}
		return names
	})}
}

// interfaceName is the name of an interface, its number when it has gone meanwhile, and "" for none.
func (n interfaceNames) interfaceName(index uint32) string {
	if index == 0 {
		return ""
	}
	if name, ok := n.read()[index]; ok {
		return name
	}
	return strconv.Itoa(int(index))
}

// zoned is the address as it is shown: v4-mapped ones as IPv4, link-local ones with their interface.
func (n interfaceNames) zoned(addr netip.Addr, index uint32) netip.Addr {
	addr = addr.Unmap()
	if index != 0 && addr.Is6() && (addr.IsLinkLocalUnicast() || addr.IsLinkLocalMulticast()) {
		return addr.WithZone(n.interfaceName(index))
	}
	return addr
}

// livingNames are the names of interfaces as they are told.
type livingNames map[uint32]string

func (l livingNames) interfaceNames() interfaceNames {
	return interfaceNames{func() map[uint32]string { return l }}
}

func (l livingNames) read(ctx context.Context, system *sources.System, warn func(string)) {
	clear(l)
	for link, err := range rtnetlink.Links(ctx, system.Netlink) {
		if err != nil {
			warn("the names of some interfaces are unknown: " + err.Error())
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
