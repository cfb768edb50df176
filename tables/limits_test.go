package tables_test

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources/lab"
	"netql/sources/vfs/vfstest"
)

// setSysctl changes a setting of the test's network namespace.
func setSysctl(t testing.TB, name, value string) {
	t.Helper()
	must(t, os.WriteFile("/proc/sys/"+name, []byte(value), 0))
}

// TestLimitsPorts: of the ephemeral ports those that are reserved are left out, and connections count by what the
// 4-tuple has beside the local port, those in TIME_WAIT too.
func TestLimitsPorts(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		setSysctl(t, "net/ipv4/ip_local_port_range", "41000 41099")
		setSysctl(t, "net/ipv4/ip_local_reserved_ports", "41000-41008,41050,50000")
		lab.Listen(t, lab.TCP, "127.0.0.1:41010")
		server, other := lab.Listen(t, lab.TCP, "127.0.0.1:80", lab.Backlog(100)), lab.Listen(t, lab.TCP, "[::1]:80")
		for i := range 30 {
			client := lab.Dial(t, lab.TCP, server.Local)
			if i < 5 {
				accepted := server.Accept()
				client.Close()
				accepted.Close()
			}
		}
		lab.Dial(t, lab.TCP, other.Local)
		lab.Bound(t, lab.UDP, "127.0.0.1:41020")
		lab.Bound(t, lab.UDP, "[::1]:41020")
		lab.Bound(t, lab.UDP, "127.0.0.1:41050")
		rows := live(t, "limits name == ephemeral_ports | select subject, used, limit, share, setting | sort subject")
		setting := " setting=net.ipv4.ip_local_port_range"
		same(t, "ports", lines(rows), []string{
			"limit=90 setting=net.ipv4.ip_local_port_range share=0.3333333333333333 " +
				"subject=tcp 127.0.0.1 -> 127.0.0.1:80 used=30",
			fmt.Sprintf("limit=90%s share=%v subject=tcp ::1 -> [::1]:80 used=1", setting, 1./90),
			fmt.Sprintf("limit=90%s share=%v subject=udp used=1", setting, 1./90),
		})
		rows = live(t, "limits | where unit == 'ports' | select subject")
		same(t, "without a condition on them", lines(rows), []string{"subject=tcp 127.0.0.1 -> 127.0.0.1:80"})
	})
}

// TestLimitsAcceptQueues: a listener's queue is full with one more than the backlog; somaxconn is named where it has
// cut the backlog, and listeners of the same address are told apart.
func TestLimitsAcceptQueues(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		setSysctl(t, "net/core/somaxconn", "7")
		full, cut := lab.Listen(t, lab.TCP, "127.0.0.1:81", lab.Backlog(1)), lab.Listen(t, lab.TCP, "127.0.0.1:82",
			lab.Backlog(100))
		for range 2 {
			lab.Dial(t, lab.TCP, full.Local)
		}
		lab.Dial(t, lab.TCP, cut.Local)
		const text = "limits name == accept_queue | select subject, used, limit, share, setting | sort subject"
		same(t, "accept queues", lines(live(t, text)), []string{
			"limit=2 setting=listen(2) of the program share=1 subject=127.0.0.1:81 used=2",
			"limit=8 setting=net.core.somaxconn share=0.125 subject=127.0.0.1:82 used=1",
		})
		same(t, "full", lines(live(t, "limits share > 0.8 | select name, subject")),
			[]string{"name=accept_queue subject=127.0.0.1:81"})
	})
}

// TestLimitsNumbers: kinds with a number of the kernel's have the one in its files, in a reading of our own; a limit
// that the network namespace does not show is NULL.
func TestLimitsNumbers(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.AllStates(t)
		lab.Flows(t)
		stat := map[string]int{}
		for _, file := range []string{"sockstat", "sockstat6"} {
			for _, f := range fileWords("/proc/net/" + file) {
				for i := 1; i+1 < len(f); i += 2 {
					stat[f[0]+f[i]] = parse(t, f[i+1], 10)
				}
			}
		}
		page := os.Getpagesize()
		used := func(n int) string { return strconv.Itoa(n) }
		for name, want := range map[string][2]string{
			"time_wait":     {used(stat["TCP:tw"]), sysctlWord(t, "ipv4/tcp_max_tw_buckets", 0, 1)},
			"orphans":       {"", sysctlWord(t, "ipv4/tcp_max_orphans", 0, 1)},
			"tcp_mem":       {"", sysctlWord(t, "ipv4/tcp_mem", 2, page)},
			"udp_mem":       {"", sysctlWord(t, "ipv4/udp_mem", 2, page)},
			"ip_fragments":  {used(stat["FRAG:memory"]), sysctlWord(t, "ipv4/ipfrag_high_thresh", 0, 1)},
			"ip6_fragments": {used(stat["FRAG6:memory"]), sysctlWord(t, "ipv6/ip6frag_high_thresh", 0, 1)},
			"conntrack": {sysctlWord(t, "netfilter/nf_conntrack_count", 0, 1),
				sysctlWord(t, "netfilter/nf_conntrack_max", 0, 1)},
			"file_nr": {"", used(parse(t, fileWords("/proc/sys/fs/file-nr")[0][2], 10))},
		} {
			rows := live(t, "limits name == "+name+" | select used, limit, scope")
			if len(rows) != 1 {
				t.Errorf("%s: %v", name, rows)
				continue
			}
			limit := "-"
			if rows[0]["limit"] != nil {
				limit = fmt.Sprint(rows[0]["limit"])
			}
			if limit != want[1] || want[0] != "" && fmt.Sprint(rows[0]["used"]) != want[0] {
				t.Errorf("%s: %v, want %v", name, rows[0], want)
			}
		}
		got, want := steady(t, func() []row { // the kernel lets go of routes of sockets that are closed a moment later
			return []row{{"unit": "entries", "used": parse(t, fileWords("/proc/net/rt6_stats")[0][5], 16)}}
		}, func() []row { return live(t, "limits name == ipv6_dst | select used, unit") })
		same(t, "IPv6", lines(got), lines(want))
		same(t, "IGMP", lines(live(t, "limits name == igmp_memberships | select used, limit, share")), []string{
			"limit=" + sysctlWord(t, "ipv4/igmp_max_memberships", 0, 1) + " share=- used=-"})
		if stat["TCP:tw"] == 0 || sysctlWord(t, "netfilter/nf_conntrack_count", 0, 1) == "0" {
			t.Error("nothing is in TIME_WAIT, or no flow is tracked")
		}
	})
}

// TestLimitsOpenFiles: of a process with sockets all open files count; one without sockets has no row.
func TestLimitsOpenFiles(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		a, b := lab.Unix(t, unix.SOCK_DGRAM, ""), lab.Unix(t, unix.SOCK_DGRAM, "")
		with, without := lab.Start(t, lab.Helper{Comm: "with"}, a, b), lab.Start(t, lab.Helper{Comm: "without"})
		must(t, unix.Prlimit(with.Pid, unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: 20, Max: 30}, nil))
		entries, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", with.Pid))
		must(t, err)
		same(t, "open files", lines(live(t, fmt.Sprintf("limits name == open_files and subject in ['%d with', "+
			"'%d without'] | select subject, used, limit, scope", with.Pid, without.Pid))), []string{
			fmt.Sprintf("limit=20 scope=machine subject=%d with used=%d", with.Pid, len(entries))})
	})
}

// limitFiles are files that have a number of each kind that is one.
func limitFiles() vfstest.Files {
	return vfstest.Files{
		"/proc/net/sockstat": {Text: "sockets: used 9\nTCP: inuse 1 orphan 2 tw 3 alloc 4 mem 5\nUDP: inuse 1 mem 6\n" +
			"FRAG: inuse 1 memory 700\n"},
		"/proc/net/sockstat6":                        {Text: "FRAG6: inuse 1 memory 800\n"},
		"/proc/sys/net/ipv4/tcp_mem":                 {Text: "10\t20\t30\n"},
		"/proc/sys/net/ipv4/udp_mem":                 {Text: "10\t20\t3\n"},
		"/proc/sys/net/ipv4/tcp_max_orphans":         {Text: "4\n"},
		"/proc/sys/net/ipv4/tcp_max_tw_buckets":      {Text: "0\n"},
		"/proc/sys/net/ipv4/ipfrag_high_thresh":      {Text: "1000\n"},
		"/proc/sys/net/netfilter/nf_conntrack_count": {Text: "99\n"},
		"/proc/sys/net/netfilter/nf_conntrack_max":   {Text: "100\n"},
		"/proc/sys/fs/file-nr":                       {Text: "50\t0\t100\n"},
		"/proc/sys/net/core/netdev_max_backlog":      {Text: "1000\n"},
		"/proc/net/softnet_stat": {Text: softnetLine(0, 5) + softnetLine(1, 990) +
			softnetLine(2, 200)},
		"/proc/sys/net/ipv4/ip_local_port_range":      {Text: "1\t10\n"},
		"/proc/sys/net/ipv4/ip_local_reserved_ports":  {Text: "\n"},
		"/proc/net/stat/arp_cache":                    {Text: "entries allocs\n1f4 7\n1f4 8\n"},
		"/proc/net/stat/ndisc_cache":                  {Text: "entries allocs\n2 7\n"},
		"/proc/sys/net/ipv4/neigh/default/gc_thresh3": {Text: "1000\n"},
	}
}

// softnetLine is a line of softnet_stat of a CPU in whose queue packets wait.
func softnetLine(cpu, waiting int) string {
	return fmt.Sprintf("1 0 0 0 0 0 0 0 0 0 0 %x %x %x 0\n", waiting, cpu, waiting)
}

// TestLimitsMade: pages are bytes in the table, a limit of 0 has no share, of many CPUs those are told whose queue
// fills up, and what cannot be read costs its own row.
func TestLimitsMade(t *testing.T) {
	system := fakeKernel{}.system(limitFiles(), fakeFinder{})
	page := os.Getpagesize()
	const text = "limits name in [tcp_mem, udp_mem, orphans, time_wait, ip_fragments, ip6_fragments, conntrack, " +
		"file_nr] | select name, used, limit, share"
	same(t, "numbers", lines(ask(t, system, text).rows), []string{
		"limit=100 name=conntrack share=0.99 used=99",
		fmt.Sprintf("limit=%d name=tcp_mem share=0.16666666666666666 used=%d", 30*page, 5*page),
		fmt.Sprintf("limit=%d name=udp_mem share=2 used=%d", 3*page, 6*page),
		"limit=4 name=orphans share=0.5 used=2",
		"limit=0 name=time_wait share=- used=3",
		"limit=1000 name=ip_fragments share=0.7 used=700",
		"limit=- name=ip6_fragments share=- used=800",
		"limit=100 name=file_nr share=0.5 used=50",
	})
	same(t, "neighbours", lines(ask(t, system, "limits name == neighbors | select subject, share, setting").rows),
		[]string{
			"setting=net.ipv4.neigh.default.gc_thresh3 share=0.5 subject=inet",
			"setting=net.ipv6.neigh.default.gc_thresh3 share=- subject=inet6"})
	same(t, "many", lines(ask(t, system, "limits | where unit == 'packets' | select subject").rows),
		[]string{"subject=CPU 1", "subject=CPU 2"})
	same(t, "all", lines(ask(t, system, "limits name == netdev_backlog | select subject, share").rows),
		[]string{"share=0.005 subject=CPU 0", "share=0.99 subject=CPU 1", "share=0.2 subject=CPU 2"})
	files := limitFiles()
	files["/proc/sys/net/ipv4/tcp_mem"] = vfstest.File{Text: "1 x"}
	delete(files, "/proc/sys/net/netfilter/nf_conntrack_count")
	damaged := fakeKernel{}.system(files, fakeFinder{})
	for query, want := range map[string][]string{
		"limits name == tcp_mem":   {`"x"`},
		"limits name == conntrack": {"there is no /proc/sys/net/netfilter/nf_conntrack_count"},
		"limits unit == 'flows' and name != ephemeral_ports and name != accept_queue": {`"x"`},
		"limits name == time_wait": nil,
	} {
		expectWarnings(t, query, ask(t, damaged, query).warnings, want)
	}
}

// TestLimitsQueues: the limit of a queueing discipline is what tc was told, of every kind that the kernel has.
func TestLimitsQueues(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Need(t, "ip", "tc")
		ip(t, "link", "add", "qa", "type", "veth", "peer", "name", "qb")
		ip(t, "link", "set", "qa", "txqueuelen", "123", "up")
		found := 0
		for kind, test := range map[string]struct{ options, limit, unit string }{
			"pfifo": {"limit 9", "9", "packets"}, "bfifo": {"limit 999", "999", "bytes"},
			"netem": {"limit 55", "55", "packets"}, "sfq": {"limit 77", "77", "packets"},
			"tbf":      {"rate 1mbit burst 10k limit 5000", "5000", "bytes"},
			"red":      {"limit 400000 avpkt 1000", "400000", "bytes"},
			"fq":       {"limit 66", "66", "packets"},
			"fq_codel": {"limit 777", "777", "packets"}, "codel": {"limit 88", "88", "packets"},
			"pie": {"limit 44", "44", "packets"}, "fq_pie": {"limit 33", "33", "packets"},
			"pfifo_fast": {"", "123", "packets"},
		} {
			args := append([]string{"qdisc", "replace", "dev", "qa", "root", kind}, strings.Fields(test.options)...)
			if output, err := exec.Command("tc", args...).CombinedOutput(); err != nil {
				t.Logf("%s: %s", kind, output)
				continue
			}
			found++
			same(t, kind, lines(live(t, "limits name == qdisc_queue | select subject, used, limit, unit")), []string{
				"limit=" + test.limit + " subject=qa " + kind + " root unit=" + test.unit + " used=0"})
		}
		if found == 0 {
			t.Error("no kind is there")
		}
		lab.Tool(t, "", "tc", "qdisc", "replace", "dev", "qa", "root", "noqueue") // which has no limit
		same(t, "noqueue", lines(live(t, "limits name == qdisc_queue")), nil)
	})
}
