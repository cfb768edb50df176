package tables

import (
	"context"
	"net/netip"
	"strconv"
	"sync"

	"netql/sources"
	"netql/sources/rtnetlink"
)

// devices are the names of the interfaces, read once for a query and only if some row asks.
type devices struct{ names func() map[uint32]string }

func newDevices(ctx context.Context, system *sources.System, warn func(string)) devices {
	return devices{sync.OnceValue(func() map[uint32]string {
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

// name is the name of an interface, its number when it has gone meanwhile, and "" for none.
func (d devices) name(index uint32) string {
	if index == 0 {
		return ""
	}
	if name, ok := d.names()[index]; ok {
		return name
	}
	return strconv.Itoa(int(index))
}

// zoned is the address as it is shown: v4-mapped ones as IPv4, link-local ones with their interface.
func (d devices) zoned(addr netip.Addr, index uint32) netip.Addr {
	addr = addr.Unmap()
	if index != 0 && addr.Is6() && (addr.IsLinkLocalUnicast() || addr.IsLinkLocalMulticast()) {
		return addr.WithZone(d.name(index))
	}
	return addr
}
