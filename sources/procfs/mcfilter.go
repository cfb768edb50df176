package procfs

import (
	"io"
	"net/netip"
	"strings"

	"netql/sources/vfs"
)

// A SourceFilter says what the sockets that joined a group on an interface want of one source.
type SourceFilter struct {
	Index         int // of the interface
	Group, Source netip.Addr
	Include       uint64 // sockets that want what it sends
	Exclude       uint64 // sockets that want everything but that
}

// McFilter reads /proc/net/mcfilter (igmp_mcf_seq_show in net/ipv4/igmp.c).
func McFilter(files vfs.Files) ([]SourceFilter, error) {
	return parseFile(files, "/proc/net/mcfilter", ParseMcFilter)
}

// McFilter6 reads /proc/net/mcfilter6 (igmp6_mcf_seq_show in net/ipv6/mcast.c).
func McFilter6(files vfs.Files) ([]SourceFilter, error) {
	return parseFile(files, "/proc/net/mcfilter6", ParseMcFilter)
}

// ParseMcFilter reads such a file, of either family: their headers differ in the names of two columns. The names of
// the interfaces are cut to six letters, so their numbers count.
func ParseMcFilter(r io.Reader) ([]SourceFilter, error) {
	names := strings.NewReplacer("Multicast Address", "MCA", "Source Address", "SRC")
	return parseRecords(r, nil, names, func(r *record) SourceFilter {
		return SourceFilter{
			Index: r.int("Idx"), Group: r.plainAddress("MCA"), Source: r.plainAddress("SRC"),
			Include: r.uint64("INC", 10), Exclude: r.uint64("EXC", 10),
		}
	})
}
