// Package sources brings together the ways to read one network stack: netlink, files, owners of sockets, drivers.
package sources

import (
	"context"
	"net"
	"net/netip"
	"os"
	"strings"

	"netql/sources/access"
	"netql/sources/ethtool"
	"netql/sources/netlink"
	"netql/sources/owners"
	"netql/sources/vfs"
)

// A System is one network stack to read. Tables get their facts from here alone, so that another namespace or a capture
// can take the place of the running kernel.
type System struct {
	Name    string             // for people: "live"
	Netlink netlink.Transport  // dumps and look-ups
	Events  netlink.Subscriber // notifications; nil where there are none, as in a capture
	Files   vfs.Files          // /proc, /sys and a few files of /etc, as this stack sees them
	Owners  owners.Finder      // which processes have which sockets
	Ethtool ethtool.Device     // the drivers of the interfaces; nil where they cannot be asked
	Names   Lookup             // the names of addresses; nil in a capture
	OpenFD  Opener             // for what is named to the kernel by a file descriptor; nil in a capture
	Advice  func() string      // which rights would let us inspect processes that refuse; nil in a capture
}

// A Lookup finds the name of an address; "" if it has none. Unlike everything else, names come from the network, so
// that a capture does not have them.
type Lookup func(context.Context, netip.Addr) string

// An Opener opens a file of the machine, whatever the namespace of the stack.
type Opener func(path string) (*os.File, error)

// Live is the running kernel, in the network namespace of this process.
func Live() *System {
	return &System{
		Name: "live", Netlink: netlink.Kernel{}, Events: netlink.Kernel{}, Files: vfs.Machine, Owners: owners.Proc{},
		Ethtool: ethtool.Kernel{}, Names: Resolver, OpenFD: os.Open, Advice: access.Advice,
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
