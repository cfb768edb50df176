package tables

import (
	"maps"
	"strconv"

	"netql/sources/procfs"
	"netql/sources/vfs"
)

// numbering is names for numbers of routing: those that are built in, and those of a file of iproute2.
type numbering struct {
	file    string
	builtin func() map[uint32]string
}

// The numberings. Built in are the names of iproute2's lib/rt_names.c, for RT_TABLE_*, RTPROT_* and RT_SCOPE_* of
// linux/rtnetlink.h.
var (
	routeTables = numbering{"rt_tables", func() map[uint32]string {
		return map[uint32]string{253: "default", 254: "main", 255: "local"}
	}}
	routeScopes = numbering{"rt_scopes", func() map[uint32]string {
		return map[uint32]string{0: "global", 200: "site", 253: "link", 254: "host", 255: "nowhere"}
	}}
	routeRealms = numbering{"rt_realms", func() map[uint32]string { return map[uint32]string{0: "unknown"} }}
	routeProtos = numbering{"rt_protos", func() map[uint32]string {
		return map[uint32]string{
			0: "unspec", 1: "redirect", 2: "kernel", 3: "boot", 4: "static", 8: "gated", 9: "ra", 10: "mrt",
			11: "zebra", 12: "bird", 13: "dnrouted", 14: "xorp", 15: "ntk", 16: "dhcp", 17: "mrouted",
			18: "keepalived", 42: "babel", 99: "openr", 186: "bgp", 187: "isis", 188: "ospf", 189: "rip",
			192: "eigrp",
		}
	}}
)

// read is the names by number, the built-in ones at least, and the error of the file.
func (n numbering) read(files vfs.Files) (map[uint32]string, error) {
	names := n.builtin()
	more, err := procfs.ReadRouteNames(files, n.file)
	maps.Copy(names, more)
	return names, err
}

// numberNames are the names of a numbering for one reading of a table.
type numberNames struct {
	file  lazy[map[uint32]string]
	names memo[uint32, string] // by number; the text of a number without a name is made once, not for each row
}

// numberName is the name of a number; the number itself where it has none.
func (s *scanState) numberName(n *numberNames, all numbering, number uint32) string {
	return n.names.get(number, func(number uint32) string {
		return numberName(n.file.get(func() map[uint32]string { return s.readNumbering(all) }), number)
	})
}

func (s *scanState) readNumbering(n numbering) map[uint32]string {
	names, err := n.read(s.system.Files)
	if err != nil {
		s.warn("some names of " + n.file + " are unknown: " + err.Error())
	}
	return names
}

// routeTable, routeProtocol, routeScope and routeRealm are the names of numbers, by iproute2's files.
func (s *scanState) routeTable(n uint32) string { return s.numberName(&s.routeTables, routeTables, n) }
func (s *scanState) routeProtocol(n uint32) string {
	return s.numberName(&s.routeProtocols, routeProtos, n)
}
func (s *scanState) routeScope(n uint32) string { return s.numberName(&s.routeScopes, routeScopes, n) }
func (s *scanState) routeRealm(n uint32) string { return s.numberName(&s.routeRealms, routeRealms, n) }

// numberName is the name of a number; the number itself where it has none.
func numberName(names map[uint32]string, number uint32) string {
	if name, ok := names[number]; ok {
		return name
	}
	return strconv.FormatUint(uint64(number), 10)
}

// numbersOf are the numbers whose name this is.
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
