package tables_test

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"netql/query"
	"netql/sources"
	"netql/sources/lab"
	"netql/sources/vfs"
	"netql/sources/vfs/vfstest"
	"netql/tables"
)

// nstatGroups are the words with which nstat begins the names of a protocol's counters.
var nstatGroups = map[string]string{
	"ip": "Ip", "icmp": "Icmp", "icmpmsg": "IcmpMsg", "tcp": "Tcp", "udp": "Udp", "udplite": "UdpLite",
	"tcp_ext": "TcpExt", "ip_ext": "IpExt",
	"mptcp_ext": "MPTcpExt", "ip6": "Ip6", "icmp6": "Icmp6", "udp6": "Udp6", "udplite6": "UdpLite6", "sctp": "Sctp",
}

// traffic makes some counters grow: connections, data, a refused connection, datagrams, and ICMP errors of both
// families.
func traffic(t testing.TB) {
	t.Helper()
	for _, address := range []string{"127.0.0.1:0", "[::1]:0"} {
		sender, _ := lab.Pair(t, lab.TCP, address)
		sender.Write(100_000)
		closed := lab.Datagram(t, lab.UDP, address, "")
		refused := closed.Local.String()
		closed.Close()
		lab.Datagram(t, lab.UDP, address, refused).Write(10)
	}
}

// noDifference are the counters of /proc/net/snmp that nstat leaves out, because they are none.
var noDifference = []string{"IpForwarding", "IpDefaultTTL", "TcpRtoAlgorithm", "TcpRtoMin", "TcpRtoMax", "TcpMaxConn",
	"TcpCurrEstab"}

// nstat are the absolute values that nstat shows, and those that it leaves out.
func nstat(t *testing.T) map[string]int {
	t.Helper()
	lab.Need(t, "nstat")
	command := exec.Command("nstat", "-asz", "--json")
	command.Env = append(os.Environ(), "NSTAT_HISTORY="+filepath.Join(t.TempDir(), "history"))
	out, err := command.Output()
	if err != nil {
		t.Fatalf("nstat: %v\n%s", err, out)
	}
	var answer struct{ Kernel map[string]int }
	if err := json.Unmarshal(out, &answer); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("/proc/net/snmp")
	if err != nil {
		t.Fatal(err)
	}
	list := strings.Split(string(text), "\n")
	for i := 0; i+1 < len(list); i += 2 {
		values := strings.Fields(list[i+1])
		for j, name := range strings.Fields(list[i])[1:] {
			if name = strings.TrimSuffix(values[0], ":") + name; slices.Contains(noDifference, name) {
				answer.Kernel[name] = parse(t, values[j+1], 10)
			}
		}
	}
	return answer.Kernel
}

// TestSameAsNstat: every counter of nstat is in the table, with its value, and there is no other of its protocols.
func TestSameAsNstat(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		traffic(t)
		before := nstat(t)
		rows := live(t, "proto_stats | select *")
		after := nstat(t)
		grown := 0
		for _, r := range rows {
			group, ok := nstatGroups[r["proto"].(string)]
			if !ok {
				continue
			}
			name := group + r["name"].(string)
			least, ok := before[name]
			most := after[name]
			delete(after, name)
			switch value, known := r["value"].(int); {
			case !ok:
				t.Errorf("%s: nstat does not have it", name)
			case !known && (least != -1 || name != "TcpMaxConn"):
				t.Errorf("%s: NULL, nstat shows %d", name, least)
			case known && (value < min(least, most) || value > max(least, most)):
				t.Errorf("%s: %d, nstat shows %d to %d", name, value, least, most)
			case value > 0:
				grown++
			}
		}
		for name := range after {
			if !strings.HasPrefix(name, "Icmp6InType") && !strings.HasPrefix(name, "Icmp6OutType") || before[name] > 0 {
				t.Errorf("%s: only nstat has it", name)
			}
		}
		if grown < 40 {
			t.Errorf("only %d counters are above 0", grown)
		}
	})
}

// otherStats are the files of counters that nstat does not read: how their lines tell names and values.
var otherStats = map[string]struct {
	path  string
	parse func(t *testing.T, lines []string) map[string]int
}{
	"xfrm": {"/proc/net/xfrm_stat", func(t *testing.T, lines []string) map[string]int {
		values := map[string]int{}
		for _, l := range lines {
			fields := strings.Fields(l)
			values[strings.TrimPrefix(fields[0], "Xfrm")] = parse(t, fields[1], 10)
		}
		return values
	}},
	"rt6_stats": {"/proc/net/rt6_stats", func(t *testing.T, lines []string) map[string]int {
		values := map[string]int{}
		for i, field := range strings.Fields(lines[0]) {
			values[[]string{"fib_nodes", "fib_route_nodes", "fib_rt_alloc", "fib_rt_entries", "fib_rt_cache",
				"dst_entries", "fib_discarded_routes"}[i]] = parse(t, field, 16)
		}
		return values
	}},
	"rt_cache": {"/proc/net/stat/rt_cache", perCPU}, "nf_conntrack": {"/proc/net/stat/nf_conntrack", perCPU},
	"arp_cache": {"/proc/net/stat/arp_cache", perCPU}, "ndisc_cache": {"/proc/net/stat/ndisc_cache", perCPU},
}

func perCPU(t *testing.T, lines []string) map[string]int {
	values := map[string]int{}
	for i, name := range strings.Fields(lines[0]) {
		for _, l := range lines[1:] {
			n := parse(t, strings.Fields(l)[i], 16)
			if name == "entries" {
				n -= values[name] // every CPU tells the whole
			}
			values[name] += n
		}
	}
	return values
}

func parse(t *testing.T, text string, base int) int {
	t.Helper()
	n, err := strconv.ParseInt(text, base, 64)
	if err != nil {
		t.Error(err)
	}
	return int(n)
}

// TestSameAsProc: the other counters are what /proc says, by an independent reading, here and in the first namespace.
func TestSameAsProc(t *testing.T) {
	check := func(t *testing.T) {
		for proto, file := range otherStats {
			read := func() map[string]int {
				text, err := os.ReadFile(file.path)
				if errors.Is(err, fs.ErrNotExist) {
					return nil
				}
				if err != nil {
					t.Fatal(err)
				}
				return file.parse(t, strings.Split(strings.TrimSpace(string(text)), "\n"))
			}
			before := read()
			a := ask(t, sources.Live(), "proto_stats proto == "+proto+" | select *")
			after := read()
			if len(a.rows) != len(before) ||
				(len(before) == 0) != (len(a.warnings) == 1) && proto != "arp_cache" && proto != "ndisc_cache" {
				t.Errorf("%s: %d rows and warnings %q, /proc has %d", proto, len(a.rows), a.warnings, len(before))
			}
			for _, r := range a.rows {
				name, value := r["name"].(string), r["value"].(int)
				if r["kind"] == "gauge" && strings.HasSuffix(proto, "_cache") {
					continue // the whole machine's, up and down
				}
				if least, most := before[name], after[name]; value < min(least, most) || value > max(least, most) {
					t.Errorf("%s %s: %d, /proc says %d to %d", proto, name, value, least, most)
				}
			}
		}
	}
	check(t)
	lab.Isolate(t, check)
}

// TestEveryCounterExplained: all counters of this kernel in the groups that are known have a meaning.
func TestEveryCounterExplained(t *testing.T) {
	known := ask(t, sources.Live(),
		`columns table == "proto_stats" and name == "proto" | select values`).rows[0]["values"].([]any)
	for _, r := range ask(t, sources.Live(), "proto_stats | select *").rows {
		if r["doc"] == nil && slices.Contains(known, r["proto"]) {
			t.Errorf("%s %s is not explained", r["proto"], r["name"])
		}
	}
}

// TestMeanings: what the table says about some counters that it knows, and about some that it does not.
func TestMeanings(t *testing.T) {
	files := vfstest.Files{
		"/proc/net/snmp": {
			Text: "Tcp: RtoMin MaxConn CurrEstab InSegs NewName\nTcp: 200 -1 3 18446744073709551615 4\nIcmpMsg: " +
				"InType3 OutType200\nIcmpMsg: 1 2\n"},
		"/proc/net/netstat": {
			Text: "TcpExt: ListenDrops\nTcpExt: 7\nNewExt: A\nNewExt: 1\nHTTPStats: A\nHTTPStats: 2\n"},
		"/proc/net/snmp6":           {Text: "Icmp6InType135 4\nIp6InReceives 5\nUdpLite6InErrors 6\n"},
		"/proc/net/stat/some_cache": {Text: "entries\n9\n9\n"},
	}
	a := ask(t, &sources.System{Files: files},
		"proto_stats | select proto, name, value, kind, topic, unit, trouble, mib")
	same(t, "rows", lines(a.rows), []string{
		"kind=setting mib=tcpRtoMin name=RtoMin proto=tcp topic=loss trouble=false unit=milliseconds value=200",
		"kind=setting mib=tcpMaxConn name=MaxConn proto=tcp topic=connections trouble=false unit=connections value=-",
		"kind=gauge mib=tcpCurrEstab name=CurrEstab proto=tcp topic=connections trouble=false unit=connections value=3",
		"kind=counter mib=tcpInSegs name=InSegs proto=tcp topic=traffic trouble=false unit=segments value=" +
			strconv.Itoa(math.MaxInt),
		"kind=- mib=- name=NewName proto=tcp topic=- trouble=- unit=- value=4",
		"kind=counter mib=icmpMsgStatsInPkts name=InType3 proto=icmpmsg topic=traffic trouble=false unit=messages " +
			"value=1",
		"kind=counter mib=icmpMsgStatsOutPkts name=OutType200 proto=icmpmsg topic=traffic trouble=false " +
			"unit=messages value=2",
		"kind=counter mib=- name=ListenDrops proto=tcp_ext topic=handshake trouble=true unit=connections value=7",
		"kind=- mib=- name=A proto=new_ext topic=- trouble=- unit=- value=1",
		"kind=- mib=- name=A proto=httpstats topic=- trouble=- unit=- value=2",
		"kind=counter mib=icmpMsgStatsInPkts name=InType135 proto=icmp6 topic=traffic trouble=false unit=messages " +
			"value=4",
		"kind=counter mib=ipSystemStatsInReceives name=InReceives proto=ip6 topic=traffic trouble=false unit=packets " +
			"value=5",
		"kind=counter mib=udpliteInErrors name=InErrors proto=udplite6 topic=errors trouble=true unit=datagrams " +
			"value=6",
		"kind=- mib=- name=entries proto=some_cache topic=- trouble=- unit=- value=9",
	})
	if len(a.warnings) > 0 {
		t.Errorf("warnings %q", a.warnings)
	}
	for text, want := range map[string]string{
		`name == "InType3"`:    "ICMP messages of type 3, destination unreachable, received.",
		`name == "OutType200"`: "ICMP messages of type 200, without a name, sent.",
		`name == "InType135"`:  "ICMP messages of type 135, neighbour solicitation, received.",
	} {
		if got := ask(t, &sources.System{Files: files}, "proto_stats "+text+" | select doc").rows; len(got) != 1 ||
			got[0]["doc"] != want {
			t.Errorf("%s: %v, want %s", text, got, want)
		}
	}
}

// opened are files that keep the names of those, and of the directories, that were opened.
type opened struct {
	vfs.Files
	mutex *sync.Mutex
	names map[string]bool
}

func (o opened) Open(name string) (io.ReadCloser, error) {
	o.note(name)
	return o.Files.Open(name)
}

func (o opened) ReadDir(name string) ([]vfs.Entry, error) {
	o.note(name)
	return o.Files.ReadDir(name)
}

func (o opened) note(name string) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	o.names[strings.TrimPrefix(name, "/proc/net/")] = true
}

// TestStatFiles: only files that can have what is asked for are read; unknown protocols are found wherever they are.
func TestStatFiles(t *testing.T) {
	files := vfstest.Files{
		"/proc/net/snmp":           {Text: "Tcp: InSegs\nTcp: 1\nUdp: InErrors\nUdp: 2\nNew: A\nNew: 9\n"},
		"/proc/net/netstat":        {Text: "TcpExt: TW\nTcpExt: 3\nNewExt: A\nNewExt: 4\n"},
		"/proc/net/snmp6":          {Text: "Ip6InReceives 5\n"},
		"/proc/net/sctp/snmp":      {Text: "SctpCurrEstab 5\n"},
		"/proc/net/xfrm_stat":      {Text: "XfrmInError 6\n"},
		"/proc/net/tls_stat":       {Text: "TlsTxSw 6\n"},
		"/proc/net/rt6_stats":      {Text: "1 2 3 4 5 6 7\n"},
		"/proc/net/stat/arp_cache": {Text: "entries\n7\n"},
		"/proc/net/stat/rt_cache":  {Text: "entries\n8\n"},
		"/proc/net/stat/new_cache": {Text: "entries\n8\n"},
	}
	const all = "netstat rt6_stats sctp/snmp snmp snmp6 stat stat/arp_cache stat/new_cache stat/rt_cache tls_stat " +
		"xfrm_stat"
	for condition, want := range map[string]string{
		"proto == tcp": "snmp", "proto == tcp and value > 0": "snmp", "proto in [tcp, tcp_ext]": "netstat snmp",
		"proto == TCP-EXT":  "netstat",
		"proto == rt_cache": "stat stat/rt_cache", "proto == tcp and proto == udp6": "", "proto == nil": "",
		"proto == tcp or value > 3": all, `name == "InSegs"`: all, "not (proto == tcp)": all, "proto != tcp": all,
		"true":               all,
		`proto == "new_ext"`: all, `proto in ["tcp", "new"]`: all, `proto startsWith "new"`: all,
		`proto endsWith "6"`: all, `lower(proto) == "tcp"`: all,
		`not (proto in [tcp, "new"])`: all, "proto == sctp or proto == tls": "sctp/snmp tls_stat",
	} {
		record := opened{files, &sync.Mutex{}, map[string]bool{}}
		text := "proto_stats " + condition
		a := ask(t, &sources.System{Files: record}, text)
		if got := strings.Join(slices.Sorted(maps.Keys(record.names)), " "); got != want {
			t.Errorf("%s reads %s, want %s", condition, got, want)
		}
		unhinted, err := run(t.Context(), &sources.System{Files: files}, query.CompileUnhinted, text)
		if err := errors.Join(err, unhinted.err); err != nil {
			t.Fatal(err)
		}
		same(t, text, lines(a.rows), lines(unhinted.rows))
	}
}

// TestStatsDegraded: what cannot be read costs a warning and no other counter. A part that not every kernel has is
// missed only by a query that names it.
func TestStatsDegraded(t *testing.T) {
	sound := vfstest.Files{"/proc/net/snmp": {Text: "Tcp: A\nTcp: 1\n"},
		"/proc/net/netstat": {Text: "TcpExt: A\nTcpExt: 2\n"}}
	torn := vfstest.Files{"/proc/net/snmp": {Text: "Ip: A B\nIp: 1\nTcp: A\nTcp: 1\nUdp: A"},
		"/proc/net/netstat": sound["/proc/net/netstat"]}
	cache := vfstest.Files{"/proc/net/stat/rt_cache": {Text: "entries hits\n1 2\n1"},
		"/proc/net/snmp": sound["/proc/net/snmp"], "/proc/net/netstat": sound["/proc/net/netstat"]}
	for name, test := range map[string]struct {
		files    vfs.Files
		query    string
		rows     int
		warnings []string
	}{
		"optional parts missing": {sound, "proto_stats", 2, nil},
		"sctp missing":           {sound, "proto_stats proto == sctp", 0, []string{"there is no /proc/net/sctp/snmp"}},
		"conntrack missing": {sound, "proto_stats proto in [tcp, nf_conntrack]", 1,
			[]string{"there is no /proc/net/stat"}},
		"no IPv6": {sound, "proto_stats proto == ip6", 0, []string{"there is no /proc/net/snmp6"}},
		"no counters": {vfstest.Files{"/proc/net": {Dir: true}}, "proto_stats", 0,
			[]string{"there is no /proc/net/snmp", "there is no /proc/net/netstat"}},
		"no /proc": {vfstest.Files{}, "proto_stats", 0, []string{"no counters could be read: /proc shows no process"}},
		"torn":     {torn, "proto_stats", 2, []string{"/proc/net/snmp: line 2: 1 values of 2 names"}},
		"torn cache": {cache, "proto_stats", 4,
			[]string{"/proc/net/stat/rt_cache: line 3: 1 values of 2 names"}},
		"torn cache not asked": {cache, "proto_stats proto == tcp", 1, nil},
		"forbidden": {forbidden{sound, "/proc/net/snmp"}, "proto_stats", 1,
			[]string{"open /proc/net/snmp: permission denied"}},
	} {
		a := ask(t, &sources.System{Files: test.files}, test.query)
		if len(a.rows) != test.rows {
			t.Errorf("%s: %d rows, want %d", name, len(a.rows), test.rows)
		}
		expectWarnings(t, name, a.warnings, test.warnings)
	}
}

// expectWarnings compares warnings with a part of each that is expected.
func expectWarnings(t *testing.T, what string, warnings, parts []string) {
	t.Helper()
	if len(warnings) != len(parts) {
		t.Errorf("%s: warnings %q, want %q", what, warnings, parts)
		return
	}
	for i, part := range parts {
		if !strings.Contains(warnings[i], part) {
			t.Errorf("%s: warning %q, want %q", what, warnings[i], part)
		}
	}
}

// TestStatChanges: the value of a counter grows, and that of a level may fall.
func TestStatChanges(t *testing.T) {
	plan, err := query.Compile("proto_stats proto == tcp | select name, kind, value", tables.Catalog(),
		tables.Ask(sources.Live()))
	if err != nil {
		t.Fatal(err)
	}
	name, _ := plan.Schema().Column("name")
	value, _ := plan.Schema().Column("value")
	got := map[any]string{}
	for r, err := range plan.Rows(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		got[name.Get(r)] = value.ChangeFor(r).String()
	}
	for name, want := range map[string]string{"CurrEstab": "gauge", "OutSegs": "counter", "RtoMin": "static"} {
		if got[name] != want {
			t.Errorf("%s is a %s, want %s", name, got[name], want)
		}
	}
}
