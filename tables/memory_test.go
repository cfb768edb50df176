package tables_test

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"netql/sources"
	"netql/sources/lab"
	"netql/sources/vfs"
	"netql/sources/vfs/vfstest"
)

// words are the fields of each line of a file; a file that may not be read, or is not there, has none.
func fileWords(path string) (lines [][]string) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	for l := range strings.Lines(string(text)) {
		lines = append(lines, strings.Fields(l))
	}
	return lines
}

// sysctlWord is one number of a setting; "-" where the kernel does not show it.
func sysctlWord(t *testing.T, name string, i, unit int) string {
	t.Helper()
	lines := fileWords("/proc/sys/net/" + name)
	if len(lines) == 0 {
		return "-"
	}
	return strconv.Itoa(parse(t, lines[0][i], 10) * unit)
}

// TestMemoryProtocols: the protocols are those of /proc/net/protocols, field by field.
func TestMemoryProtocols(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.AllStates(t)
		var want []string
		for _, f := range fileWords("/proc/net/protocols")[1:] {
			pressed := map[string]string{"yes": "true", "no": "false", "NI": "-"}[f[4]]
			module := f[7]
			if module == "kernel" {
				module = "-"
			}
			want = append(want, fmt.Sprintf(
				"max_header=%s module=%s name=%s object_size=%s own_slab=%t sockets=%s under_pressure=%s", f[5],
				module, f[0], f[1], f[6] == "yes", f[2], pressed))
		}
		rows := live(t, "memory kind == protocol | select name, sockets, object_size, max_header, own_slab, module, "+
			"under_pressure")
		same(t, "protocols", lines(rows), want)
		if len(want) < 10 {
			t.Errorf("only %d protocols", len(want))
		}
		sockets := map[any]int{}
		for _, r := range live(t, "sockets proto == tcp and inode != nil | select family") {
			sockets[r["family"]]++
		}
		for _, r := range rows {
			family := map[string]string{"TCP": "inet", "TCPv6": "inet6"}[r["name"].(string)]
			if n := sockets[family]; n > r["sockets"].(int) {
				t.Errorf("%s has %v sockets, and at least %d are there", r["name"], r["sockets"], n)
			}
		}
	})
}

// TestMemoryTransports: the pools of TCP and UDP are what sockstat and the settings say, here and in the first
// namespace.
func TestMemoryTransports(t *testing.T) {
	check := func(t *testing.T) {
		stat := map[string]string{}
		for _, f := range slices.Concat(fileWords("/proc/net/sockstat"), fileWords("/proc/net/sockstat6")) {
			for i := 1; i+1 < len(f); i += 2 {
				stat[f[0]+f[i]] = f[i+1]
			}
		}
		page := os.Getpagesize()
		want := []string{
			fmt.Sprintf("low=%s limit=%s name=tcp orphan_limit=%s pressure=%s receive_buffer=%s "+
				"receive_buffer_max=%s send_buffer=%s send_buffer_max=%s time_wait_limit=%s",
				sysctlWord(t, "ipv4/tcp_mem", 0, page), sysctlWord(t, "ipv4/tcp_mem", 2, page),
				sysctlWord(t, "ipv4/tcp_max_orphans", 0, 1), sysctlWord(t, "ipv4/tcp_mem", 1, page),
				sysctlWord(t, "ipv4/tcp_rmem", 1, 1), sysctlWord(t, "ipv4/tcp_rmem", 2, 1),
				sysctlWord(t, "ipv4/tcp_wmem", 1, 1), sysctlWord(t, "ipv4/tcp_wmem", 2, 1),
				sysctlWord(t, "ipv4/tcp_max_tw_buckets", 0, 1)),
			fmt.Sprintf("low=%s limit=%s name=udp orphan_limit=- pressure=%s receive_buffer=%s receive_buffer_max=%s "+
				"send_buffer=%s send_buffer_max=%s time_wait_limit=-",
				sysctlWord(t, "ipv4/udp_mem", 0, page), sysctlWord(t, "ipv4/udp_mem", 2, page),
				sysctlWord(t, "ipv4/udp_mem", 1, page),
				sysctlWord(t, "core/rmem_default", 0, 1), sysctlWord(t, "core/rmem_max", 0, 1),
				sysctlWord(t, "core/wmem_default", 0, 1), sysctlWord(t, "core/wmem_max", 0, 1)),
		}
		for i, l := range want { // lines() has its columns in alphabetical order
			want[i] = sortWords(l)
		}
		same(t, "transports", lines(live(t,
			`memory kind == transport and name != "sctp" | `+
				"select name, low, pressure, limit, orphan_limit, time_wait_limit, "+
				"receive_buffer, receive_buffer_max, send_buffer, send_buffer_max")), want)
		rows := live(t, "memory kind in [all, fragments] | select name, sockets, datagrams, memory, low, limit")
		var fragments []string
		for name, group := range map[string]string{"ip": "FRAG:", "ip6": "FRAG6:"} {
			setting := map[string]string{"ip": "ipv4/ipfrag_", "ip6": "ipv6/ip6frag_"}[name]
			fragments = append(fragments, fmt.Sprintf("datagrams=%s limit=%s low=%s memory=%s name=%s sockets=-",
				stat[group+"inuse"],
				sysctlWord(t, setting+"high_thresh", 0, 1), sysctlWord(t, setting+"low_thresh", 0, 1),
				stat[group+"memory"], name))
		}
		same(t, "fragments", lines(rows[1:]), fragments)
		if _, ok := rows[0]["sockets"].(int); !ok || rows[0]["name"] != "sockets" {
			t.Errorf("all: %v", rows[0])
		}
	}
	check(t)
	lab.Isolate(t, func(t *testing.T) {
		lab.AllStates(t)
		check(t)
		stat := fileWords("/proc/net/sockstat") // nothing changes here, whatever the machine does
		got := live(t, `memory kind == all or name == "tcp" | select name, sockets, time_wait`)
		if got[0]["sockets"] != parse(t, stat[0][2], 10) || got[1]["time_wait"] != parse(t, stat[1][6], 10) ||
			got[1]["time_wait"] == 0 {
			t.Errorf("%v, /proc/net/sockstat says %v", got, stat)
		}
	})
}

// sortWords sorts the words of a line.
func sortWords(line string) string {
	words := strings.Fields(line)
	slices.Sort(words)
	return strings.Join(words, " ")
}

// TestMemorySlabs: the caches are those of /proc/slabinfo that belong to the network. Who may not read it is told.
func TestMemorySlabs(t *testing.T) {
	a := ask(t, sources.Live(), "memory kind == slab | select name, object_size, memory, objects, active_objects")
	if _, err := os.ReadFile("/proc/slabinfo"); err != nil {
		expectWarnings(t, "slabs", a.warnings, []string{"slabinfo"})
		return
	}
	sizes := map[any]string{}
	for _, f := range fileWords("/proc/slabinfo")[2:] {
		sizes[f[0]] = f[3]
	}
	for _, r := range a.rows {
		if cell(r["object_size"]) != sizes[r["name"]] || r["active_objects"].(int) > r["objects"].(int) ||
			r["memory"].(int) < r["objects"].(int)*r["object_size"].(int) {
			t.Errorf("%v, size in /proc/slabinfo %s", r, sizes[r["name"]])
		}
	}
	for _, name := range []string{"TCP", "UDP", "sock_inode_cache"} {
		if _, there := sizes[name]; there &&
			!slices.ContainsFunc(a.rows, func(r row) bool { return r["name"] == name }) {
			t.Errorf("%s is missing", name)
		}
	}
}

// TestMemoryDegraded: what cannot be read costs a warning and no other pool.
func TestMemoryDegraded(t *testing.T) {
	page := os.Getpagesize()
	const header = "protocol size sockets memory press maxhdr slab module cl\n"
	sockstat := vfstest.File{Text: "sockets: used 9\nTCP: inuse 3 orphan 1 tw 4 alloc 5 mem 6 later 7\nUDP: inuse 2 " +
		"mem 1\nFRAG: inuse 1 memory 768\n"}
	sockstat6 := vfstest.File{Text: "TCP6: inuse 2\nUDP6: inuse 1\nFRAG6: inuse 0 memory 0\n"}
	protocols := vfstest.File{Text: header +
		"TCP 2304 3 6 yes 192 yes kernel y\nTCPv6 2432 2 6 yes 192 yes ipv6 y\nUDP 1344 2 1 NI 0 yes kernel y\n" +
		"NEWACC 99 1 2 no 8 no new y\nTCP 1 1 1 no 1 no kernel y\n"}
	slabinfo := vfstest.File{Text: "slabinfo - version: 2.1\n" +
		"# name <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab> : slabdata <num_slabs>\n" +
		"NEWACC 3 4 100 4 2 : slabdata 5\ndentry 1 2 3 4 5 : slabdata 6\n" +
		"skbuff_head_cache 1 2 256 16 1 : slabdata 1\ntcp_bind"}
	memory := vfstest.File{Text: "1 2 3\n"}
	whole := vfstest.Files{"/proc/net/sockstat": sockstat, "/proc/net/sockstat6": sockstat6,
		"/proc/net/protocols": protocols, "/proc/slabinfo": slabinfo, "/proc/sys/net/ipv4/tcp_mem": memory,
		"/proc/sys/net/ipv4/udp_mem":            {Text: "1 x\n"},
		"/proc/sys/net/ipv4/ipfrag_high_thresh": {Text: "9223372036854775807\n"}}
	const torn = `proc/slabinfo: line 6: there is no <active_objs>: "tcp_bind"`
	const bad = "/proc/sys/net/ipv4/udp_mem: strconv.Atoi"
	select_ := " | select kind, name, account, sockets, memory, limit, under_pressure, objects, module"
	tcp := fmt.Sprintf("account=- kind=transport limit=%d memory=%d module=- name=tcp objects=- sockets=5 "+
		"under_pressure=true", 3*page, 6*page)
	udp := fmt.Sprintf("account=- kind=transport limit=- memory=%d module=- name=udp objects=- sockets=2 "+
		"under_pressure=-", page)
	for name, test := range map[string]struct {
		files    vfs.Files
		query    string
		rows     []string
		warnings []string
	}{
		"transports": {whole, "memory kind == transport" + select_, []string{tcp, udp}, []string{bad}},
		"no protocols": {withoutFile(whole, "/proc/net/protocols"), "memory kind == transport" + select_, []string{
			strings.Replace(tcp, "under_pressure=true", "under_pressure=-", 1),
			strings.Replace(udp, "sockets=2", "sockets=3", 1),
		}, []string{"there is no /proc/net/protocols", bad}},
		"no sockstat": {withoutFile(whole, "/proc/net/sockstat"), "memory kind == transport" + select_,
			[]string{tcp, udp}, []string{"there is no /proc/net/sockstat", bad}},
		"protocols": {whole, "memory kind == protocol" + select_, []string{
			"account=tcp kind=protocol limit=- memory=- module=- name=TCP objects=- sockets=3 under_pressure=true",
			"account=tcp kind=protocol limit=- memory=- module=ipv6 name=TCPv6 objects=- sockets=2 under_pressure=true",
			"account=udp kind=protocol limit=- memory=- module=- name=UDP objects=- sockets=2 under_pressure=-",
			fmt.Sprintf("account=- kind=protocol limit=- memory=%d module=new name=NEWACC objects=- sockets=1 "+
				"under_pressure=false", 2*page),
		}, nil},
		"fragments": {whole, "memory kind == fragments" + select_, []string{
			"account=- kind=fragments limit=9223372036854775807 memory=768 module=- name=ip objects=- sockets=- " +
				"under_pressure=-",
			"account=- kind=fragments limit=- memory=0 module=- name=ip6 objects=- sockets=- under_pressure=-",
		}, nil},
		"slabs": {whole, "memory kind == slab" + select_, []string{
			fmt.Sprintf("account=- kind=slab limit=- memory=%d module=- name=NEWACC objects=4 sockets=- "+
				"under_pressure=-", 10*page),
			fmt.Sprintf("account=- kind=slab limit=- memory=%d module=- name=skbuff_head_cache objects=2 sockets=- "+
				"under_pressure=-", page),
		}, []string{torn}},
		"slabs, not root": {forbidden{whole, "/proc/slabinfo"}, "memory kind in [slab, all]" + select_, []string{
			"account=- kind=all limit=- memory=- module=- name=sockets objects=- sockets=9 under_pressure=-",
		}, []string{"not all pools could be read: only root may read /proc/slabinfo"}},
		"slabs, not root, not asked": {forbidden{whole, "/proc/slabinfo"}, "memory kind == all | select sockets",
			[]string{"sockets=9"}, nil},
		"nothing": {vfstest.Files{"/proc/net": {Dir: true}}, "memory", nil,
			[]string{"/proc/net/sockstat", "/proc/net/protocols", "/proc/slabinfo"}},
		"no /proc":   {vfstest.Files{}, "memory", nil, []string{"no pools could be read: /proc shows no process"}},
		"impossible": {vfstest.Files{}, "memory kind == all and kind == slab", nil, nil},
	} {
		a := ask(t, &sources.System{Files: test.files}, test.query)
		same(t, name, lines(a.rows), test.rows)
		expectWarnings(t, name, a.warnings, test.warnings)
	}
}

// withoutFile is the files but one.
func withoutFile(files vfstest.Files, name string) vfstest.Files {
	rest := vfstest.Files{}
	for path, file := range files {
		if path != name {
			rest[path] = file
		}
	}
	return rest
}
