package procfs

import (
	"fmt"
	"io"
	"strings"
)

// ParsePairs reads a file like /proc/net/snmp, in which a line of names is followed by a line of values, both behind
// the name of their group. It reads on behind a line that it cannot read, and reports the first.
func ParsePairs(r io.Reader) (list []Counter, fault error) {
	var group string
	var names []string
	for l, err := range lines(r) {
		if err != nil {
			return list, err
		}
		word, rest, _ := strings.Cut(l.text, ":")
		fields := strings.Fields(rest)
		if names == nil || word != group {
			if names != nil && fault == nil {
				fault = l.fault("no values of %s", group)
			}
			group, names = word, fields
			continue
		}
		more, err := pairCounters(group, names, fields)
		list = append(list, more...)
		if err != nil && fault == nil {
			fault = l.fault("%w", err)
		}
		names = nil
	}
	if names != nil && fault == nil {
		fault = fmt.Errorf("no values of %.100q", group)
	}
	return list, fault
}

// pairCounters makes counters of a line of names and a line of values.
func pairCounters(group string, names, values []string) ([]Counter, error) {
	if len(names) != len(values) {
		return nil, fmt.Errorf("%d values of %d names", len(values), len(names))
	}
	list := make([]Counter, len(names))
	for i, name := range names {
		value, err := parseCounter(values[i], 10)
		if err != nil {
			return list[:i], fmt.Errorf("%s: %w", name, err)
		}
		list[i] = Counter{group, name, value}
	}
	return list, nil
}
