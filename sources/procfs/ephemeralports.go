package procfs

import (
	"bytes"
	"fmt"
	"math/bits"
	"strings"

	"netql/sources/vfs"
)

// EphemeralPorts are the local ports that the kernel chooses from where a program asks for none.
type EphemeralPorts [1 << 16 / 64]uint64 // a bit for each port

// Has says whether a port is one of them.
func (e *EphemeralPorts) Has(port uint16) bool { return e[port/64]&(1<<(port%64)) != 0 }

// Count is how many there are.
func (e *EphemeralPorts) Count() (n int) {
	for _, word := range e {
		n += bits.OnesCount64(word)
	}
	return n
}

// set puts the ports from low to high in, or takes them out.
func (e *EphemeralPorts) set(low, high uint16, in bool) {
	for port := int(low); port <= int(high); port++ {
		if e[port/64] &^= 1 << (port % 64); in {
			e[port/64] |= 1 << (port % 64)
		}
	}
}

// ReadEphemeralPorts reads them: those of net.ipv4.ip_local_port_range, which is for IPv6, too, without those of
// ip_local_reserved_ports.
func ReadEphemeralPorts(files vfs.Files) (ports EphemeralPorts, err error) {
	numbers, err := ReadSysctl(files, "net/ipv4/ip_local_port_range")
	if err != nil {
		return ports, err
	}
	if len(numbers) != 2 || numbers[0] < 0 || numbers[1] > 1<<16-1 {
		return ports, fmt.Errorf("/proc/sys/net/ipv4/ip_local_port_range: %v is no range of ports", numbers)
	}
	ports.set(uint16(numbers[0]), uint16(numbers[1]), true)
	reserved, err := parseBytes(files, "/proc/sys/net/ipv4/ip_local_reserved_ports", ParsePortRanges)
	for _, r := range reserved {
		ports.set(r[0], r[1], false)
	}
	return ports, err
}

// ParsePortRanges reads a list such as "8080,9148,32000-32010", which the kernel writes (proc_do_large_bitmap): the
// first and the last port of each range. An empty one has no ports.
func ParsePortRanges(b []byte) (ranges [][2]uint16, err error) {
	text := string(bytes.TrimSpace(b))
	if text == "" {
		return nil, nil
	}
	for _, part := range strings.Split(text, ",") {
		first, last, several := strings.Cut(part, "-")
		if !several {
			last = first
		}
		var r [2]uint16
		for i, digits := range []string{first, last} {
			if err := number(&r[i], digits, 10); err != nil {
				return ranges, fmt.Errorf("%w: %.100q", err, part)
			}
		}
		ranges = append(ranges, r)
	}
	return ranges, nil
}
