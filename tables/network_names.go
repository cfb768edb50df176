package tables

import (
	"errors"
	"io/fs"
	"net/netip"

	"netql/sources/procfs"
)

// readNetworks reads the names of networks in /etc/networks, by address; of several names the first counts. A machine
// may have no such file.
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
