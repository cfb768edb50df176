package procfs

import (
	"io"
	"strings"
)

// ParseSnmp6 reads a file like /proc/net/snmp6, a name and a value on each line. The name begins with the group, which
// ends in a 6: "Ip6InReceives". It reads on behind a line that it cannot read, and reports the first.
func ParseSnmp6(r io.Reader) (list []Counter, fault error) {
	for l, err := range lines(r) {
		if err != nil {
			return list, err
		}
		c, err := parseSnmp6(strings.Fields(l.text))
		if err == nil {
			list = append(list, c)
		} else if fault == nil {
			fault = l.fault("%w", err)
		}
	}
	return list, fault
}

func parseSnmp6(fields []string) (Counter, error) {
	if len(fields) != 2 {
		return Counter{}, errNoPair
	}
	value, err := parseCounter(fields[1], 10)
	end := strings.IndexByte(fields[0], '6') + 1
	return Counter{fields[0][:end], fields[0][end:], value}, err
}
