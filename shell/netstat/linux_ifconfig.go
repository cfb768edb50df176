package netstat

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// linuxInterfacesInFull is what ifconfig shows, which is what net-tools' -ie shows: some lines for each interface, and
// fewer for each label of its addresses.
func linuxInterfacesInFull(r *request) Display {
	items := "name, index, type, flags, mtu, mac, txqlen, rx_packets, rx_bytes, rx_errors, " +
		"rx_dropped = rx_dropped + rx_missed_errors, rx_fifo_errors, rx_frame_errors, tx_packets, tx_bytes, " +
		"tx_errors, tx_dropped, tx_fifo_errors, tx_carrier_errors, collisions, addr, prefix, peer, broadcast = " +
		"broadcast_2, scope, label"
	query := r.compose("interfaces", []string{r.upOnly()}, "join left addresses on name == dev", "sort name",
		"select "+items)
	return Display{"interfaces", query, Layout{
		Title: []string{"Kernel Interface table"},
		summary: func(rows []Row) (lines []string) {
			rows = sortedByName(rows)
			for len(rows) > 0 {
				n := 1
				for n < len(rows) && rows[n].Text("name") == rows[0].Text("name") {
					n++
				}
				lines = append(lines, ifconfigLines(rows[:n])...)
				rows = rows[n:]
			}
			return lines
		},
	}, "interfaces"}
}

// ifconfigLines are the lines of one interface, whose rows are its addresses, or one row without an address.
func ifconfigLines(rows []Row) (lines []string) {
	row, name := rows[0], rows[0].Text("name")
	lines = append(lines, ifconfigHead(name, row))
	if own := slices.IndexFunc(rows, func(r Row) bool { return r.Text("label") == name }); own >= 0 {
		lines = append(lines, ifconfigAddress4(rows[own]))
	}
	for _, r := range rows {
		if addr, ok := r("addr").(netip.Addr); ok && addr.Is6() {
			lines = append(lines, fmt.Sprintf("        inet6 %s  prefixlen %d  scopeid %s", r.address("addr"),
				r.prefix("prefix").Bits(), ifconfigScope(r.Text("scope"))))
		}
	}
	lines = append(append(append(lines, ifconfigHardware(row)), ifconfigCounters(row)...), "")
	for _, label := range labelsOf(rows) {
		own := rows[slices.IndexFunc(rows, func(r Row) bool { return r.Text("label") == label })]
		lines = append(lines, ifconfigHead(label, row), ifconfigAddress4(own), ifconfigHardware(row), "")
	}
	return lines
}

// labelsOf are the labels of an interface's addresses that net-tools takes for interfaces, such as lo:0, in its order.
func labelsOf(rows []Row) (labels []string) {
	for _, row := range rows {
		label := row.Text("label")
		if strings.HasPrefix(label, row.Text("name")+":") && !slices.Contains(labels, label) {
			labels = append(labels, label)
		}
	}
	slices.SortFunc(labels, compareNames)
	return labels
}

// ifconfigFlags are the flags that ifconfig names, in its order, and their bits (IFF_* of linux/if.h).
var ifconfigFlags = []struct {
	name string
	bit  int
}{
	{"UP", 0x1}, {"BROADCAST", 0x2}, {"DEBUG", 0x4}, {"LOOPBACK", 0x8}, {"POINTOPOINT", 0x10}, {"NOTRAILERS", 0x20},
	{"RUNNING", 0x40}, {"NOARP", 0x80}, {"PROMISC", 0x100}, {"ALLMULTI", 0x200}, {"SLAVE", 0x800}, {"MASTER", 0x400},
	{"MULTICAST", 0x1000}, {"PORTSEL", 0x2000}, {"AUTOMEDIA", 0x4000}, {"DYNAMIC", 0x8000},
}

func ifconfigHead(name string, row Row) string {
	flags, _ := row("flags").([]string)
	bits, names := 0, []string{}
	for _, f := range ifconfigFlags {
		if slices.Contains(flags, f.name) {
			bits += f.bit
			names = append(names, f.name)
		}
	}
	return fmt.Sprintf("%s: flags=%d<%s>  mtu %d", name, bits, strings.Join(names, ","), row.Number("mtu"))
}

// ifconfigAddress4 is the line of an address of IPv4. Where there is no broadcast address, the kernel says 0.0.0.0.
func ifconfigAddress4(row Row) string {
	line := fmt.Sprintf("        inet %s  netmask %s", row.address("addr"), netmask(row.prefix("prefix")))
	flags, _ := row("flags").([]string)
	if slices.Contains(flags, "BROADCAST") {
		line += "  broadcast " + orUnspecified(row.Text("broadcast"))
	}
	if slices.Contains(flags, "POINTOPOINT") {
		peer := row.address("peer")
		if peer == "" {
			peer = row.address("addr") // as the kernel has it
		}
		line += "  destination " + peer
	}
	return line
}

// ifconfigScope is the scope of an address of IPv6 as ifconfig shows it: the kernel's number and a name.
func ifconfigScope(scope string) string {
	return spelling(map[string]string{
		"global": "0x0<global>", "link": "0x20<link>", "host": "0x10<host>", "site": "0x40<site>",
	}, scope)
}

// ifconfigTypes are what ifconfig calls the types of links, and how it describes them; others are unspec.
var ifconfigTypes = map[string][2]string{
	"ether": {"ether", "Ethernet"}, "loopback": {"loop", "Local Loopback"}, "tunnel": {"tunnel", "IPIP Tunnel"},
	"sit": {"sit", "IPv6-in-IPv4"}, "ppp": {"ppp", "Point-to-Point Protocol"},
	"infiniband": {"infiniband", "InfiniBand"},
}

func ifconfigHardware(row Row) string {
	words, ok := ifconfigTypes[row.Text("type")]
	address := ""
	switch {
	case !ok:
		words = [2]string{"unspec", "UNSPEC"}
		address = " 00-00-00-00-00-00-00-00-00-00-00-00-00-00-00-00"
	case row("mac") != nil:
		address = " " + row.Text("mac")
	}
	return fmt.Sprintf("        %s%s  txqueuelen %d  (%s)", words[0], address, row.Number("txqlen"), words[1])
}

func ifconfigCounters(row Row) []string {
	return []string{
		fmt.Sprintf("        RX packets %d  bytes %d (%s)", row.Number("rx_packets"), row.Number("rx_bytes"),
			ifconfigBytes(row.Number("rx_bytes"))),
		fmt.Sprintf("        RX errors %d  dropped %d  overruns %d  frame %d", row.Number("rx_errors"),
			row.Number("rx_dropped"), row.Number("rx_fifo_errors"), row.Number("rx_frame_errors")),
		fmt.Sprintf("        TX packets %d  bytes %d (%s)", row.Number("tx_packets"), row.Number("tx_bytes"),
			ifconfigBytes(row.Number("tx_bytes"))),
		fmt.Sprintf("        TX errors %d  dropped %d overruns %d  carrier %d  collisions %d", row.Number("tx_errors"),
			row.Number("tx_dropped"), row.Number("tx_fifo_errors"), row.Number("tx_carrier_errors"),
			row.Number("collisions")),
	}
}

// ifconfigBytes is a number of bytes in the largest unit that it exceeds, with one digit, not rounded.
func ifconfigBytes(n int) string {
	bytes, unit := uint64(n), uint64(1) // ten times the largest unit is above what an int has
	i := 0
	for ; i < len(byteUnits)-1 && bytes > unit*1024; i++ {
		unit *= 1024
	}
	return fmt.Sprintf("%d.%d %s", bytes/unit, bytes%unit*10/unit, byteUnits[i])
}

var byteUnits = []string{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"}
