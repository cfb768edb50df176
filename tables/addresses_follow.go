package tables

import (
	"iter"
	"net/netip"

	"netql/query"
	"netql/sources/rtnetlink"
)

// followAddresses follows addresses that are new, gone, or changed.
func followAddresses(r query.Request) query.Follow[ipAddress] {
	type key struct {
		index         int
		local, remote netip.Addr
		bits          int
	}
	return rtnetlinkFollow[*rtnetlink.Address, ipAddress]{
		request: r, group: "RTNLGRP_IPV*_IFADDR", families: wantedFamilies(r.Where, nil),
		listen: rtnetlink.ListenAddresses,
		rows: func(s *scanState) func(*rtnetlink.Address) []*ipAddress {
			return func(a *rtnetlink.Address) []*ipAddress {
				return []*ipAddress{{a, &addressFacts{scanState: s}}} // the uptime is read anew for each event
			}
		},
		known: &lastKnown[*rtnetlink.Address, ipAddress]{
			list: func(s *scanState) iter.Seq2[*rtnetlink.Address, error] {
				return rtnetlink.Addresses(s.ctx, s.system.Netlink)
			},
			key:     func(a *rtnetlink.Address) any { return key{a.Index, a.Local, a.Remote, a.Bits} },
			columns: query.Erase(addressColumns()),
		},
	}.follow()
}
