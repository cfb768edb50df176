// Package sources is what one network stack can be asked.
package sources

import (
	"io/fs"
	"os"

	"netql/sources/ethtool"
	"netql/sources/netlink"
	"netql/sources/owners"
)

// A System is one network stack to read. Everything above gets its facts from here alone, so that another namespace
// or a recording can take the place of the running kernel.
type System struct {
	Name    string             // for people: "live"
	Netlink netlink.Transport  // the kernel's answers
	Events  netlink.Subscriber // what the kernel tells by itself; nil where nothing happens, as in a recording
	Files   fs.FS              // rooted at "/": /proc, /sys and a few files of /etc, as this stack sees them
	Owners  owners.Finder      // who holds which socket
	Ethtool ethtool.Device     // the drivers of the interfaces; nil where they cannot be asked
}

// Live is the running kernel, in the network namespace of this process.
func Live() *System {
	return &System{
		Name: "live", Netlink: netlink.Kernel{}, Events: netlink.Kernel{}, Files: os.DirFS("/"), Owners: owners.Proc{}, Ethtool: ethtool.Kernel{},
	}
}
