package ethtool

import (
	"golang.org/x/sys/unix"

	"netql/sources/netlink"
)

// parse reads the attributes of a message.
func parse(kind *netlink.MessageKind, b []byte, attribute func(*netlink.Attributes)) error {
	attributes, err := kind.Decode(b)
	if err != nil {
		return err
	}
	for attributes.Next() {
		attribute(&attributes)
	}
	return attributes.Err()
}

// ParseFamily reads what generic netlink's controller says of a family: its name, and the number that is its message
// type.
func ParseFamily(b []byte) (name string, id uint16, err error) {
	err = parse(&familyMessage, b, func(a *netlink.Attributes) {
		switch a.Type() {
		case unix.CTRL_ATTR_FAMILY_NAME:
			name = a.String()
		case unix.CTRL_ATTR_FAMILY_ID:
			id = a.Uint16()
		}
	})
	return name, id, err
}

func parseFamilyID(b []byte) (id uint16, err error) {
	_, id, err = ParseFamily(b)
	return id, err
}

func parseLinkModes(b []byte) (m LinkModes, err error) {
	m = LinkModes{Speed: SpeedUnknown, Duplex: 0xff}
	err = parse(&linkModesMessage, b, func(a *netlink.Attributes) {
		switch a.Type() {
		case unix.ETHTOOL_A_LINKMODES_SPEED:
			m.Speed = a.Uint32()
		case unix.ETHTOOL_A_LINKMODES_DUPLEX:
			m.Duplex = a.Uint8()
		case unix.ETHTOOL_A_LINKMODES_AUTONEG:
			m.Autoneg = a.Uint8() != 0
		case unix.ETHTOOL_A_LINKMODES_LANES:
			m.Lanes = a.Uint32()
		}
	})
	return m, err
}

func parseRings(b []byte) (r Rings, err error) {
	err = parseNumbers(&ringsMessage, b, map[uint16]*uint32{
		unix.ETHTOOL_A_RINGS_RX: &r.Rx, unix.ETHTOOL_A_RINGS_RX_MAX: &r.RxMax,
		unix.ETHTOOL_A_RINGS_TX: &r.Tx, unix.ETHTOOL_A_RINGS_TX_MAX: &r.TxMax,
	})
	return r, err
}

func parseChannels(b []byte) (c Channels, err error) {
	err = parseNumbers(&channelsMessage, b, map[uint16]*uint32{
		unix.ETHTOOL_A_CHANNELS_RX_COUNT: &c.Rx, unix.ETHTOOL_A_CHANNELS_RX_MAX: &c.RxMax,
		unix.ETHTOOL_A_CHANNELS_TX_COUNT: &c.Tx, unix.ETHTOOL_A_CHANNELS_TX_MAX: &c.TxMax,
		unix.ETHTOOL_A_CHANNELS_COMBINED_COUNT: &c.Combined, unix.ETHTOOL_A_CHANNELS_COMBINED_MAX: &c.CombinedMax,
	})
	return c, err
}

// parseNumbers reads 32-bit attributes to where they go.
func parseNumbers(kind *netlink.MessageKind, b []byte, fields map[uint16]*uint32) error {
	return parse(kind, b, func(a *netlink.Attributes) {
		if field := fields[a.Type()]; field != nil {
			*field = a.Uint32()
		}
	})
}

func parsePause(b []byte) (p Pause, err error) {
	fields := map[uint16]*bool{
		unix.ETHTOOL_A_PAUSE_AUTONEG: &p.Autoneg, unix.ETHTOOL_A_PAUSE_RX: &p.Rx, unix.ETHTOOL_A_PAUSE_TX: &p.Tx,
	}
	err = parse(&pauseMessage, b, func(a *netlink.Attributes) {
		if field := fields[a.Type()]; field != nil {
			*field = a.Uint8() != 0
		}
	})
	return p, err
}
