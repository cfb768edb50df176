package tables

import (
	"context"
	"iter"
	"slices"

	"netql/query"
	"netql/sources"
	"netql/sources/rtnetlink"
)

// noticeLinks hears of interfaces that come, go, or change. What is read beside the interface is read for each event.
func noticeLinks(system *sources.System, r query.Request) noticing[*rtnetlink.Device, link] {
	return noticing[*rtnetlink.Device, link]{
		system: system, warn: r.Warn, group: "RTNLGRP_LINK", listen: rtnetlink.ListenDevices,
		rows: func(ctx context.Context, names interfaceNames) func(*rtnetlink.Device) []*link {
			return func(d *rtnetlink.Device) []*link {
				facts := newLinkFacts(ctx, system, r.Warn)
				facts.interfaceNames = names
				return []*link{{d, facts}}
			}
		},
		known: &lastKnown[*rtnetlink.Device, link]{
			list: func(ctx context.Context) iter.Seq2[*rtnetlink.Device, error] {
				return rtnetlink.Devices(ctx, system.Netlink, false)
			},
			key:    func(d *rtnetlink.Device) any { return d.Index },
			fields: slices.Concat(linkFields(), stackFields(), queueLengthFields()),
		},
	}
}
