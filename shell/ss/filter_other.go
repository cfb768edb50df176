package ss

import (
	"slices"
	"strconv"
	"strings"
)

// protocolName is a name in iproute2 of a number.
type protocolName struct {
	number int
	name   string
}

// etherTypes are iproute2's names of EtherTypes (its lib/ll_proto.c), the first of each number being the one shown.
var etherTypes = []protocolName{
	{0x0060, "loop"}, {0x0200, "pup"}, {0x0201, "pupat"}, {0x0800, "ip"}, {0x0805, "x25"}, {0x0806, "arp"},
	{0x08ff, "bpq"}, {0x0a00, "ieeepup"}, {0x0a01, "ieeepupat"}, {0x6000, "dec"}, {0x6001, "dna_dl"},
	{0x6002, "dna_rc"}, {0x6003, "dna_rt"}, {0x6004, "lat"}, {0x6005, "diag"}, {0x6006, "cust"}, {0x6007, "sca"},
	{0x8035, "rarp"}, {0x809b, "atalk"}, {0x80f3, "aarp"}, {0x8137, "ipx"}, {0x86dd, "ipv6"}, {0x8863, "ppp_disc"},
	{0x8864, "ppp_ses"}, {0x884c, "atmmpoa"}, {0x8884, "atmfate"}, {0x0001, "802_3"}, {0x0002, "ax25"},
	{0x0003, "all"}, {0x0004, "802_2"}, {0x0005, "snap"}, {0x0006, "ddcmp"}, {0x0007, "wan_ppp"}, {0x0008, "ppp_mp"},
	{0x0009, "localtalk"}, {0x000c, "can"}, {0x0010, "ppptalk"}, {0x0011, "tr_802_2"}, {0x0015, "mobitex"},
	{0x0016, "control"}, {0x0017, "irda"}, {0x0018, "econet"}, {0x88ca, "tipc"}, {0x8892, "profinet"},
	{0x88a2, "aoe"}, {0x88a4, "ethercat"}, {0x8100, "802.1Q"}, {0x88a8, "802.1ad"}, {0x8847, "mpls_uc"},
	{0x8848, "mpls_mc"}, {0x6558, "teb"}, {0x88cc, "LLDP"}, {0x0800, "ipv4"},
}

// netlinkProtocols are the protocols of netlink, by number: their names in netql, and iproute2's (its
// etc/iproute2/nl_protos), which has no other.
var netlinkProtocols = []struct{ netql, shown string }{
	{"route", "rtnl"}, {"1", "unused"}, {"usersock", "usersock"}, {"firewall", "fw"}, {"sock_diag", "tcpdiag"},
	{"nflog", "nflog"}, {"xfrm", "xfrm"}, {"selinux", "selinux"}, {"iscsi", "iscsi"}, {"audit", "audit"},
	{"fib_lookup", "fiblookup"}, {"connector", "connector"}, {"netfilter", "nft"}, {"ip6_fw", "ip6fw"},
	{"dnrtmsg", "dec-rt"}, {"kobject_uevent", "uevent"}, {"generic", "genl"}, {"17", "17"},
	{"scsitransport", "scsi-trans"}, {"ecryptfs", "ecryptfs"}, {"rdma", "rdma"}, {"crypto", "crypto"}, {"smc", "22"},
}

// shownNetlink is a protocol of netlink as ss shows it: its number with -n.
func (r *request) shownNetlink(name string) string {
	for number, p := range netlinkProtocols {
		switch {
		case p.netql != name:
		case r.numeric:
			return strconv.Itoa(number)
		default:
			return p.shown
		}
	}
	return name
}

// readOther reads the address of a packet socket, PROTOCOL:DEVICE, or of a netlink socket, PROTOCOL:PORT.
func (e end) readOther(f *filter, family families, protocol, port string, value token) (condition, error) {
	if e.peer {
		return nil, f.errorAt(value, "packet and netlink sockets have no peer's address").
			WithHint("src and sport compare what they have")
	}
	rows, read := "packet_sockets", packetTest
	if family == netlink {
		rows, read = "netlink_sockets", netlinkTest
	}
	test, err := read(f, wildcard(protocol), wildcard(port), value)
	return func(other string) term {
		if other == rows {
			return test
		}
		return never
	}, err
}

// wildcard is the text; "" for *.
func wildcard(text string) string {
	if text == "*" {
		return ""
	}
	return text
}

// packetTest is the condition on the EtherType and the interface of a packet socket; "" stands for any.
func packetTest(f *filter, protocol, device string, value token) (term, error) {
	test := always
	if protocol != "" {
		n, err := strconv.ParseUint(protocol, 0, 16)
		i := slices.IndexFunc(etherTypes, func(p protocolName) bool { return strings.EqualFold(p.name, protocol) })
		switch {
		case i >= 0:
			n = uint64(etherTypes[i].number)
		case err != nil:
			return never, f.errorAt(value, "there is no protocol %q of Ethernet", protocol).
				WithHint("for example link:ip, link:all:eth0, link:0x88cc")
		}
		test = comparison("ethertype == 0x" + strconv.FormatUint(n, 16))
	}
	if device == "" {
		return test, nil
	}
	on, err := readDevice(f, "==", token{device, value.at})
	if err != nil {
		return never, err
	}
	return both(test, on("packet_sockets")), nil
}

// netlinkTest is the condition on the protocol and the port of a netlink socket; "" stands for any.
func netlinkTest(f *filter, protocol, port string, value token) (term, error) {
	test := always
	if protocol != "" {
		i := slices.IndexFunc(netlinkProtocols,
			func(p struct{ netql, shown string }) bool { return p.shown == protocol })
		if n, err := strconv.ParseUint(protocol, 0, 8); err == nil && int(n) < len(netlinkProtocols) {
			i = int(n)
		}
		if i < 0 {
			return never, f.errorAt(value, "there is no netlink protocol %q", protocol).
				WithHint("for example netlink:rtnl, netlink:uevent:kernel")
		}
		test = comparison("protocol == " + strconv.Quote(netlinkProtocols[i].netql))
	}
	if port == "" {
		return test, nil
	}
	n, err := strconv.ParseInt(port, 0, 64)
	if err != nil && port != "kernel" {
		return never, f.errorAt(value, "%q is no port of netlink", port).
			WithHint("it is a number, often that of a process, or kernel")
	}
	return both(test, comparison("port_id == "+strconv.FormatUint(uint64(uint32(n)), 10))), nil
}
