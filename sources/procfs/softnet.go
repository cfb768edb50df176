package procfs

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"netql/sources/vfs"
)

// Softnet is a line of /proc/net/softnet_stat: how one CPU processed received packets. The counters are 32 bits wide
// and wrap; what an older kernel does not have is -1.
type Softnet struct {
	CPU            int
	Processed      int // packets
	Dropped        int // packets that found the backlog full (net.core.netdev_max_backlog)
	TimeSqueeze    int // times that net.core.netdev_budget, or netdev_budget_usecs, ended before the packets did
	ReceivedRPS    int // times that another CPU woke this one to process packets (receive packet steering)
	FlowLimit      int // packets dropped because their flow had more than its share of the backlog
	Backlog        int // packets that wait now, in both queues
	InputBacklog   int // of these, packets that other code puts into the queue
	ProcessBacklog int // of these, packets that are being taken out
}

// softnetColumns are the columns in use, by their index in softnet_seq_show of net/core/net-procfs.c. The file has no
// header; new kernels only add columns at the end, and print 3 to 7 as zero.
var softnetColumns = []struct {
	index int
	field func(*Softnet) *int
}{
	{0, func(s *Softnet) *int { return &s.Processed }},
	{1, func(s *Softnet) *int { return &s.Dropped }},
	{2, func(s *Softnet) *int { return &s.TimeSqueeze }},
	{9, func(s *Softnet) *int { return &s.ReceivedRPS }},     // Linux 2.6.35
	{10, func(s *Softnet) *int { return &s.FlowLimit }},      // 3.11
	{11, func(s *Softnet) *int { return &s.Backlog }},        // 5.10
	{12, func(s *Softnet) *int { return &s.CPU }},            // 5.10
	{13, func(s *Softnet) *int { return &s.InputBacklog }},   // 6.4
	{14, func(s *Softnet) *int { return &s.ProcessBacklog }}, // 6.4
}

// softnetLeast is the number of columns that every kernel has.
const softnetLeast = 9

// ReadSoftnet reads /proc/net/softnet_stat. It gives what it could read besides the error.
func ReadSoftnet(files vfs.Files) ([]Softnet, error) {
	return parseFile(files, "/proc/net/softnet_stat", ParseSoftnet)
}

// ParseSoftnet reads such a file. A kernel that does not number the lines lists the CPUs that are online, so that
// their numbers are those of the lines unless one is offline. It reads on behind a line that it cannot read, and
// reports the first.
func ParseSoftnet(r io.Reader) (list []Softnet, fault error) {
	for l, err := range lines(r) {
		if err != nil {
			return list, err
		}
		s, err := parseSoftnet(strings.Fields(l.text), l.number-1)
		if err == nil {
			list = append(list, s)
		} else if fault == nil {
			fault = l.fault("%w", err)
		}
	}
	return list, fault
}

func parseSoftnet(fields []string, line int) (Softnet, error) {
	if len(fields) < softnetLeast {
		return Softnet{}, fmt.Errorf("%d columns of %d", len(fields), softnetLeast)
	}
	var s Softnet
	for _, c := range softnetColumns {
		to := c.field(&s)
		if c.index >= len(fields) {
			*to = -1
			continue
		}
		n, err := strconv.ParseUint(fields[c.index], 16, 32)
		if err != nil {
			return Softnet{}, err
		}
		*to = int(n)
	}
	if s.CPU < 0 {
		s.CPU = line
	}
	return s, nil
}
