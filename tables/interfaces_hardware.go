package tables

import (
	"netql/query"
	"netql/query/schema"
	"netql/sources/ethtool"
)

// hardwareFields are what drivers tell. Each kind of question is asked once for an interface, and only for rows whose
// columns are read.
func hardwareFields() []query.Field[link] {
	modes := func(get func(*ethtool.LinkModes) any) func(*link) any {
		return told(func(l *link) *ethtool.LinkModes { return l.facts.linkModes(l.Index) }, get)
	}
	rings := func(get func(*ethtool.Rings) any) func(*link) any {
		return told(func(l *link) *ethtool.Rings { return l.facts.ringSizes(l.Index) }, get)
	}
	channels := func(get func(*ethtool.Channels) any) func(*link) any {
		return told(func(l *link) *ethtool.Channels { return l.facts.channelCounts(l.Index) }, get)
	}
	pause := func(get func(*ethtool.Pause) any) func(*link) any {
		return told(func(l *link) *ethtool.Pause { return l.facts.flowControl(l.Index) }, get)
	}
	driver := func(get func(*ethtool.Driver) any) func(*link) any {
		return told(func(l *link) *ethtool.Driver { return l.facts.driver.get(l.Name, l.facts.askDriver) }, get)
	}
	fields := []query.Field[link]{
		{Name: "speed", Type: integer, Unit: schema.BitsPerSecond, Doc: "The speed of the link; virtual interfaces make one up, and NULL is unknown.", Get: modes(speed)},
		{Name: "duplex", Type: duplexes.enum(), Doc: "Whether both ends may send at once.", Get: modes(func(m *ethtool.LinkModes) any { return duplexes.word(uint32(m.Duplex)) })},
		{Name: "autoneg", Type: boolean, Doc: "Whether the ends agree on speed and duplex by themselves.", Get: modes(func(m *ethtool.LinkModes) any { return m.Autoneg })},
		{Name: "lanes", Type: integer, Doc: "Over how many lanes the link runs.", Get: modes(func(m *ethtool.LinkModes) any { return nonZero(m.Lanes) })},
		{Name: "rx_ring", Type: integer, Unit: schema.Packets, Doc: "How many packets a queue of the hardware holds until they are received.", Get: rings(func(r *ethtool.Rings) any { return nonZero(r.Rx) })},
		{Name: "rx_ring_max", Type: integer, Unit: schema.Packets, Doc: "How many it could hold (ethtool -G rx).", Get: rings(func(r *ethtool.Rings) any { return nonZero(r.RxMax) })},
		{Name: "tx_ring", Type: integer, Unit: schema.Packets, Doc: "How many packets a queue of the hardware holds until they are sent.", Get: rings(func(r *ethtool.Rings) any { return nonZero(r.Tx) })},
		{Name: "tx_ring_max", Type: integer, Unit: schema.Packets, Doc: "How many it could hold (ethtool -G tx).", Get: rings(func(r *ethtool.Rings) any { return nonZero(r.TxMax) })},
		{Name: "rx_channels", Type: integer, Doc: "How many queues of the hardware only receive.", Get: channels(func(c *ethtool.Channels) any { return orNull(int(c.Rx), c.RxMax > 0) })},
		{Name: "tx_channels", Type: integer, Doc: "How many queues of the hardware only send.", Get: channels(func(c *ethtool.Channels) any { return orNull(int(c.Tx), c.TxMax > 0) })},
		{Name: "combined_channels", Type: integer, Doc: "How many queues of the hardware do both.", Get: channels(func(c *ethtool.Channels) any { return orNull(int(c.Combined), c.CombinedMax > 0) })},
		{Name: "pause_autoneg", Type: boolean, Doc: "Whether the ends agree on flow control by themselves.", Get: pause(func(p *ethtool.Pause) any { return p.Autoneg })},
		{Name: "rx_pause", Type: boolean, Doc: "Whether pause frames of the other end are obeyed.", Get: pause(func(p *ethtool.Pause) any { return p.Rx })},
		{Name: "tx_pause", Type: boolean, Doc: "Whether pause frames are sent.", Get: pause(func(p *ethtool.Pause) any { return p.Tx })},
		{Name: "driver", Type: text, Doc: "The driver.", Get: driver(func(d *ethtool.Driver) any { return nonEmpty(d.Name) })},
		{Name: "driver_version", Type: text, Doc: "The version of the driver; the kernel's, where the driver has none of its own.", Get: driver(func(d *ethtool.Driver) any { return nonEmpty(d.Version) })},
		{Name: "firmware", Type: text, Doc: "The version of the hardware's firmware.", Get: driver(func(d *ethtool.Driver) any { return nonEmpty(d.Firmware) })},
		{Name: "bus_info", Type: text, Doc: "Where the hardware is on its bus, as 0000:00:03.0 on PCI; some virtual interfaces tell other things.", Get: driver(func(d *ethtool.Driver) any { return nonEmpty(d.BusInfo) })},
	}
	for i := range fields {
		fields[i].Costly = true
	}
	return fields
}

// told is a value of what a driver told; NULL where it told nothing.
func told[T any](ask func(*link) *T, get func(*T) any) func(*link) any {
	return func(l *link) any {
		if answer := ask(l); answer != nil {
			return get(answer)
		}
		return nil
	}
}

// speed is in bits per second. Drivers say in three ways that they do not know it, as in ethtool(8).
func speed(m *ethtool.LinkModes) any {
	const unknown16 = 1<<16 - 1
	return orNull(int(m.Speed)*1_000_000, m.Speed != 0 && m.Speed != unknown16 && m.Speed != ethtool.SpeedUnknown)
}
