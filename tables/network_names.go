package tables

import (
	"errors"
	"io/fs"
	"net/netip"

	"netql/sources/procfs"
)

// readNetworks are the names of networks by their addresses, of which the first counts. A machine without
// /etc/networks has none.
func (f *routeFacts) readNetworks() map[netip.Addr]string {
	names := map[netip.Addr]string{}
	all, err := procfs.ReadNetworks(f.system.Files)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		f.warn("the names of some networks are unknown: " + err.Error())
	}
	for _, n := range all {
		if _, known := names[n.Addr]; !known {
			names[n.Addr] = n.Name
		}
	}
	return names
}
