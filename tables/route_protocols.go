package tables

import "strconv"

// routeProtocols say who made a route or a neighbour: RTPROT_* of linux/rtnetlink.h, in iproute2's words.
var routeProtocols = map[uint8]string{
	1: "redirect", 2: "kernel", 3: "boot", 4: "static", 8: "gated", 9: "ra", 10: "mrt", 11: "zebra", 12: "bird", 13: "dnrouted",
	14: "xorp", 15: "ntk", 16: "dhcp", 18: "keepalived", 42: "babel", 186: "bgp", 187: "isis", 188: "ospf", 189: "rip", 192: "eigrp",
}

// routeProtocol is the name of a protocol, else its number; NULL where nobody said.
func routeProtocol(number uint8) any {
	if number == 0 {
		return nil
	}
	if name, ok := routeProtocols[number]; ok {
		return name
	}
	return strconv.Itoa(int(number))
}
