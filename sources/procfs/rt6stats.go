package procfs

import (
	"io"
	"strings"
)

// rt6Names are the values of /proc/net/rt6_stats in their order, by the kernel's names: the fields of struct
// rt6_statistics (net/ip6_fib.h), and the entries of struct dst_ops before the last.
var rt6Names = []string{
	"fib_nodes", "fib_route_nodes", "fib_rt_alloc", "fib_rt_entries", "fib_rt_cache", "dst_entries",
	"fib_discarded_routes",
}

// ParseRT6Stats reads a file like /proc/net/rt6_stats, one line of hexadecimal values. Values that a newer kernel puts
// behind them have no name and are left out.
func ParseRT6Stats(r io.Reader) (list []Counter, fault error) {
	for l, err := range lines(r) {
		if err != nil {
			return nil, err
		}
		fields := strings.Fields(l.text)
		for i, name := range rt6Names {
			if i >= len(fields) {
				return list, l.fault("there is no %s", name)
			}
			value, err := parseCounter(fields[i], 16)
			if err != nil {
				return list, l.fault("%s: %w", name, err)
			}
			list = append(list, Counter{"rt6_stats", name, value})
		}
		return list, nil
	}
	return nil, io.ErrUnexpectedEOF
}
