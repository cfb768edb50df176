package ethtool

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"golang.org/x/sys/unix"
)

// The sizes and places of linux/ethtool.h.
const (
	nameSize      = 32                 // ETHTOOL_BUSINFO_LEN, ETHTOOL_FWVERS_LEN: a text of struct ethtool_drvinfo
	stringSize    = 32                 // ETH_GSTRING_LEN: a name of struct ethtool_gstrings
	stringsHeader = 12                 // of struct ethtool_gstrings: command, set, number of names
	valuesHeader  = 8                  // of struct ethtool_stats: command, number of values
	setInfoSize   = 16 + 4             // struct ethtool_sset_info and the size of one set
	driverSize    = 4 + 5*32 + 12 + 20 // struct ethtool_drvinfo
)

// parseDriver reads struct ethtool_drvinfo.
func parseDriver(b []byte) (Driver, error) {
	if len(b) < 4+4*nameSize {
		return Driver{}, fmt.Errorf("a struct ethtool_drvinfo of %d bytes", len(b))
	}
	field := func(i int) string {
		text, _, _ := bytes.Cut(b[4+i*nameSize:4+(i+1)*nameSize], []byte{0})
		if string(text) == "N/A" { // how some drivers say that there is none
			return ""
		}
		return string(text)
	}
	return Driver{Name: field(0), Version: field(1), Firmware: field(2), BusInfo: field(3)}, nil
}

// parseSetSize reads struct ethtool_sset_info: how many names the one set has that was asked for. A driver that does
// not have the set clears its bit.
func parseSetSize(b []byte) int {
	if len(b) < setInfoSize || binary.NativeEndian.Uint64(b[8:]) == 0 {
		return 0
	}
	return int(binary.NativeEndian.Uint32(b[16:]))
}

// parseStatistics reads struct ethtool_gstrings and struct ethtool_stats, which list the same counters. Where one is
// longer, because the driver got or lost queues in between, they no longer tell the same.
func parseStatistics(names, values []byte) ([]Statistic, error) {
	if len(names) < stringsHeader || len(values) < valuesHeader {
		return nil, fmt.Errorf("driver statistics of %d and %d bytes", len(names), len(values))
	}
	count, other := binary.NativeEndian.Uint32(names[8:]), binary.NativeEndian.Uint32(values[4:])
	if count != other {
		return nil, fmt.Errorf("the driver names %d counters and counts %d", count, other)
	}
	names, values = names[stringsHeader:], values[valuesHeader:]
	if uint64(len(names)) < uint64(count)*stringSize || uint64(len(values)) < uint64(count)*8 {
		return nil, fmt.Errorf("%d driver counters in %d and %d bytes", count, len(names), len(values))
	}
	list := make([]Statistic, count)
	for i := range list {
		name, _, _ := bytes.Cut(names[i*stringSize:(i+1)*stringSize], []byte{0})
		list[i] = Statistic{string(bytes.TrimSpace(name)), binary.NativeEndian.Uint64(values[i*8:])}
	}
	return list, nil
}

// request starts the structure of a command: its number, and the numbers behind it.
func request(size int, command uint32, numbers ...uint32) []byte {
	b := binary.NativeEndian.AppendUint32(make([]byte, 0, size), command)
	for _, n := range numbers {
		b = binary.NativeEndian.AppendUint32(b, n)
	}
	return b[:size]
}

// statisticsSet asks for the size of ETH_SS_STATS: command, reserved, the mask of sets in 64 bits.
func statisticsSet() []byte {
	b := request(setInfoSize, unix.ETHTOOL_GSSET_INFO)
	binary.NativeEndian.PutUint64(b[8:], 1<<statistics)
	return b
}

// statistics is ETH_SS_STATS of enum ethtool_stringset.
const statistics = 1
