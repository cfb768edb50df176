package procfs

import (
	"errors"
	"io"
	"math"
	"strconv"

	"netql/sources/multierror"
	"netql/sources/vfs"
)

// A Counter is one number that the kernel keeps about a protocol.
type Counter struct {
	Group string // as the file has it: "Tcp", "TcpExt", "Ip6", "arp_cache"
	Name  string // the kernel's
	Value int64  // one too large for an int64 is the largest; Tcp MaxConn is -1 where there is no limit
}

// Snmp reads /proc/net/snmp: the counters of the MIBs of IPv4, ICMP, TCP and UDP (snmp_seq_show in net/ipv4/proc.c).
func Snmp(files vfs.Files) ([]Counter, error) { return parseFile(files, "/proc/net/snmp", ParsePairs) }

// Netstat reads /proc/net/netstat: Linux's own counters of TCP, IP and MPTCP (netstat_seq_show in net/ipv4/proc.c).
func Netstat(files vfs.Files) ([]Counter, error) {
	return parseFile(files, "/proc/net/netstat", ParsePairs)
}

// Snmp6 reads /proc/net/snmp6: the counters of IPv6 (snmp6_seq_show in net/ipv6/proc.c).
func Snmp6(files vfs.Files) ([]Counter, error) {
	return parseFile(files, "/proc/net/snmp6", ParseSnmp6)
}

// Sockstat reads /proc/net/sockstat: sockets and their memory in pages (sockstat_seq_show in net/ipv4/proc.c).
func Sockstat(files vfs.Files) ([]Counter, error) {
	return parseFile(files, "/proc/net/sockstat", ParseSockstat)
}

// Sockstat6 reads /proc/net/sockstat6, the same of IPv6 (sockstat6_seq_show in net/ipv6/proc.c).
func Sockstat6(files vfs.Files) ([]Counter, error) {
	return parseFile(files, "/proc/net/sockstat6", ParseSockstat)
}

// XfrmStat reads /proc/net/xfrm_stat: what IPsec drops (xfrm_statistics_seq_show in net/xfrm/xfrm_proc.c).
func XfrmStat(files vfs.Files) ([]Counter, error) {
	return parseFile(files, "/proc/net/xfrm_stat", prefixed("Xfrm"))
}

// TLSStat reads /proc/net/tls_stat, the counters of TLS in the kernel (tls_statistics_seq_show in net/tls/tls_proc.c).
func TLSStat(files vfs.Files) ([]Counter, error) {
	return parseFile(files, "/proc/net/tls_stat", prefixed("Tls"))
}

// SCTPSnmp reads /proc/net/sctp/snmp: the counters of SCTP's MIB (sctp_snmp_seq_show in net/sctp/proc.c).
func SCTPSnmp(files vfs.Files) ([]Counter, error) {
	return parseFile(files, "/proc/net/sctp/snmp", prefixed("Sctp"))
}

// RT6Stats reads /proc/net/rt6_stats: the size of IPv6's routing tables (rt6_stats_seq_show in net/ipv6/route.c).
func RT6Stats(files vfs.Files) ([]Counter, error) {
	return parseFile(files, "/proc/net/rt6_stats", ParseRT6Stats)
}

// prefixed is ParsePrefixed for a group.
func prefixed(group string) func(io.Reader) ([]Counter, error) {
	return func(r io.Reader) ([]Counter, error) { return ParsePrefixed(r, group) }
}

// CacheStats reads the wanted files of /proc/net/stat: statistics of the routing and neighbour caches and of connection
// tracking. A file is a group. The error joins those of files that cannot be read; the list has the others.
func CacheStats(files vfs.Files, want func(group string) bool) ([]Counter, error) {
	const dir = "/proc/net/stat"
	entries, err := files.ReadDir(dir)
	faults := []error{err}
	var list []Counter
	for _, entry := range entries {
		name := entry.Name
		if !want(name) {
			continue
		}
		more, err := parseFile(files, dir+"/"+name, func(r io.Reader) ([]Counter, error) {
			return ParsePerCPU(r, name)
		})
		list, faults = append(list, more...), append(faults, err)
	}
	return list, multierror.Join(faults...)
}

// parseCounter reads a number; one above the largest int64 is that.
func parseCounter(text string, base int) (int64, error) {
	n, err := strconv.ParseInt(text, base, 64)
	if errors.Is(err, strconv.ErrRange) && n == math.MaxInt64 {
		return n, nil
	}
	return n, err
}

// sum adds two numbers; a sum above the largest int64 is that.
func sum(a, b int64) int64 {
	if b > 0 && a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}
