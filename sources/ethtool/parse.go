package ethtool

import (
	"fmt"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
)

// genericHeader is the size of struct genlmsghdr: command, version and two bytes that are reserved.
const genericHeader = unix.GENL_HDRLEN

// parse reads the attributes behind struct genlmsghdr.
func parse(b []byte, attribute func(*netlink.Attributes)) error {
	if len(b) < genericHeader {
		return fmt.Errorf("%w: a generic message of %d bytes", netlink.ErrTruncated, len(b))
	}
	attributes := netlink.DecodeAttributes(b[genericHeader:])
	for attributes.Next() {
		attribute(&attributes)
	}
	return attributes.Err()
}

// parseFamily finds the number of a generic netlink family.
func parseFamily(b []byte) (id uint16, err error) {
	err = parse(b, func(a *netlink.Attributes) {
		if a.Type() == unix.CTRL_ATTR_FAMILY_ID {
			id = a.Uint16()
		}
	})
	return id, err
}

func parseLinkModes(b []byte) (m LinkModes, err error) {
	m = LinkModes{Speed: SpeedUnknown, Duplex: 0xff}
	err = parse(b, func(a *netlink.Attributes) {
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
	err = parseNumbers(b, map[uint16]*uint32{
		unix.ETHTOOL_A_RINGS_RX: &r.Rx, unix.ETHTOOL_A_RINGS_RX_MAX: &r.RxMax,
		unix.ETHTOOL_A_RINGS_TX: &r.Tx, unix.ETHTOOL_A_RINGS_TX_MAX: &r.TxMax,
	})
	return r, err
}

func parseChannels(b []byte) (c Channels, err error) {
	err = parseNumbers(b, map[uint16]*uint32{
		unix.ETHTOOL_A_CHANNELS_RX_COUNT: &c.Rx, unix.ETHTOOL_A_CHANNELS_RX_MAX: &c.RxMax,
		unix.ETHTOOL_A_CHANNELS_TX_COUNT: &c.Tx, unix.ETHTOOL_A_CHANNELS_TX_MAX: &c.TxMax,
		unix.ETHTOOL_A_CHANNELS_COMBINED_COUNT: &c.Combined, unix.ETHTOOL_A_CHANNELS_COMBINED_MAX: &c.CombinedMax,
	})
	return c, err
}

// parseNumbers reads 32-bit attributes to where they go.
func parseNumbers(b []byte, places map[uint16]*uint32) error {
	return parse(b, func(a *netlink.Attributes) {
		if place := places[a.Type()]; place != nil {
			*place = a.Uint32()
		}
	})
}

func parsePause(b []byte) (p Pause, err error) {
	places := map[uint16]*bool{
		unix.ETHTOOL_A_PAUSE_AUTONEG: &p.Autoneg, unix.ETHTOOL_A_PAUSE_RX: &p.Rx, unix.ETHTOOL_A_PAUSE_TX: &p.Tx,
	}
	err = parse(b, func(a *netlink.Attributes) {
		if place := places[a.Type()]; place != nil {
			*place = a.Uint8() != 0
		}
	})
	return p, err
}
