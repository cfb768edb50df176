package procfs

import (
	"encoding/hex"
	"io"
	"strings"

	"netql/sources/vfs"
)

// A LinkMembership is a link-layer group whose frames an interface receives.
type LinkMembership struct {
	Interface string
	Address   string // its bytes: 6 for Ethernet, none where links have no addresses
	Users     int    // how many have asked for it
	Static    bool   // an administrator has (ip maddr add)
}

// DevMcast reads /proc/net/dev_mcast (dev_mc_seq_show in net/core/net-procfs.c).
func DevMcast(files vfs.Files) ([]LinkMembership, error) {
	return parseFile(files, "/proc/net/dev_mcast", ParseDevMcast)
}

// ParseDevMcast reads such a file, which has no header.
func ParseDevMcast(r io.Reader) ([]LinkMembership, error) {
	columns := positionsOf("Idx Device Users Static Address")
	return parseRecords(r, columns, strings.NewReplacer(), func(r *record) LinkMembership {
		m := LinkMembership{
			Interface: r.text("Device"), Users: r.int("Users"), Static: r.int("Static") != 0,
		}
		if len(r.fields) > r.columns["Address"] {
			b, err := hex.DecodeString(r.text("Address"))
			r.fail("Address", err)
			m.Address = string(b)
		}
		return m
	})
}
