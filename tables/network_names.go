package tables

import (
	"errors"
	"io/fs"
	"net/netip"

	"netql/sources/procfs"
	"netql/sources/vfs"
)

// readNetworks are the names of networks by their addresses, of which the first counts. A machine without /etc/networks has none.
func readNetworks(files vfs.Files, warn func(string)) map[netip.Addr]string {
	names := map[netip.Addr]string{}
	all, err := procfs.ReadNetworks(files)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		warn("the names of some networks are unknown: " + err.Error())
	}
	for _, n := range all {
		if _, known := names[n.Addr]; !known {
			names[n.Addr] = n.Name
		}
	}
	return names
}
