// Package ethtool asks network drivers about their hardware: link modes, rings and channels over generic netlink
// (linux/ethtool_netlink.h), names and counters of drivers by ioctl (linux/ethtool.h), which have no other way.
package ethtool

import (
	"context"
	"errors"
)

// ErrUnsupported says that the driver does not know what was asked, or that the device has gone meanwhile.
var ErrUnsupported = errors.New("the driver does not tell")

// LinkModes say how fast a link is (ETHTOOL_MSG_LINKMODES_GET).
type LinkModes struct {
	Speed   uint32 // in millions of bits per second; SpeedUnknown
	Duplex  uint8  // DUPLEX_* of linux/ethtool.h: 0 half, 1 full, 0xff unknown
	Autoneg bool   // the ends agree on the above
	Lanes   uint32 // 0 where the driver does not tell (Linux 5.14)
}

// SpeedUnknown is SPEED_UNKNOWN of linux/ethtool.h.
const SpeedUnknown = 1<<32 - 1

// Rings are how many packets the queues of the hardware hold (ETHTOOL_MSG_RINGS_GET); 0 where there is no such queue.
type Rings struct{ Rx, RxMax, Tx, TxMax uint32 }

// Channels are the queues of the hardware that are in use (ETHTOOL_MSG_CHANNELS_GET): for one direction, or for both.
type Channels struct{ Rx, RxMax, Tx, TxMax, Combined, CombinedMax uint32 }

// Pause says whether flow control is on (ETHTOOL_MSG_PAUSE_GET).
type Pause struct{ Autoneg, Rx, Tx bool }

// Driver names the driver of a device and what it drives: struct ethtool_drvinfo. A text that the driver does not
// have is empty.
type Driver struct{ Name, Version, Firmware, BusInfo string }

// A Statistic is a counter of a driver's own.
type Statistic struct {
	Name  string
	Value uint64
}

// A Device asks the driver of an interface, which is given by its name. The error is ErrUnsupported where the driver
// does not tell.
type Device interface {
	Driver(ctx context.Context, name string) (Driver, error)
	Statistics(ctx context.Context, name string) ([]Statistic, error)
}
