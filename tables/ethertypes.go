package tables

import "netql/query/schema"

// etherType is a protocol of linux/if_ether.h that a packet socket may ask for.
type etherType struct {
	number uint16
	name   string
}

// etherTypes are ETH_P_* of linux/if_ether.h: first the kernel's own numbers, which no packet has, then EtherTypes.
var etherTypes = []etherType{
	{0x0003, "all"}, {0x0001, "802_3"}, {0x0004, "802_2"}, {0x000c, "can"}, {0x000d, "canfd"}, {0x001b, "dsa"},
	{0x00f6, "ieee802154"},
	{0x0800, "ip"}, {0x0806, "arp"}, {0x22f0, "tsn"}, {0x4305, "batman"}, {0x6558, "teb"}, {0x8035, "rarp"},
	{0x8100, "802_1q"}, {0x8137, "ipx"}, {0x86dd, "ipv6"}, {0x8808, "pause"}, {0x8809, "slow"}, {0x8847, "mpls_uc"},
	{0x8848, "mpls_mc"}, {0x8863, "ppp_disc"}, {0x8864, "ppp_ses"}, {0x888e, "pae"}, {0x8892, "profinet"},
	{0x88a2, "aoe"}, {0x88a4, "ethercat"}, {0x88a8, "802_1ad"}, {0x88b5, "802_ex1"}, {0x88c7, "preauth"},
	{0x88ca, "tipc"}, {0x88cc, "lldp"}, {0x88e3, "mrp"}, {0x88e5, "macsec"}, {0x88e7, "802_1ah"}, {0x88f5, "mvrp"},
	{0x88f7, "ptp"}, {0x88f8, "ncsi"}, {0x88fb, "prp"}, {0x8902, "cfm"}, {0x8906, "fcoe"}, {0x890d, "tdls"},
	{0x8914, "fip"}, {0x8915, "iboe"}, {0x892f, "hsr"}, {0x894f, "nsh"}, {0x9000, "loopback"},
}

// etherTypeAliases are names that tcpdump and people use.
func etherTypeAliases() map[string][]string {
	return map[string][]string{
		"ip": {"ipv4", "inet"}, "ipv6": {"ip6", "inet6"}, "802_1q": {"vlan"}, "802_1ad": {"qinq"}, "slow": {"lacp"},
		"pae": {"eapol"}, "ppp_disc": {"pppoed"}, "ppp_ses": {"pppoes"}, "ptp": {"1588"},
	}
}

// otherEtherType is the word for a number that is not listed.
const otherEtherType = "other"

func etherTypeWords() *schema.Vocabulary {
	var words []schema.Word
	aliases := etherTypeAliases()
	for _, e := range etherTypes {
		words = append(words, schema.Word{Name: e.name, Aliases: aliases[e.name]})
	}
	return schema.NewVocabulary(append(words, schema.Word{Name: otherEtherType})...)
}

// etherTypeName is the word of a number; "" for 0, with which a socket receives no packets.
func etherTypeName(number uint16) string {
	if number == 0 {
		return ""
	}
	for _, e := range etherTypes {
		if e.number == number {
			return e.name
		}
	}
	return otherEtherType
}
