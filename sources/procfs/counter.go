package procfs

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"strconv"
)

// A Counter is one number that the kernel keeps about a protocol.
type Counter struct {
	Group string // as the file has it: "Tcp", "TcpExt", "Ip6", "arp_cache"; unknown groups come as they are
	Name  string // the kernel's
	Value int64  // one too large for an int64 is the largest; Tcp MaxConn is -1 where there is no limit
}

// Snmp reads /proc/net/snmp: the counters of the MIBs of IPv4, ICMP, TCP and UDP (snmp_seq_show in net/ipv4/proc.c).
func Snmp(files fs.FS) ([]Counter, error) { return counters(files, "proc/net/snmp", ParsePairs) }

// Netstat reads /proc/net/netstat: Linux's own counters of TCP, IP and MPTCP (netstat_seq_show in net/ipv4/proc.c).
func Netstat(files fs.FS) ([]Counter, error) { return counters(files, "proc/net/netstat", ParsePairs) }

// Snmp6 reads /proc/net/snmp6: the counters of IPv6 (snmp6_seq_show in net/ipv6/proc.c).
func Snmp6(files fs.FS) ([]Counter, error) { return counters(files, "proc/net/snmp6", ParseSnmp6) }

// Sockstat reads /proc/net/sockstat: sockets and their memory in pages (sockstat_seq_show in net/ipv4/proc.c).
func Sockstat(files fs.FS) ([]Counter, error) {
	return counters(files, "proc/net/sockstat", ParseSockstat)
}

// Sockstat6 reads /proc/net/sockstat6, the same of IPv6 (sockstat6_seq_show in net/ipv6/proc.c).
func Sockstat6(files fs.FS) ([]Counter, error) {
	return counters(files, "proc/net/sockstat6", ParseSockstat)
}

// CacheStats reads the files of /proc/net/stat, statistics of the routing and neighbour caches and of connection
// tracking, a group for each file. Those that cannot be read are reported after all that can.
func CacheStats(files fs.FS) ([]Counter, error) {
	const dir = "proc/net/stat"
	entries, err := fs.ReadDir(files, dir)
	faults := []error{err}
	var list []Counter
	for _, entry := range entries {
		name := entry.Name()
		more, err := counters(files, dir+"/"+name, func(r io.Reader) ([]Counter, error) { return ParsePerCPU(r, name) })
		list, faults = append(list, more...), append(faults, err)
	}
	return list, errors.Join(faults...)
}

// counters reads one file. It gives what it could read besides the error.
func counters(files fs.FS, path string, parse func(io.Reader) ([]Counter, error)) ([]Counter, error) {
	file, err := files.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	list, err := parse(file)
	if err != nil {
		return list, fmt.Errorf("%s: %w", path, err)
	}
	return list, nil
}

// parseCounter reads a number, which saturates.
func parseCounter(text string, base int) (int64, error) {
	n, err := strconv.ParseInt(text, base, 64)
	if errors.Is(err, strconv.ErrRange) && n == math.MaxInt64 {
		return n, nil
	}
	return n, err
}

// sum adds two numbers of a counter, and saturates.
func sum(a, b int64) int64 {
	if b > 0 && a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}
