package netstat

import (
	"fmt"
	"strings"

	"netql/query/schema"
)

func bsdRoutes(r *request) []Display {
	families := []string{"inet", "inet6"}
	if len(r.families) > 0 {
		families = r.families
	}
	titles := map[string]string{"inet": "Internet:", "inet6": "Internet6:"}
	gateway := "gateway ?? src"
	if !r.hostNumbers {
		gateway = "host(gateway ?? src)"
	}
	items := r.destination() + ", gateway = " + gateway + ", netstat_flags, refs, use, dev"
	if r.mtus {
		items += ", mtu"
	}
	var displays []Display
	for i, family := range families {
		l := Layout{Title: []string{"", titles[family]}, columns: []column{
			{"Destination", 26, bsdDestination},
			{"Gateway", 26, func(row Row) string {
				if row("gateway") == nil {
					return row.Text("dev")
				}
				return row.address("gateway")
			}},
			textColumn("Flags", 7, "netstat_flags"), numberColumn("Refs", -6, "refs"), numberColumn("Use", -8, "use"),
			textColumn("Interface", 0, "dev"),
		}}
		if i == 0 {
			l.Title = append([]string{"Routing tables"}, l.Title...)
		}
		if r.mtus {
			l.columns[len(l.columns)-1].width = 10
			l.columns = append(l.columns, numberColumn("Mtu", -6, "mtu"))
		}
		conditions := []string{"family == " + family, `table == "main"`}
		displays = append(displays, Display{
			nameOfRoutes[family], r.compose("routes", conditions, "sort dst, metric", "select "+items), l, "routes",
		})
	}
	return displays
}

// nameOfRoutes tells the routes of a family from those of the other.
var nameOfRoutes = map[string]string{"inet": "routes of IPv4", "inet6": "routes of IPv6"}

func bsdDestination(row Row) string {
	switch dst := row.prefix("dst"); {
	case dst.Bits() == 0:
		return "default"
	case row("network") != nil:
		return row.Text("network")
	case dst.IsSingleIP():
		return dst.Addr().String()
	default:
		return dst.String()
	}
}

func bsdMemory(r *request) []Display {
	const items = "kind, name, sockets, memory, pressure, limit, active_objects, object_size"
	return []Display{{
		"memory", r.compose("memory", []string{"sockets > 0 or memory != nil"}, "select "+items),
		Layout{Title: []string{"Network memory"}, columns: []column{
			textColumn("Kind", 10, "kind"), textColumn("Name", 20, "name"),
			textColumnOr("Sockets", -8, "sockets", "-"), textColumnOr("Bytes", -12, "memory", "-"),
			textColumnOr("Pressure", -14, "pressure", "-"), textColumnOr("Limit", -14, "limit", "-"),
			textColumnOr("Objects", -8, "active_objects", "-"), textColumnOr("Size", -6, "object_size", "-"),
		}},
		"memory",
	}}
}

// bsdHosts are the hosts on the links. Entries in NOARP are of groups, broadcasts and the loopback, which are no hosts.
func bsdHosts(r *request) []Display {
	conditions := []string{oneOf("family", r.families), "state != NOARP"}
	return []Display{{
		"hosts", r.compose("neighbors", conditions, "select "+r.named("addr")+", mac, dev, state, flags, refs"),
		Layout{Title: []string{"Hosts on the links"}, columns: []column{
			textColumn("Host", 30, "addr"), textColumnOr("Address", 18, "mac", "-"),
			textColumnOr("Interface", 10, "dev", "-"), textColumnOr("State", 11, "state", "-"),
			textColumnOr("Refs", -4, "refs", "-"),
			{"Flags", 0, func(row Row) string { return flagWords(row("flags")) }},
		}},
		"hosts",
	}}
}

func bsdRules(r *request) []Display {
	return []Display{{
		"rules", r.compose("rules", []string{oneOf("family", r.families)}, "sort family, priority, position",
			"select priority, family, from, to, iif, oif, fwmark, fwmask, action, table"),
		Layout{Title: []string{"Routing rules"}, columns: []column{
			numberColumn("Priority", -8, "priority"), textColumn("Family", 6, "family"),
			textColumnOr("From", 20, "from", "all"), textColumnOr("To", 20, "to", "all"),
			textColumnOr("Input", 8, "iif", "-"), textColumnOr("Output", 8, "oif", "-"), {"Mark", 10, mark},
			textColumn("Action", 11, "action"), textColumnOr("Table", 0, "table", "-"),
		}},
		"rules",
	}}
}

// mark is the packet mark of a rule and, where not all bits count, the mask, as ip rule prints them: 0x10/0xff.
func mark(row Row) string {
	const all = 1<<32 - 1
	switch {
	case row("fwmark") == nil:
		return "-"
	case row.Number("fwmask") == all:
		return fmt.Sprintf("0x%x", row.Number("fwmark"))
	}
	return fmt.Sprintf("0x%x/0x%x", row.Number("fwmark"), row.Number("fwmask"))
}

func bsdMulticast(r *request) []Display {
	family := []string{oneOf("family", r.families)}
	routes := r.named("source") + ", " + r.named("group") + ", packets, iif, outputs"
	return []Display{{
		"multicast interfaces",
		r.compose("multicast_interfaces", family, "select vif, interface, local, remote, packets_in, packets_out"),
		Layout{Title: []string{"Virtual Interface Table"}, columns: []column{
			numberColumn(" Vif", -4, "vif"), textColumnOr("Interface", 12, "interface", "-"),
			textColumnOr("Local-Address", 18, "local", "-"), textColumn("Remote-Address", 18, "remote"),
			numberColumn("Pkts-In", -9, "packets_in"), numberColumn("Pkts-Out", -9, "packets_out"),
		}},
		"multicast",
	}, {
		"multicast routes", r.compose("multicast_routes", family, "select "+routes),
		Layout{Title: []string{"", "Multicast Forwarding Cache"}, columns: []column{
			textColumn(" Origin", 18, "source"), textColumn("Group", 18, "group"),
			numberColumn("Packets", -9, "packets"), textColumnOr("In-Vif", 8, "iif", "-"),
			{"Out-Vifs:Ttls", 0, outputs},
		}},
		"multicast",
	}}
}

// outputs are the interfaces that a multicast route leads to, each with its TTL: eth0:1 eth1:4.
func outputs(row Row) string {
	list, _ := row("outputs").([]any)
	var texts []string
	for _, element := range list {
		if output, ok := element.(schema.Record); ok {
			texts = append(texts, schema.Format(output.Field("interface"))+":"+schema.Format(output.Field("ttl")))
		}
	}
	return schema.Visible(strings.Join(texts, " "))
}

// flagWords are flags, with commas between them.
func flagWords(v any) string {
	flags, _ := v.([]string)
	return schema.Visible(strings.Join(flags, ","))
}

// bsdListeners are the queues of sockets that listen: how many connections wait to be accepted, and how many may.
func bsdListeners(r *request) []Display {
	queues := func(row Row) string {
		return fmt.Sprintf("%d/%d", row.Number("accept_queue"), row.Number("accept_backlog"))
	}
	title := "Current listen queue sizes (qlen/maxqlen)"
	var displays []Display
	if len(r.families)+len(r.chosen) > 0 || !r.unix {
		conditions := []string{"state == LISTEN", r.bsdProtocolCondition(), oneOf("family", r.families)}
		displays = append(displays, Display{
			"listen queues", r.compose("sockets", conditions, "sort proto, family",
				"select proto, family, accept_queue, accept_backlog, "+r.named("laddr")+", "+r.service("lport")),
			Layout{Title: []string{title}, columns: []column{
				{"Proto", 5, func(row Row) string { return row.version6(nil) }}, {"Listen", 16, queues},
				{"Local Address", 0, func(row Row) string { return bsdEnd(row, "laddr", "lport") }},
			}},
			"listeners",
		})
	}
	if r.unix || len(r.families)+len(r.chosen) == 0 {
		displays = append(displays, Display{
			"listen queues of unix sockets",
			r.compose("unix_sockets", []string{"state == LISTEN"}, "select type, accept_queue, accept_backlog, path"),
			Layout{columns: []column{
				{"Proto", 5, func(Row) string { return "unix" }}, {"Listen", 16, queues}, textColumn("Path", 0, "path"),
			}},
			"listeners",
		})
	}
	return displays
}

// bsdCaptures are packet sockets, which are to Linux what bpf devices are to BSD.
func bsdCaptures(r *request) []Display {
	condition := ""
	if r.device != "" {
		condition = "interface == " + quoted(r.device)
	}
	return []Display{{
		"captures", r.compose("packet_sockets", []string{condition},
			"select pid, interface, promiscuous, drops, rmem, rcvbuf, process"),
		Layout{columns: []column{
			textColumnOr("Pid", -7, "pid", "-"), textColumnOr("Netif", 10, "interface", "*"),
			{"Flags", 5, func(row Row) string {
				if row("promiscuous") == true {
					return "p"
				}
				return "-"
			}},
			numberColumn("Drop", -9, "drops"), numberColumn("Sblen", -8, "rmem"), numberColumn("Size", -8, "rcvbuf"),
			textColumnOr("Command", 0, "process", "-"),
		}},
		"captures",
	}}
}

// bsdSoftnet are the queues of received packets, one of each CPU.
func bsdSoftnet(r *request) []Display {
	return []Display{{
		"softnet", r.compose("softnet", nil, "select cpu, backlog, processed, dropped, time_squeeze, received_rps"),
		Layout{Title: []string{"Queues of received packets"}, columns: []column{
			numberColumn("CPU", -4, "cpu"), numberColumn("Len", -6, "backlog"),
			numberColumn("Handled", -12, "processed"),
			numberColumn("Drops", -8, "dropped"), numberColumn("Squeezed", -8, "time_squeeze"),
			numberColumn("Steered", -12, "received_rps"),
		}},
		"softnet",
	}}
}
