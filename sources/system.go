// Package sources brings together the ways to read one network stack: netlink, files, owners of sockets, drivers.
package sources

import (
	"context"
	"net"
	"net/netip"
	"os"
	"strings"

	"netql/sources/access"
	"netql/sources/containers"
	"netql/sources/ethtool"
	"netql/sources/netlink"
	"netql/sources/owners"
	"netql/sources/procfs"
	"netql/sources/vfs"
)

// A System is one network stack to read. Tables get their facts from here alone, so that another namespace or a capture
// can take the place of the running kernel.
type System struct {
	Name    string             // for people: "live"
	Entered bool               // it is another network namespace than that of this process, which --netns names
	Live    bool               // all answers are of the moment in which they are asked for; not so in a capture
	Netlink netlink.Transport  // dumps and look-ups
	Events  netlink.Subscriber // notifications; nil where there are none, as in a capture
	Files   vfs.Files          // /proc, /sys and a few files of /etc, as this stack sees them
	Owners  owners.Finder      // which processes have which sockets
	Ethtool ethtool.Device     // the drivers of the interfaces; nil where they cannot be asked
	Names   Lookup             // the names of addresses; nil in a capture
	Own     OwnSocket          // which netlink sockets netql itself has opened; nil in a capture
	PID     int                // the number of the process that asks, or asked when it was recorded; 0 if unknown
	Advice  func() string      // which rights would let us inspect processes that refuse; nil in a capture
}

// A Lookup finds the name of an address; "" if it has none. Unlike everything else, names come from the network, so
// that a capture does not have them.
type Lookup func(context.Context, netip.Addr) string

// An OwnSocket gives this process as the owner of a netlink socket, given by its inode number, that it has opened and
// closed; false for other sockets.
type OwnSocket func(inode uint64) (owners.Owner, bool)

// Live is the running kernel, in the network namespace of this process.
func Live() *System { return running("live", nil, vfs.Machine) }

// running is the running kernel in the network namespace in which the function in runs others; nil for our own.
func running(name string, in func(func() error) error, files vfs.Files) *System {
	own := &netlink.Own{}
	kernel := netlink.Kernel{In: in, Own: own}
	return &System{
		Name: name, Live: true, Netlink: kernel, Events: kernel, Files: containers.Files{Files: files},
		Owners:  owners.Machine{},
		Ethtool: ethtool.Kernel{In: in}, Names: Resolver, Own: ownSocket(own), PID: os.Getpid(),
		Advice: access.Advice,
	}
}

// ownSocket gives this process as /proc would have shown it.
func ownSocket(own *netlink.Own) OwnSocket {
	return func(inode uint64) (owners.Owner, bool) {
		fd, ok := own.FD(inode)
		if !ok {
			return owners.Owner{}, false
		}
		stat, err := procfs.ReadStat(vfs.Machine, os.Getpid())
		return owners.Owner{PID: os.Getpid(), Process: stat.Command, FD: fd}, err == nil
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
