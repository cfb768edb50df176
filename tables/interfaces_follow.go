package tables

import (
	"iter"
	"slices"

	"netql/query"
	"netql/sources/rtnetlink"
)

// followLinks follows interfaces that are new, gone, or changed. Facts beside the link message are read anew for each
// event.
func followLinks(r query.Request) query.Follow[link] {
	return rtnetlinkFollow[*rtnetlink.Device, link]{
		request: r, group: "RTNLGRP_LINK", listen: rtnetlink.ListenDevices,
		rows: func(s *scanState) func(*rtnetlink.Device) []*link {
			return func(d *rtnetlink.Device) []*link { return []*link{{d, &linkFacts{scanState: s}}} }
		},
		known: &lastKnown[*rtnetlink.Device, link]{
			list: func(s *scanState) iter.Seq2[*rtnetlink.Device, error] {
				return rtnetlink.Devices(s.ctx, s.system.Netlink, false)
			},
			key:     func(d *rtnetlink.Device) any { return d.Index },
			columns: query.Erase(slices.Concat(linkColumns(), stackColumns(), queueLengthColumns())),
		},
	}.follow()
}
