package tables

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"netql/query"
	"netql/sources/procfs"
	"netql/sources/rtnetlink"
	"netql/sources/vfs"
)

// multicastFamily is multicast routing of one address family, and how it is read. Its files in /proc show the default
// table only.
type multicastFamily struct {
	name         string
	number       uint8  // RTNL_FAMILY_*
	defaultTable uint32 // its number
	routes       func(vfs.Files) ([]procfs.MulticastRoute, error)
	interfaces   func(vfs.Files) ([]procfs.MulticastVif, error)
	listed       string // what lists the virtual interfaces, for explain
}

var multicastFamilies = []multicastFamily{
	{"inet", rtnetlink.Multicast4, 253, procfs.MulticastRoutes, procfs.MulticastVifs,
		"rtnetlink RTM_GETLINK of multicast routing"},
	{"inet6", rtnetlink.Multicast6, 254, procfs.MulticastRoutes6, procfs.MulticastVifs6, "/proc/net/ip6_mr_vif"},
}

// wantedMulticast are the families that the conditions allow, without IPv6 where the kernel does not have it.
func wantedMulticast(r query.Request) (wanted []multicastFamily) {
	for _, f := range multicastFamilies {
		if mayBe(r.Where, "family", f.name) && !(f.name == "inet6" && withoutIPv6(ofQuery(r.State).system.Files)) {
			wanted = append(wanted, f)
		}
	}
	return wanted
}

// planText is what explain says of a scan that reads these parts, one after the other.
func planText[T any](parts []T, text func(T) string) string {
	if len(parts) == 0 {
		return "nothing: no row can satisfy the conditions"
	}
	texts := make([]string, len(parts))
	for i, part := range parts {
		texts[i] = text(part)
	}
	return strings.Join(texts, "; ")
}

// withoutIPv6 says that the kernel has no IPv6 at all, so that files about it are not expected.
func withoutIPv6(files vfs.Files) bool { return absent(files, "/proc/net/if_inet6") }

// explained is an error of reading a file of this family; for a missing file it says what the kernel lacks.
func (f multicastFamily) explained(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("this kernel has no multicast routing of %s: %w", f.name, err)
	}
	return err
}
