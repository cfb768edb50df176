package tables

import (
	"slices"

	"netql/query"
	"netql/query/schema"
	"netql/sources/ethtool"
)

// hardwareColumns are the columns of what drivers say of their hardware; NULL where a driver says nothing. Each
// question is asked once for an interface, and only for rows whose columns are read.
func hardwareColumns() []query.Column[link] {
	columns := slices.Concat(
		query.Within((*link).modes,
			query.Opt("speed", "The speed of the link; virtual interfaces make one up, and NULL is unknown.",
				bitRate).In(schema.BitsPerSecond),
			enumOf("duplex", "Whether both ends may send at once.",
				duplexes(), func(m *ethtool.LinkModes) uint8 { return m.Duplex }),
			query.Col("autoneg", "Whether the ends agree on speed and duplex by themselves.",
				func(m *ethtool.LinkModes) bool { return m.Autoneg }),
			query.NonZero("lanes", "Over how many lanes the link runs.",
				func(m *ethtool.LinkModes) uint32 { return m.Lanes }),
		),
		query.Within((*link).rings,
			query.NonZero("rx_ring", "How many packets a queue of the hardware holds until they are received.",
				func(r *ethtool.Rings) uint32 { return r.Rx }).In(schema.Packets),
			query.NonZero("rx_ring_max", "How many it could hold (ethtool -G rx).",
				func(r *ethtool.Rings) uint32 { return r.RxMax }).In(schema.Packets),
			query.NonZero("tx_ring", "How many packets a queue of the hardware holds until they are sent.",
				func(r *ethtool.Rings) uint32 { return r.Tx }).In(schema.Packets),
			query.NonZero("tx_ring_max", "How many it could hold (ethtool -G tx).",
				func(r *ethtool.Rings) uint32 { return r.TxMax }).In(schema.Packets),
		),
		query.Within((*link).channels,
			query.Opt("rx_channels", "How many queues of the hardware only receive.",
				func(c *ethtool.Channels) (uint32, bool) { return c.Rx, c.RxMax > 0 }),
			query.Opt("tx_channels", "How many queues of the hardware only send.",
				func(c *ethtool.Channels) (uint32, bool) { return c.Tx, c.TxMax > 0 }),
			query.Opt("combined_channels", "How many queues of the hardware do both.",
				func(c *ethtool.Channels) (uint32, bool) { return c.Combined, c.CombinedMax > 0 }),
		),
		query.Within((*link).pause,
			query.Col("pause_autoneg", "Whether the ends agree on flow control by themselves.",
				func(p *ethtool.Pause) bool { return p.Autoneg }),
			query.Col("rx_pause", "Whether pause frames of the other end are obeyed.",
				func(p *ethtool.Pause) bool { return p.Rx }),
			query.Col("tx_pause", "Whether pause frames are sent.", func(p *ethtool.Pause) bool { return p.Tx }),
		),
		query.Within((*link).driver,
			query.NonZero("driver", "The driver.", func(d *ethtool.Driver) string { return d.Name }),
			query.NonZero("driver_version", "The version of the driver; the kernel's, where the driver has none of "+
				"its own.", func(d *ethtool.Driver) string { return d.Version }),
			query.NonZero("firmware", "The version of the hardware's firmware.",
				func(d *ethtool.Driver) string { return d.Firmware }),
			query.NonZero("bus_info", "Where the hardware is on its bus, as 0000:00:03.0 on PCI; some virtual "+
				"interfaces tell other things.", func(d *ethtool.Driver) string { return d.BusInfo }),
		))
	for i := range columns {
		columns[i] = columns[i].Costly()
	}
	return columns
}

func (l *link) modes() *ethtool.LinkModes {
	return asked(l, &l.facts.modes, "link modes", ethtool.Family.LinkModes)
}

func (l *link) rings() *ethtool.Rings {
	return asked(l, &l.facts.rings, "rings", ethtool.Family.Rings)
}

func (l *link) channels() *ethtool.Channels {
	return asked(l, &l.facts.channels, "channels", ethtool.Family.Channels)
}

func (l *link) pause() *ethtool.Pause {
	return asked(l, &l.facts.pause, "flow control", ethtool.Family.Pause)
}

func (l *link) driver() *ethtool.Driver { return l.facts.driver.get(l.Name, l.facts.askDriver) }

// bitRate is the speed in bits per second; false for 0, 0xffff and 0xffffffff, with which drivers say that it is
// unknown, as ethtool(8) reads them.
func bitRate(m *ethtool.LinkModes) (int, bool) {
	const unknown16 = 1<<16 - 1
	return int(m.Speed) * 1_000_000, m.Speed != 0 && m.Speed != unknown16 && m.Speed != ethtool.SpeedUnknown
}
