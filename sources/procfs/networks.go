package procfs

import (
	"io"
	"net/netip"
	"strings"

	"netql/sources/vfs"
)

// A Network is one line of /etc/networks (networks(5)): the name of a network of IPv4. The file has no masks.
type Network struct {
	Name    string
	Addr    netip.Addr
	Aliases []string
}

// ReadNetworks reads /etc/networks.
func ReadNetworks(files vfs.Files) ([]Network, error) {
	return parseFile(files, "/etc/networks", ParseNetworks)
}

// ParseNetworks reads such a file, in its order. Like getnetbyname(3) it skips lines that are no entries, and takes
// the zeros at the end of an address as said: 127 is 127.0.0.0.
func ParseNetworks(r io.Reader) ([]Network, error) {
	var list []Network
	for l, err := range lines(r) {
		if err != nil {
			return list, err
		}
		text, _, _ := strings.Cut(l.text, "#")
		fields := strings.Fields(text)
		if len(fields) < 2 {
			continue
		}
		address := fields[1] + strings.Repeat(".0", max(0, 3-strings.Count(fields[1], ".")))
		if addr, err := netip.ParseAddr(address); err == nil && addr.Is4() {
			list = append(list, Network{fields[0], addr, fields[2:]})
		}
	}
	return list, nil
}
