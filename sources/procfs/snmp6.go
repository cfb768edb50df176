package procfs

import (
	"io"
	"strings"
)

// ParseSnmp6 reads a file like /proc/net/snmp6, a name and a value on each line. The name begins with the group, which
// ends in a 6: "Ip6InReceives". It reads on behind a line that it cannot read, and reports the first.
func ParseSnmp6(r io.Reader) ([]Counter, error) {
	return parseNamed(r, func(name string) (string, string) {
		end := strings.IndexByte(name, '6') + 1
		return name[:end], name[end:]
	})
}

// ParsePrefixed reads such a file whose names all begin with one group: "XfrmInError" of /proc/net/xfrm_stat.
func ParsePrefixed(r io.Reader, group string) ([]Counter, error) {
	return parseNamed(r, func(name string) (string, string) { return group, strings.TrimPrefix(name, group) })
}

// parseNamed reads lines of a name, which split takes apart into group and name, and a value.
func parseNamed(r io.Reader, split func(string) (group, name string)) (list []Counter, fault error) {
	for l, err := range lines(r) {
		if err != nil {
			return list, err
		}
		c, err := parseNamedCounter(strings.Fields(l.text), split)
		if err == nil {
			list = append(list, c)
		} else if fault == nil {
			fault = l.fault("%w", err)
		}
	}
	return list, fault
}

func parseNamedCounter(fields []string, split func(string) (group, name string)) (Counter, error) {
	if len(fields) != 2 {
		return Counter{}, errNoPair
	}
	value, err := parseCounter(fields[1], 10)
	group, name := split(fields[0])
	return Counter{group, name, value}, err
}
