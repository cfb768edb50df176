package procfs

import (
	"io"
	"strings"

	"netql/sources/vfs"
)

// Flags of a membership: MAF_* of net/if_inet6.h.
const (
	memberTimerRuns    = 0x01
	memberLastReporter = 0x02
)

// Igmp6 reads /proc/net/igmp6: the memberships of IPv6 groups (igmp6_mc_seq_show in net/ipv6/mcast.c).
func Igmp6(files vfs.Files) ([]Membership, error) {
	return parseFile(files, "/proc/net/igmp6", ParseIgmp6)
}

// ParseIgmp6 reads such a file, which has no header.
func ParseIgmp6(r io.Reader) ([]Membership, error) {
	columns := positionsOf("Idx Device Group Users Flags Timer")
	return parseRecords(r, columns, strings.NewReplacer(), func(r *record) Membership {
		flags := r.uint64("Flags", 16)
		return Membership{
			Index: r.int("Idx"), Interface: r.text("Device"), Group: r.plainAddress("Group"), Users: r.int("Users"),
			TimerRuns: flags&memberTimerRuns != 0, Timer: timerLeft(r.uint64("Timer", 10)),
			Reporter: flags&memberLastReporter != 0,
		}
	})
}
