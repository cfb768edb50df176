package tables

import "netql/query/schema"

// operStates are IF_OPER_* of linux/if.h, in RFC 2863's words.
func operStates() codes {
	return codes{
		{6, schema.Word{Name: "up", Level: schema.Good}},
		{2, schema.Word{Name: "down", Level: schema.Bad}},
		{5, schema.Word{Name: "dormant", Level: schema.Busy}},
		{4, schema.Word{Name: "testing", Level: schema.Busy}},
		{3, schema.Word{Name: "lowerlayerdown", Aliases: []string{"lower_layer_down"}, Level: schema.Bad}},
		{1, schema.Word{Name: "notpresent", Aliases: []string{"not_present"}, Level: schema.Bad}},
		named(0, "unknown"),
	}
}

// linkModes are IF_LINK_MODE_* of linux/if.h.
func linkModes() codes {
	return codes{named(0, "default"), named(1, "dormant"), named(2, "testing")}
}

// linkFlags are IFF_* of linux/if.h, in the order of their bits.
func linkFlags() codes {
	return codes{
		{1 << 0, schema.Word{Name: "UP", Level: schema.Good}},
		named(1<<1, "BROADCAST"),
		named(1<<2, "DEBUG"),
		named(1<<3, "LOOPBACK"),
		named(1<<4, "POINTOPOINT"),
		named(1<<5, "NOTRAILERS"),
		named(1<<6, "RUNNING"),
		named(1<<7, "NOARP"),
		named(1<<8, "PROMISC"),
		named(1<<9, "ALLMULTI"),
		named(1<<10, "MASTER"),
		named(1<<11, "SLAVE"),
		named(1<<12, "MULTICAST"),
		named(1<<13, "PORTSEL"),
		named(1<<14, "AUTOMEDIA"),
		named(1<<15, "DYNAMIC"),
		named(1<<16, "LOWER_UP"),
		named(1<<17, "DORMANT"),
		named(1<<18, "ECHO"),
	}
}

// linkTypes are ARPHRD_* of linux/if_arp.h, in the words of ip-link(8) where they can be typed.
func linkTypes() codes {
	return codes{
		named(1, "ether"), named(772, "loopback"), named(65534, "none"), named(65535, "void"),
		named(512, "ppp"), named(519, "rawip"), named(32, "infiniband"), named(824, "netlink"),
		named(768, "ipip"), named(769, "tunnel6"), named(776, "sit"), named(778, "gre"),
		named(823, "gre6"), named(779, "pimreg"), named(826, "vsockmon"), named(280, "can"),
		named(801, "ieee80211"), named(802, "ieee80211_prism"),
		named(803, "ieee80211_radiotap"), named(804, "ieee802154"),
		named(805, "ieee802154_monitor"), named(825, "sixlowpan"), named(290, "mctp"),
		named(820, "phonet"), named(821, "phonet_pipe"), named(822, "caif"),
		named(2, "eether"), named(3, "ax25"), named(0, "netrom"), named(270, "rose"),
		named(4, "pronet"), named(5, "chaos"), named(6, "ieee802"), named(7, "arcnet"),
		named(8, "atalk"), named(15, "dlci"), named(19, "atm"), named(23, "metricom"),
		named(24, "ieee1394"), named(27, "eui64"), named(256, "slip"), named(257, "cslip"),
		named(258, "slip6"), named(259, "cslip6"), named(264, "adapt"), named(271, "x25"),
		named(272, "hwx25"), named(513, "hdlc"), named(516, "lapb"), named(517, "ddcmp"),
		named(518, "rawhdlc"), named(770, "frad"), named(771, "skip"), named(773, "ltalk"),
		named(774, "fddi"), named(775, "bif"), named(777, "ipddp"), named(780, "hippi"),
		named(782, "econet"), named(783, "irda"), named(784, "fcpp"), named(785, "fcal"),
		named(786, "fcpl"), named(787, "fcfabric"),
	}
}

// xdpModes are XDP_ATTACHED_* of linux/if_link.h.
func xdpModes() codes {
	return codes{
		{1, schema.Word{Name: "driver", Aliases: []string{"native", "drv"}}},
		{2, schema.Word{Name: "generic", Aliases: []string{"skb"}}},
		{3, schema.Word{Name: "offload", Aliases: []string{"hw"}}},
		named(4, "multi"),
	}
}

// duplexes are DUPLEX_* of linux/ethtool.h.
func duplexes() codes {
	return codes{{0, schema.Word{Name: "half", Level: schema.Bad}}, named(1, "full")}
}

// kindModes are the modes of the kinds of interfaces that have modes, in ip-link(8)'s words: of linux/if_link.h,
// linux/if_bonding.h and linux/if_tun.h.
func kindModes() map[string]codes {
	macvlan := codes{
		named(1, "private"), named(2, "vepa"), named(4, "bridge"), named(8, "passthru"), named(16, "source"),
	}
	ipvlan := numbered("l2", "l3", "l3s")
	return map[string]codes{
		"bond": numbered("balance-rr", "active-backup", "balance-xor", "broadcast", "802.3ad", "balance-tlb",
			"balance-alb"),
		"macvlan": macvlan, "macvtap": macvlan,
		"ipvlan": ipvlan, "ipvtap": ipvlan,
		"tun": {named(1, "tun"), named(2, "tap")},
	}
}
