package tables

import (
	"maps"
	"strconv"
	"sync"

	"netql/sources/procfs"
	"netql/sources/vfs"
)

// numbering is a file of iproute2 that names numbers of routing, and the names that hold without it.
type numbering struct {
	file    string
	builtin map[uint32]string
}

// The numberings. Built in are the names of iproute2's lib/rt_names.c, which are those of RT_TABLE_*, RTPROT_* and
// RT_SCOPE_* in linux/rtnetlink.h.
var (
	routeTables = numbering{"rt_tables", map[uint32]string{253: "default", 254: "main", 255: "local"}}
	routeScopes = numbering{"rt_scopes", map[uint32]string{0: "global", 200: "site", 253: "link", 254: "host", 255: "nowhere"}}
	routeRealms = numbering{"rt_realms", map[uint32]string{0: "unknown"}}
	routeProtos = numbering{"rt_protos", map[uint32]string{
		0: "unspec", 1: "redirect", 2: "kernel", 3: "boot", 4: "static", 8: "gated", 9: "ra", 10: "mrt", 11: "zebra", 12: "bird",
		13: "dnrouted", 14: "xorp", 15: "ntk", 16: "dhcp", 17: "mrouted", 18: "keepalived", 42: "babel", 99: "openr",
		186: "bgp", 187: "isis", 188: "ospf", 189: "rip", 192: "eigrp",
	}}
)

// read gives the names, with the fault in the file if there is one.
func (n numbering) read(files vfs.Files) (map[uint32]string, error) {
	names := maps.Clone(n.builtin)
	more, err := procfs.ReadRouteNames(files, n.file)
	maps.Copy(names, more)
	return names, err
}

// namer gives the names of numbers, as values of columns; a number without a name is its own. The file is read when the
// first is asked for. A name is made once, and not for each of many rows.
func (n numbering) namer(files vfs.Files, warn func(string)) func(uint32) any {
	names := sync.OnceValue(func() map[uint32]string {
		names, err := n.read(files)
		if err != nil {
			warn("some names of " + n.file + " are unknown: " + err.Error())
		}
		return names
	})
	return once(func(number uint32) any { return numberName(names(), number) })
}

func numberName(names map[uint32]string, number uint32) string {
	if name, ok := names[number]; ok {
		return name
	}
	return strconv.FormatUint(uint64(number), 10)
}

// numbersOf are the numbers that go by a name.
func numbersOf(names map[uint32]string, name string) (numbers []uint32) {
	for number, n := range names {
		if n == name {
			numbers = append(numbers, number)
		}
	}
	if n, err := strconv.ParseUint(name, 10, 32); err == nil && numberName(names, uint32(n)) == name {
		numbers = append(numbers, uint32(n))
	}
	return numbers
}
