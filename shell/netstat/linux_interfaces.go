package netstat

import (
	"fmt"
	"slices"
	"strings"

	"netql/query/schema"
)

// interfaceLetters are net-tools' letters for flags, in its order.
var interfaceLetters = []struct{ flag, letter string }{
	{"ALLMULTI", "A"}, {"BROADCAST", "B"}, {"DEBUG", "D"}, {"LOOPBACK", "L"}, {"MULTICAST", "M"}, {"DYNAMIC", "d"},
	{"PROMISC", "P"}, {"NOTRAILERS", "N"}, {"NOARP", "O"}, {"POINTOPOINT", "P"}, {"SLAVE", "s"}, {"MASTER", "m"},
	{"RUNNING", "R"}, {"UP", "U"},
}

func linuxInterfaces(r *request) []Display {
	if r.extended {
		return []Display{linuxInterfacesInFull(r)}
	}
	items := "name, mtu, rx_packets, rx_errors, rx_dropped = rx_dropped + rx_missed_errors, rx_fifo_errors, " +
		"tx_packets, tx_errors, tx_dropped, tx_fifo_errors, flags, labels"
	table := Layout{columns: []column{
		textColumn("Iface", 15, "name"), numberColumn("MTU", -5, "mtu"),
		numberColumn("RX-OK", -8, "rx_packets"), numberColumn("RX-ERR", -6, "rx_errors"),
		numberColumn("RX-DRP", -6, "rx_dropped"), numberColumn("RX-OVR", 6, "rx_fifo_errors"),
		numberColumn("TX-OK", -8, "tx_packets"), numberColumn("TX-ERR", -6, "tx_errors"),
		numberColumn("TX-DRP", -6, "tx_dropped"), numberColumn("TX-OVR", -6, "tx_fifo_errors"),
		{"Flg", 0, interfaceFlags},
	}}
	return []Display{{
		"interfaces", r.compose("interfaces", []string{r.upOnly()}, "sort name", "select "+items),
		Layout{
			Title: []string{"Kernel Interface table"}, columns: table.columns,
			summary: func(rows []Row) (lines []string) {
				for _, row := range sortedByName(rows) {
					lines = append(append(lines, table.Lines(row)...), labelLines(row)...)
				}
				return lines
			},
		},
		"interfaces",
	}}
}

// upOnly is the condition for interfaces that are up; "" with -a.
func (r *request) upOnly() string {
	if r.all {
		return ""
	}
	return "UP in flags"
}

// sortedByName are the rows in the order of their names, as net-tools has it.
func sortedByName(rows []Row) []Row {
	return slices.SortedStableFunc(slices.Values(rows), func(a, b Row) int {
		return compareNames(a.Text("name"), b.Text("name"))
	})
}

func interfaceFlags(row Row) string {
	flags, _ := row("flags").([]string)
	var letters string
	for _, l := range interfaceLetters {
		if slices.Contains(flags, l.flag) {
			letters += l.letter
		}
	}
	if letters == "" {
		return "[NO FLAGS]"
	}
	return letters
}

// labelLines are the lines of addresses with labels such as lo:0, which net-tools takes for interfaces: they have the
// MTU and the flags of theirs. Other labels are no names that its system calls know.
func labelLines(row Row) []string {
	labels, _ := row("labels").([]any)
	var names []string
	for _, label := range labels {
		name := schema.Visible(schema.Format(label))
		if strings.HasPrefix(name, row.Text("name")+":") {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, compareNames)
	for i, name := range names {
		names[i] = fmt.Sprintf("%-15s %5d %-60s %s", name, row.Number("mtu"), "     - no statistics available -",
			interfaceFlags(row))
	}
	return names
}
