package ss

import "slices"

// tableSet is a set of ss's socket tables, a bit for each of socketTables.
type tableSet uint16

// families is a set of address families, a bit for each.
type families uint8

const (
	inet families = 1 << iota
	inet6
	unix
	link
	netlink

	anyInet = inet | inet6
)

// socketTable is a kind of sockets that ss asks for apart from others.
type socketTable struct {
	netid    string   // as the column Netid has it
	names    []string // as -A takes it
	families families // whose sockets are in it
	states   states   // those that are shown where nothing is said about states
	rows     string   // netql's table; "" where it has none
	kind     string   // the proto or type of these sockets in that table; "" if all of it is meant
}

// socketTables are all kinds of sockets that ss has.
var socketTables = []socketTable{
	{"nl", []string{"netlink"}, netlink, closed, "netlink_sockets", ""},
	{"p_dgr", []string{"packet_dgram", "p_dgr"}, link, closed, "packet_sockets", "dgram"},
	{"p_raw", []string{"packet_raw", "p_raw"}, link, closed, "packet_sockets", "raw"},
	{"u_str", []string{"unix_stream", "u_str"}, unix, connected, "unix_sockets", "stream"},
	{"u_dgr", []string{"unix_dgram", "u_dgr"}, unix, closed, "unix_sockets", "dgram"},
	{"u_seq", []string{"unix_seqpacket", "u_seq"}, unix, connected, "unix_sockets", "seqpacket"},
	{"raw", []string{"raw"}, anyInet, established, "sockets", "raw"},
	{"udp", []string{"udp"}, anyInet, established, "sockets", "udp"},
	{"tcp", []string{"tcp"}, anyInet, connected, "sockets", "tcp"},
	{"sctp", []string{"sctp"}, anyInet, connected, "sockets", "sctp"},
	{"mptcp", []string{"mptcp"}, anyInet, connected, "sockets", "mptcp"},
	{"dccp", []string{"dccp"}, anyInet, connected, "", ""},
	{"v_str", []string{"vsock_stream", "v_str"}, 0, connected, "", ""},
	{"v_dgr", []string{"vsock_dgram", "v_dgr"}, 0, connected, "", ""},
	{"ti", []string{"tipc"}, 0, established | listen | closed, "", ""},
	{"xdp", []string{"xdp"}, 0, closed, "", ""},
}

// tableGroups are the names of -A that stand for several tables.
var tableGroups = []struct {
	name   string
	tables []string
}{
	{"all", []string{
		"udp", "tcp", "mptcp", "raw", "unix_stream", "unix_dgram", "unix_seqpacket", "packet_raw", "packet_dgram",
		"netlink", "sctp",
	}},
	{"inet", []string{"udp", "tcp", "mptcp", "sctp", "raw"}},
	{"unix", []string{"unix_stream", "unix_dgram", "unix_seqpacket"}},
	{"packet", []string{"packet_raw", "packet_dgram"}},
	{"vsock", []string{"vsock_stream", "vsock_dgram"}},
}

// tablesNamed are the tables of a name that -A takes; false for an unknown one.
func tablesNamed(name string) (set tableSet, ok bool) {
	for i, t := range socketTables {
		if slices.Contains(t.names, name) {
			return 1 << i, true
		}
	}
	for _, g := range tableGroups {
		if g.name == name {
			for _, part := range g.tables {
				more, _ := tablesNamed(part)
				set |= more
			}
			return set, true
		}
	}
	return 0, false
}

// tableNames are the names that -A takes, for errors and usage: of those that netql has.
func tableNames() (names []string) {
	for _, g := range tableGroups {
		if set, _ := tablesNamed(g.name); set.unsupported() == "" {
			names = append(names, g.name)
		}
	}
	for _, t := range socketTables {
		if t.rows != "" {
			names = append(names, t.names[0])
		}
	}
	return names
}

// each calls f with every table of the set.
func (set tableSet) each(f func(t *socketTable)) {
	for i := range socketTables {
		if set&(1<<i) != 0 {
			f(&socketTables[i])
		}
	}
}

// one says whether there is but one table in the set.
func (set tableSet) one() bool { return set&(set-1) == 0 }

// families are those of the tables.
func (set tableSet) families() (all families) {
	set.each(func(t *socketTable) { all |= t.families })
	return all
}

// unsupported is the name of a table of the set that netql does not have; "" if it has all.
func (set tableSet) unsupported() (name string) {
	set.each(func(t *socketTable) {
		if t.rows == "" {
			name = t.names[0]
		}
	})
	return name
}

// tables are the names of all tables of the families, as -A takes them.
func (set families) tables() (names []string) {
	for _, f := range familyNames {
		if set&f.family != 0 && !slices.Contains(names, f.tables) {
			names = append(names, f.tables)
		}
	}
	return names
}

// familyName is a name of a family that -f takes.
type familyName struct {
	name   string
	family families
	tables string // all of the family, as -A takes them
	states states // shown where nothing is said about states
}

var familyNames = []familyName{
	{"inet", inet, "inet", connected},
	{"inet6", inet6, "inet", connected},
	{"link", link, "packet", closed},
	{"unix", unix, "unix", connected},
	{"netlink", netlink, "netlink", closed},
}
