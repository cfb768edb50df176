package tables

import (
	"strconv"

	"netql/query/schema"
)

// netlinkStates are the states of netlink sockets, in the words of ss.
func netlinkStates() *schema.Vocabulary {
	return schema.NewVocabulary(
		schema.Word{Name: "ESTABLISHED", Aliases: []string{"ESTAB", "CONNECTED"}},
		schema.Word{Name: "UNCONN", Aliases: []string{"UNCONNECTED"}},
	)
}

// netlinkFlags are the NDIAG_FLAG_* of linux/netlink_diag.h for options that the program sets.
func netlinkFlags() codes {
	return bits(1<<1,
		"pktinfo", "broadcast_error", "no_enobufs", "listen_all_nsid", "cap_ack", "ext_ack", "strict_chk")
}

// netlinkProtocolWords are the words of NETLINK_* of linux/netlink.h, by number, up to MAX_LINKS, 32; a number without
// a name is its own word. Aliases are iproute2's.
var netlinkProtocolWords = []schema.Word{
	{Name: "route", Aliases: []string{"rtnl"}},
	{Name: "1"},
	{Name: "usersock"},
	{Name: "firewall", Aliases: []string{"fw"}},
	{Name: "sock_diag", Aliases: []string{"tcpdiag", "inet_diag"}},
	{Name: "nflog"},
	{Name: "xfrm"},
	{Name: "selinux"},
	{Name: "iscsi"},
	{Name: "audit"},
	{Name: "fib_lookup", Aliases: []string{"fiblookup"}},
	{Name: "connector"},
	{Name: "netfilter", Aliases: []string{"nft"}},
	{Name: "ip6_fw"},
	{Name: "dnrtmsg"},
	{Name: "kobject_uevent", Aliases: []string{"uevent"}},
	{Name: "generic", Aliases: []string{"genl"}},
	{Name: "17"},
	{Name: "scsitransport", Aliases: []string{"scsi_trans"}},
	{Name: "ecryptfs"},
	{Name: "rdma"},
	{Name: "crypto"},
	{Name: "smc"},
	{Name: "23"}, {Name: "24"}, {Name: "25"}, {Name: "26"}, {Name: "27"}, {Name: "28"}, {Name: "29"}, {Name: "30"},
	{Name: "31"},
}

// netlinkProtocols are the codes of these words.
func netlinkProtocols() codes {
	protocols := make(codes, len(netlinkProtocolWords))
	for i, word := range netlinkProtocolWords {
		protocols[i] = code{uint32(i), word}
	}
	return protocols
}

// netlinkGroupNames are the multicast groups that have fixed numbers, from 1, by the number of their protocol:
// RTNLGRP_* of linux/rtnetlink.h, SKNLGRP_* of linux/sock_diag.h, XFRMNLGRP_* of linux/xfrm.h, AUDIT_NLGRP_* of
// linux/audit.h, NFNLGRP_* of linux/netfilter/nfnetlink.h, and those of lib/kobject_uevent.c and udev.
var netlinkGroupNames = [256][]string{
	0: {
		"link", "notify", "neigh", "tc", "ipv4_ifaddr", "ipv4_mroute", "ipv4_route", "ipv4_rule", "ipv6_ifaddr",
		"ipv6_mroute", "ipv6_route", "ipv6_ifinfo", "decnet_ifaddr", "nop2", "decnet_route", "decnet_rule", "nop4",
		"ipv6_prefix", "ipv6_rule", "nd_useropt", "phonet_ifaddr", "phonet_route", "dcb", "ipv4_netconf",
		"ipv6_netconf", "mdb", "mpls_route", "nsid", "mpls_netconf", "ipv4_mroute_r", "ipv6_mroute_r", "nexthop",
		"brvlan", "mctp_ifaddr", "tunnel", "stats", "ipv4_mcaddr", "ipv6_mcaddr", "ipv6_acaddr",
	},
	4: {"inet_tcp_destroy", "inet_udp_destroy", "inet6_tcp_destroy", "inet6_udp_destroy"},
	6: {"acquire", "expire", "sa", "policy", "aevents", "report", "migrate", "mapping"},
	9: {"readlog"},
	12: {
		"conntrack_new", "conntrack_update", "conntrack_destroy", "conntrack_exp_new", "conntrack_exp_update",
		"conntrack_exp_destroy", "nftables", "acct_quota", "nftrace",
	},
	15: {"kernel", "udev"},
}

// netlinkGroups are the names of a protocol's groups, in the order of their numbers; a group without a name is its
// number.
func netlinkGroups(protocol uint8, groups []uint32) []string {
	names := netlinkGroupNames[protocol]
	texts := make([]string, len(groups))
	for i, group := range groups {
		texts[i] = strconv.Itoa(int(group))
		if int(group) <= len(names) {
			texts[i] = names[group-1]
		}
	}
	return texts
}
