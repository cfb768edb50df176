package tables

import (
	"golang.org/x/sys/unix"

	"netql/query/schema"
)

// operStates are IF_OPER_* of linux/if.h, in RFC 2863's words.
var operStates = codes{
	{6, schema.Word{Name: "up", Level: schema.Good}},
	{2, schema.Word{Name: "down", Level: schema.Bad}},
	{5, schema.Word{Name: "dormant", Level: schema.Busy}},
	{4, schema.Word{Name: "testing", Level: schema.Busy}},
	{3, schema.Word{Name: "lowerlayerdown", Aliases: []string{"lower_layer_down"}, Level: schema.Bad}},
	{1, schema.Word{Name: "notpresent", Aliases: []string{"not_present"}, Level: schema.Bad}},
	named(0, "unknown"),
}

// linkModes are IF_LINK_MODE_* of linux/if.h.
var linkModes = codes{named(0, "default"), named(1, "dormant"), named(2, "testing")}

// linkFlags are IFF_* of linux/if.h, in the order of their bits.
var linkFlags = codes{
	{unix.IFF_UP, schema.Word{Name: "UP", Level: schema.Good}},
	named(unix.IFF_BROADCAST, "BROADCAST"),
	named(unix.IFF_DEBUG, "DEBUG"),
	named(unix.IFF_LOOPBACK, "LOOPBACK"),
	named(unix.IFF_POINTOPOINT, "POINTOPOINT"),
	named(unix.IFF_NOTRAILERS, "NOTRAILERS"),
	named(unix.IFF_RUNNING, "RUNNING"),
	named(unix.IFF_NOARP, "NOARP"),
	named(unix.IFF_PROMISC, "PROMISC"),
	named(unix.IFF_ALLMULTI, "ALLMULTI"),
	named(unix.IFF_MASTER, "MASTER"),
	named(unix.IFF_SLAVE, "SLAVE"),
	named(unix.IFF_MULTICAST, "MULTICAST"),
	named(unix.IFF_PORTSEL, "PORTSEL"),
	named(unix.IFF_AUTOMEDIA, "AUTOMEDIA"),
	named(unix.IFF_DYNAMIC, "DYNAMIC"),
	named(unix.IFF_LOWER_UP, "LOWER_UP"),
	named(unix.IFF_DORMANT, "DORMANT"),
	named(unix.IFF_ECHO, "ECHO"),
}

// linkTypes are ARPHRD_* of linux/if_arp.h, in the words of ip-link(8) where they can be typed.
var linkTypes = codes{
	named(unix.ARPHRD_ETHER, "ether"), named(unix.ARPHRD_LOOPBACK, "loopback"), named(unix.ARPHRD_NONE, "none"), named(unix.ARPHRD_VOID, "void"),
	named(unix.ARPHRD_PPP, "ppp"), named(unix.ARPHRD_RAWIP, "rawip"), named(unix.ARPHRD_INFINIBAND, "infiniband"), named(unix.ARPHRD_NETLINK, "netlink"),
	named(unix.ARPHRD_TUNNEL, "ipip"), named(unix.ARPHRD_TUNNEL6, "tunnel6"), named(unix.ARPHRD_SIT, "sit"), named(unix.ARPHRD_IPGRE, "gre"),
	named(unix.ARPHRD_IP6GRE, "gre6"), named(unix.ARPHRD_PIMREG, "pimreg"), named(unix.ARPHRD_VSOCKMON, "vsockmon"), named(unix.ARPHRD_CAN, "can"),
	named(unix.ARPHRD_IEEE80211, "ieee80211"), named(unix.ARPHRD_IEEE80211_PRISM, "ieee80211_prism"),
	named(unix.ARPHRD_IEEE80211_RADIOTAP, "ieee80211_radiotap"), named(unix.ARPHRD_IEEE802154, "ieee802154"),
	named(unix.ARPHRD_IEEE802154_MONITOR, "ieee802154_monitor"), named(unix.ARPHRD_6LOWPAN, "sixlowpan"), named(unix.ARPHRD_MCTP, "mctp"),
	named(unix.ARPHRD_PHONET, "phonet"), named(unix.ARPHRD_PHONET_PIPE, "phonet_pipe"), named(unix.ARPHRD_CAIF, "caif"),
	named(unix.ARPHRD_EETHER, "eether"), named(unix.ARPHRD_AX25, "ax25"), named(unix.ARPHRD_NETROM, "netrom"), named(unix.ARPHRD_ROSE, "rose"),
	named(unix.ARPHRD_PRONET, "pronet"), named(unix.ARPHRD_CHAOS, "chaos"), named(unix.ARPHRD_IEEE802, "ieee802"), named(unix.ARPHRD_ARCNET, "arcnet"),
	named(unix.ARPHRD_APPLETLK, "atalk"), named(unix.ARPHRD_DLCI, "dlci"), named(unix.ARPHRD_ATM, "atm"), named(unix.ARPHRD_METRICOM, "metricom"),
	named(unix.ARPHRD_IEEE1394, "ieee1394"), named(unix.ARPHRD_EUI64, "eui64"), named(unix.ARPHRD_SLIP, "slip"), named(unix.ARPHRD_CSLIP, "cslip"),
	named(unix.ARPHRD_SLIP6, "slip6"), named(unix.ARPHRD_CSLIP6, "cslip6"), named(unix.ARPHRD_ADAPT, "adapt"), named(unix.ARPHRD_X25, "x25"),
	named(unix.ARPHRD_HWX25, "hwx25"), named(unix.ARPHRD_CISCO, "hdlc"), named(unix.ARPHRD_LAPB, "lapb"), named(unix.ARPHRD_DDCMP, "ddcmp"),
	named(unix.ARPHRD_RAWHDLC, "rawhdlc"), named(unix.ARPHRD_FRAD, "frad"), named(unix.ARPHRD_SKIP, "skip"), named(unix.ARPHRD_LOCALTLK, "ltalk"),
	named(unix.ARPHRD_FDDI, "fddi"), named(unix.ARPHRD_BIF, "bif"), named(unix.ARPHRD_IPDDP, "ipddp"), named(unix.ARPHRD_HIPPI, "hippi"),
	named(unix.ARPHRD_ECONET, "econet"), named(unix.ARPHRD_IRDA, "irda"), named(unix.ARPHRD_FCPP, "fcpp"), named(unix.ARPHRD_FCAL, "fcal"),
	named(unix.ARPHRD_FCPL, "fcpl"), named(unix.ARPHRD_FCFABRIC, "fcfabric"),
}

// xdpModes are XDP_ATTACHED_* of linux/if_link.h.
var xdpModes = codes{
	{1, schema.Word{Name: "driver", Aliases: []string{"native", "drv"}}},
	{2, schema.Word{Name: "generic", Aliases: []string{"skb"}}},
	{3, schema.Word{Name: "offload", Aliases: []string{"hw"}}},
	named(4, "multi"),
}

// duplexes are DUPLEX_* of linux/ethtool.h.
var duplexes = codes{{0, schema.Word{Name: "half", Level: schema.Bad}}, named(1, "full")}

// kindModes are the modes of kinds that have some, in ip-link(8)'s words: linux/if_link.h, linux/if_bonding.h, linux/if_tun.h.
var kindModes = map[string]codes{
	"bond": {named(0, "balance-rr"), named(1, "active-backup"), named(2, "balance-xor"), named(3, "broadcast"),
		named(4, "802.3ad"), named(5, "balance-tlb"), named(6, "balance-alb")},
	"macvlan": macvlanModes, "macvtap": macvlanModes,
	"ipvlan": ipvlanModes, "ipvtap": ipvlanModes,
	"tun": {named(1, "tun"), named(2, "tap")},
}

var (
	macvlanModes = codes{named(1, "private"), named(2, "vepa"), named(4, "bridge"), named(8, "passthru"), named(16, "source")}
	ipvlanModes  = codes{named(0, "l2"), named(1, "l3"), named(2, "l3s")}
)
