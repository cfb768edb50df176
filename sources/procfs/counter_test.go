package procfs

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"strings"
	"testing"

	"netql/sources/vfs"
	"netql/sources/vfs/vfstest"
)

func TestCounters(t *testing.T) {
	perCPU := func(r io.Reader) ([]Counter, error) { return ParsePerCPU(r, "rt_cache") }
	for name, test := range map[string]struct {
		parse func(io.Reader) ([]Counter, error)
		text  string
		want  string
		fault string
	}{
		"pairs": {ParsePairs, "Tcp: MaxConn InSegs\nTcp: -1 5\nNewExt: A\nNewExt: 7\n",
			"[{Tcp MaxConn -1} {Tcp InSegs 5} {NewExt A 7}]", ""},
		"empty group": {ParsePairs, "IcmpMsg: \nIcmpMsg: \nTcp: A\nTcp: 1\n", "[{Tcp A 1}]", ""},
		"saturates": {ParsePairs, "Ip: A\nIp: 18446744073709551615\n", fmt.Sprintf("[{Ip A %d}]", math.MaxInt64),
			""},
		"short values": {ParsePairs, "Ip: A B\nIp: 1\nTcp: A\nTcp: 2\n", "[{Tcp A 2}]", "1 values of 2 names"},
		"torn":         {ParsePairs, "Ip: A\nIp: 1\nTcp: A B", "[{Ip A 1}]", "no values of \"Tcp\""},
		"lost values":  {ParsePairs, "Ip: A\nTcp: A\nTcp: 2\n", "[{Tcp A 2}]", "no values of Ip"},
		"snmp6": {ParseSnmp6, "Ip6InReceives 1\nIcmp6OutType135 4\nUdpLite6NoPorts\t9\n",
			"[{Ip6 InReceives 1} {Icmp6 OutType135 4} {UdpLite6 NoPorts 9}]", ""},
		"snmp6 torn": {ParseSnmp6, "Ip6InRec\nIp6A x\nIp6InReceives 1\n", "[{Ip6 InReceives 1}]", "line 1"},
		"sockstat": {ParseSockstat, "sockets: used 14\nTCP: inuse 1 tw 4\n",
			"[{sockets used 14} {TCP inuse 1} {TCP tw 4}]", ""},
		"sockstat bad": {ParseSockstat, "TCP: inuse 1 tw\nUDP: inuse x\nRAW: inuse 3\n",
			"[{TCP inuse 1} {RAW inuse 3}]", "line 1"},
		"per cpu": {perCPU, "entries hits\n0a 1\n0a ff\n", "[{rt_cache entries 10} {rt_cache hits 256}]", ""},
		"prefixed": {prefixed("Xfrm"), "XfrmInError             \t7\nFwdHdrError 1\n",
			"[{Xfrm InError 7} {Xfrm FwdHdrError 1}]", ""},
		"prefixed bad": {prefixed("Xfrm"), "XfrmInError\nXfrmB 1\n", "[{Xfrm B 1}]", "line 1"},
		"rt6 stats": {ParseRT6Stats, "0009 0006 000a 0007 0000 0010 0001 0fff\n",
			"[{rt6_stats fib_nodes 9} {rt6_stats fib_route_nodes 6} {rt6_stats fib_rt_alloc 10} {rt6_stats " +
				"fib_rt_entries 7} {rt6_stats fib_rt_cache 0} {rt6_stats dst_entries 16} {rt6_stats " +
				"fib_discarded_routes 1}]", ""},
		"rt6 torn": {ParseRT6Stats, "0009 00", "[{rt6_stats fib_nodes 9} {rt6_stats fib_route_nodes 0}]",
			"there is no fib_rt_alloc"},
		"rt6 bad":   {ParseRT6Stats, "0009 x", "[{rt6_stats fib_nodes 9}]", "fib_route_nodes"},
		"rt6 empty": {ParseRT6Stats, "", "[]", "EOF"},
		"per cpu torn": {perCPU, "entries hits\n0a 1\n0a\n", "[{rt_cache entries 10} {rt_cache hits 1}]",
			"1 values of 2 names"},
	} {
		list, err := test.parse(strings.NewReader(test.text))
		if got := fmt.Sprint(list); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
		if (err != nil) != (test.fault != "") || err != nil && !strings.Contains(err.Error(), test.fault) {
			t.Errorf("%s: error %v, want %q", name, err, test.fault)
		}
	}
}

// TestReadCounters: each reader opens its own file, and CacheStats keeps what it can read beside a torn file.
func TestReadCounters(t *testing.T) {
	files := vfstest.Files{
		"/proc/net/snmp":           {Text: "Tcp: A\nTcp: 1\n"},
		"/proc/net/netstat":        {Text: "TcpExt: A\nTcpExt: 2\n"},
		"/proc/net/snmp6":          {Text: "Ip6A 3\n"},
		"/proc/net/sockstat":       {Text: "TCP: inuse 4\n"},
		"/proc/net/sockstat6":      {Text: "TCP6: inuse 5\n"},
		"/proc/net/xfrm_stat":      {Text: "XfrmA 7\n"},
		"/proc/net/tls_stat":       {Text: "TlsA 8\n"},
		"/proc/net/sctp/snmp":      {Text: "SctpA 9\n"},
		"/proc/net/rt6_stats":      {Text: "a b c d e f 10\n"},
		"/proc/net/stat/arp_cache": {Text: "entries\n6\n"},
		"/proc/net/stat/unwanted":  {Text: "entries\nx\n"},
		"/proc/net/stat/rt_cache":  {Text: "entries\nx\n"},
	}
	var got []Counter
	for _, read := range []func(vfs.Files) ([]Counter, error){Snmp, Netstat, Snmp6, Sockstat, Sockstat6, XfrmStat,
		TLSStat, SCTPSnmp, RT6Stats} {
		list, err := read(files)
		if err != nil {
			t.Error(err)
		}
		got = append(got, list...)
		if _, err := read(vfstest.Files{}); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("no file: %v", err)
		}
	}
	list, err := CacheStats(files, func(group string) bool { return group != "unwanted" })
	if err == nil || !strings.Contains(err.Error(), "/proc/net/stat/rt_cache: line 2") {
		t.Errorf("torn rt_cache: %v", err)
	}
	const want = "[{Tcp A 1} {TcpExt A 2} {Ip6 A 3} {TCP inuse 4} {TCP6 inuse 5} {Xfrm A 7} {Tls A 8} {Sctp A 9} " +
		"{rt6_stats fib_nodes 10} {rt6_stats fib_route_nodes 11} {rt6_stats fib_rt_alloc 12} {rt6_stats " +
		"fib_rt_entries 13} {rt6_stats fib_rt_cache 14} {rt6_stats dst_entries 15} {rt6_stats fib_discarded_routes " +
		"16} {arp_cache entries 6} {rt_cache entries 0}]"
	if s := fmt.Sprint(append(got, list...)); s != want {
		t.Errorf("%s, want %s", s, want)
	}
}
