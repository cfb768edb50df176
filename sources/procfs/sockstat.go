package procfs

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

var errNoPair = errors.New("a name without a value, or the reverse")

// ParseSockstat reads a file like /proc/net/sockstat, whose lines are a group and names with their values: "TCP:
// inuse 3 orphan 0". It reads on behind a line that it cannot read, and reports the first.
func ParseSockstat(r io.Reader) (list []Counter, fault error) {
	for l, err := range lines(r) {
		if err != nil {
			return list, err
		}
		group, rest, _ := strings.Cut(l.text, ":")
		more, err := parseSockstat(group, strings.Fields(rest))
		list = append(list, more...)
		if err != nil && fault == nil {
			fault = l.fault("%w", err)
		}
	}
	return list, fault
}

func parseSockstat(group string, fields []string) (list []Counter, err error) {
	for len(fields) >= 2 {
		value, err := parseCounter(fields[1], 10)
		if err != nil {
			return list, fmt.Errorf("%s: %w", fields[0], err)
		}
		list = append(list, Counter{group, fields[0], value})
		fields = fields[2:]
	}
	if len(fields) > 0 {
		return list, errNoPair
	}
	return list, nil
}
