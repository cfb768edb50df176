// Package sources is what one network stack can be asked.
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
	"netql/sources/procfs"
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
	Own     OwnSocket          // which netlink sockets were ours; nil in a recording
	Advice  func() string      // what would let us inspect processes that refuse; nil in a recording
}

// A Lookup finds the name of an address, "" if it has none. It is the one question that the network answers and not
// the machine, so a recording cannot.
type Lookup func(context.Context, netip.Addr) string

// An OwnSocket says that we had a netlink socket, by its inode. It is closed when somebody asks.
type OwnSocket func(inode uint64) (owners.Owner, bool)

// Live is the running kernel, in the network namespace of this process.
func Live() *System { return reading("live", nil, vfs.Machine) }

// reading is the running kernel where a function runs others: in a namespace, or here if it is nil.
func reading(name string, in func(func() error) error, files vfs.Files) *System {
	own := &netlink.Own{}
	kernel := netlink.Kernel{In: in, Own: own}
	return &System{
		Name: name, Netlink: kernel, Events: kernel, Files: files, Owners: owners.Proc{}, Ethtool: ethtool.Kernel{In: in},
		Names: Resolver, Own: ownSocket(own), Advice: access.Advice,
	}
}

// ownSocket tells what this process is as /proc would have told it.
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
