package tables

import (
	"context"
	"iter"
	"net/netip"
	"time"

	"netql/query"
	"netql/sources"
	"netql/sources/procfs"
	"netql/sources/rtnetlink"
)

// noticeAddresses hears of addresses that come, go, or change their flags.
func noticeAddresses(system *sources.System, r query.Request) noticing[*rtnetlink.Address, ipAddress] {
	type key struct {
		index         int
		local, remote netip.Addr
		bits          int
	}
	return noticing[*rtnetlink.Address, ipAddress]{
		system: system, warn: r.Warn, group: "RTNLGRP_IPV*_IFADDR", families: wantedFamilies(r.Where, nil), listen: rtnetlink.ListenAddresses,
		rows: func(_ context.Context, names interfaceNames) func(*rtnetlink.Address) []*ipAddress {
			uptime := func() (time.Duration, error) { return procfs.ReadUptime(system.Files) }
			facts := &addressFacts{names, uptime, r.Warn}
			return func(a *rtnetlink.Address) []*ipAddress { return []*ipAddress{{a, facts}} }
		},
		known: &lastKnown[*rtnetlink.Address, ipAddress]{
			list: func(ctx context.Context) iter.Seq2[*rtnetlink.Address, error] {
				return rtnetlink.Addresses(ctx, system.Netlink)
			},
			key:    func(a *rtnetlink.Address) any { return key{a.Index, a.Local, a.Remote, a.Bits} },
			fields: addressFields(),
		},
	}
}
