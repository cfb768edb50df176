// Package sources is what one network stack can be asked.
package sources

import (
	"context"
	"net"
	"net/netip"
	"strings"

	"netql/sources/access"
	"netql/sources/ethtool"
	"netql/sources/netlink"
	"netql/sources/owners"
	"netql/sources/vfs"
)

// A System is one network stack to read. Everything above gets its facts from here alone, so that another namespace
// or a recording can take the place of the running kernel.
type System struct {
	Name    string             // for people: "live"
	Netlink netlink.Transport  // the kernel's answers
	Events  netlink.Subscriber // what the kernel tells by itself; nil where nothing happens, as in a recording
	Files   vfs.Files          // /proc, /sys and a few files of /etc, as this stack sees them
	Owners  owners.Finder      // who holds which socket
	Ethtool ethtool.Device     // the drivers of the interfaces; nil where they cannot be asked
	Names   Lookup             // the names of addresses; nil where there is nobody to ask
	Advice  func() string      // what would let us inspect processes that refuse; nil in a recording
}

// A Lookup finds the name of an address, "" if it has none. It is the one question that the network answers and not
// the machine, so a recording cannot.
type Lookup func(context.Context, netip.Addr) string

// Live is the running kernel, in the network namespace of this process.
func Live() *System {
	return &System{
		Name: "live", Netlink: netlink.Kernel{}, Events: netlink.Kernel{}, Files: vfs.Machine, Owners: owners.Proc{},
		Ethtool: ethtool.Kernel{}, Names: Resolver, Advice: access.Advice,
	}
}

// Resolver asks the system's resolver, which reads /etc/hosts and asks DNS.
func Resolver(ctx context.Context, addr netip.Addr) string {
	names, err := net.DefaultResolver.LookupAddr(ctx, addr.WithZone("").String())
	if err != nil || len(names) == 0 {
		return ""
	}
	return strings.TrimSuffix(names[0], ".")
}
