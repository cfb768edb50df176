package procfs

import (
	"fmt"
	"io"
	"strings"
)

// cacheEntries is the column of /proc/net/stat/* with the size of the whole cache, the same in every CPU's line.
const cacheEntries = "entries"

// ParsePerCPU reads a file like /proc/net/stat/rt_cache: a line of names and, for each CPU, a line of hexadecimal
// values, which are summed. It reads on behind a line that it cannot read, and reports the first.
func ParsePerCPU(r io.Reader, group string) (list []Counter, fault error) {
	first := true
	for l, err := range lines(r) {
		if err != nil {
			return list, err
		}
		fields := strings.Fields(l.text)
		if first {
			first = false
			for _, name := range fields {
				list = append(list, Counter{Group: group, Name: name})
			}
			continue
		}
		if err := addCPU(list, fields); err != nil && fault == nil {
			fault = l.fault("%w", err)
		}
	}
	return list, fault
}

func addCPU(list []Counter, fields []string) error {
	if len(fields) != len(list) {
		return fmt.Errorf("%d values of %d names", len(fields), len(list))
	}
	values := make([]int64, len(fields))
	for i, field := range fields {
		n, err := parseCounter(field, 16)
		if err != nil {
			return fmt.Errorf("%s: %w", list[i].Name, err)
		}
		values[i] = n
	}
	for i, n := range values {
		if list[i].Name == cacheEntries {
			list[i].Value = n
			continue
		}
		list[i].Value = sum(list[i].Value, n)
	}
	return nil
}
