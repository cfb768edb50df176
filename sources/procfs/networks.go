package procfs

import (
	"io"
	"net/netip"
	"strings"

	"netql/sources/vfs"
)

// A Network is one line of /etc/networks (networks(5)): the name of a network of IPv4. The file has no masks.
type Network struct {
	Name string
	Addr netip.Addr
}

// ReadNetworks reads /etc/networks.
func ReadNetworks(files vfs.Files) ([]Network, error) {
	return parseFile(files, "/etc/networks", ParseNetworks)
}

// ParseNetworks reads such a file, in its order. Like getnetbyname(3) it skips lines that are no entries, and takes
// the zeros at the end of an address as said: 127 is 127.0.0.0.
func ParseNetworks(r io.Reader) ([]Network, error) {
	return parseEntries(r, func(fields []string) (Network, bool) {
		addr, err := netip.ParseAddr(fields[1] + strings.Repeat(".0", max(0, 3-strings.Count(fields[1], "."))))
		return Network{fields[0], addr}, err == nil && addr.Is4()
	})
}
