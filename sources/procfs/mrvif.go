package procfs

import (
	"io"
	"net/netip"
	"strings"

	"netql/sources/vfs"
)

// A MulticastVif is a virtual interface of multicast routing, in the default table.
type MulticastVif struct {
	Vif                   int    // its number, which routes use
	Interface             string // the real interface's name
	Flags                 uint64 // IPv4: VIFF_* of linux/mroute.h; IPv6: MIFF_* of linux/mroute6.h
	BytesIn, PacketsIn    uint64
	BytesOut, PacketsOut  uint64
	LocalAddr, RemoteAddr netip.Addr // IPv4 only
}

// MulticastVifs reads /proc/net/ip_mr_vif (ipmr_vif_seq_show in net/ipv4/ipmr.c).
func MulticastVifs(files vfs.Files) ([]MulticastVif, error) {
	return parseFile(files, "/proc/net/ip_mr_vif", ParseMulticastVifs)
}

// MulticastVifs6 reads /proc/net/ip6_mr_vif (ip6mr_vif_seq_show in net/ipv6/ip6mr.c).
func MulticastVifs6(files vfs.Files) ([]MulticastVif, error) {
	return parseFile(files, "/proc/net/ip6_mr_vif", ParseMulticastVifs)
}

// ParseMulticastVifs reads such a file, of either family. The first name of its header is that of two columns.
func ParseMulticastVifs(r io.Reader) ([]MulticastVif, error) {
	return parseRecords(r, nil, strings.NewReplacer("Interface", "Vif Interface"), func(r *record) MulticastVif {
		v := MulticastVif{
			Vif: r.int("Vif"), Interface: r.text("Interface"), Flags: r.uint64("Flags", 16),
			BytesIn: r.uint64("BytesIn", 10), PacketsIn: r.uint64("PktsIn", 10),
			BytesOut: r.uint64("BytesOut", 10), PacketsOut: r.uint64("PktsOut", 10),
		}
		if r.has("Local") {
			v.LocalAddr, v.RemoteAddr = r.nativeAddress("Local"), r.nativeAddress("Remote")
		}
		return v
	})
}
