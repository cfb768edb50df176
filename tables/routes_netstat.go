package tables

import "netql/sources/rtnetlink"

// Flags of /proc/net/route and /proc/net/ipv6_route: RTF_* of linux/route.h and linux/ipv6_route.h.
const (
	rtfUp, rtfGateway, rtfHost            = 0x1, 0x2, 0x4
	rtfDynamic, rtfModified, rtfReject    = 0x10, 0x20, 0x200
	rtfDefault, rtfAllOnLink, rtfAddrConf = 0x10000, 0x20000, 0x40000
	rtfNoNexthop, rtfExpires              = 0x200000, 0x400000
	rtfCache, rtfFlow                     = 0x1000000, 0x2000000
)

// netstatLetter is the letter that net-tools' netstat shows for a flag.
type netstatLetter struct {
	flag   uint32
	letter byte
}

// The letters in netstat's order: of IPv4 (lib/inet_gr.c), and of IPv6 (lib/inet6_gr.c).
var (
	netstatLetters = []netstatLetter{
		{rtfUp, 'U'}, {rtfGateway, 'G'}, {rtfReject, '!'}, {rtfHost, 'H'}, {rtfDynamic, 'D'}, {rtfModified, 'M'},
		{rtfExpires, 'e'}, {rtfCache, 'c'},
	}
	netstatLetters6 = []netstatLetter{
		{rtfUp, 'U'}, {rtfReject, '!'}, {rtfGateway, 'G'}, {rtfHost, 'H'}, {rtfDefault, 'D'}, {rtfAddrConf, 'A'},
		{rtfCache, 'C'}, {rtfAllOnLink, 'a'}, {rtfExpires, 'e'}, {rtfModified, 'm'}, {rtfNoNexthop, 'n'},
		{rtfFlow, 'f'},
	}
)

// netstatFlags is the letters for the flags that a route has in /proc/net/route or /proc/net/ipv6_route. Exceptions are
// not in these files; they get the manuals' letters for redirects and path MTUs, D and M.
func (r *route) netstatFlags() string {
	flags, letters := r.rtf(), netstatLetters
	if r.Family == inet6 && !r.Cached() {
		letters = netstatLetters6
		if line := r.facts.line(r); line != nil {
			flags |= line.Flags
		}
	} else if flags&rtfReject != 0 {
		flags &^= rtfUp | rtfGateway // netstat shows ! without U and G
	}
	var text []byte
	for _, l := range letters {
		if flags&l.flag != 0 {
			text = append(text, l.letter)
		}
	}
	return string(text)
}

// rtf is the flags of a route, by what rtnetlink says of it.
func (r *route) rtf() uint32 {
	flags := uint32(rtfUp)
	if r.gateway().IsValid() {
		flags |= rtfGateway
	}
	switch {
	case r.Cached() && r.redirected():
		return flags | rtfHost | rtfCache | rtfDynamic
	case r.Cached():
		return flags | rtfHost | rtfCache | rtfModified
	case r.Family == inet6:
		return r.rtf6(flags)
	}
	if r.Dst.Bits() == 32 {
		flags |= rtfHost
	}
	// for no other type: fib_flag_trans in net/ipv4/fib_trie.c
	if r.Type == rtnetlink.Unreachable || r.Type == rtnetlink.Prohibit {
		flags |= rtfReject
	}
	return flags
}

// redirected says that an exception is a redirect. One of IPv6 has no time at which it expires, which a path MTU has
// (rt6_do_redirect and rt6_do_update_pmtu in net/ipv6/route.c).
func (r *route) redirected() bool {
	if r.Family == inet6 {
		return r.Cache.Expires == 0
	}
	return r.Flags&rtnetlink.Redirected != 0
}

// rtf6 is the flags with those of IPv6 added, as ip6_route_info_create in net/ipv6/route.c sets them.
func (r *route) rtf6(flags uint32) uint32 {
	switch r.Type {
	case rtnetlink.Blackhole, rtnetlink.Unreachable, rtnetlink.Prohibit, rtnetlink.Throw:
		flags = rtfReject | rtfNoNexthop
	case rtnetlink.Local, rtnetlink.Anycast:
		flags |= rtfNoNexthop
	}
	if r.Cache.Expires != 0 {
		flags |= rtfExpires
	}
	if r.Protocol == rtnetlink.ProtocolRA {
		flags |= rtfAddrConf
		if r.Dst.Bits() == 0 {
			flags |= rtfDefault
		}
	}
	return flags
}
