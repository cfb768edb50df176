package tables_test

import (
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources/inetdiag"
	"netql/sources/netlink"
	"netql/sources/owners"
	"netql/sources/vfs"
	"netql/sources/vfs/vfstest"
)

// The lines of these files are a kernel's own.
var procNetFiles = map[string]string{
	"raw": "  89: 0100007F:00FD 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 110 2 " +
		"0000000050bffaaf 3\n",
	"udp": " 5620: 0100007F:D436 0100007F:0035 01 00000000:00000010 00:00000000 00000000  1000        0 103 2 " +
		"00000000b4c4ac29 0\n",
	"icmp6": "   60: 00000000000000000000000001000000:4BBE 00000000000000000000000000000000:0000 07 " +
		"00000000:00000000 00:00000000 00000000     0        0 126 2 0000000044343618 0\n",
	"tcp": "   0: 00000000:0016 00000000:0000 0A 00000000:00000001 00:00000000 00000000     0        0 200 1 " +
		"0000000000000000 100 0 0 10 0\n" +
		"   1: 0100007F:0016 0200007F:9C40 01 00000007:00000005 01:0000001E 00000002     0        0 0 1 " +
		"0000000000000000 20 4 30 10 -1\n" +
		"   2: 0100007F:0017 0200007F:9C41 06 00000000:00000000 03:00001700 00000000     0        0 0 3 " +
		"0000000000000000\n",
}

// TestWithoutDiagnostics: where the kernel has none, /proc/net answers; what it does not tell is NULL with a warning.
func TestWithoutDiagnostics(t *testing.T) {
	finder := fakeFinder{held: []owners.SocketOwner{
		{Inode: 200, Owner: owners.Owner{PID: 1, Process: "sshd", FD: 3}},
		{Inode: 103, Owner: owners.Owner{PID: 2, Process: "dig", FD: 4}},
	}}
	system := fakeKernel{failures: absent}.system(files(procNetFiles), finder)
	system.Files.(vfstest.Files)["/etc/passwd"] = vfstest.File{Text: "root:x:0:0\nalice:x:1000:1000\n"}
	a := ask(t, system, "sockets | select proto, state, local, remote, user, inode, cookie, recv_queue, send_queue, "+
		"accept_queue, accept_backlog, "+
		"drops, rtt, rcvbuf, timer, timer_expires, retransmits, process, owner_status")
	same(t, "rows", lines(a.rows), []string{
		"accept_backlog=- accept_queue=1 cookie=- drops=- inode=200 local=0.0.0.0:22 owner_status=ok process=sshd " +
			"proto=tcp rcvbuf=- recv_queue=- remote=- retransmits=- rtt=- send_queue=- state=LISTEN timer=- " +
			"timer_expires=- user=root",
		"accept_backlog=- accept_queue=- cookie=- drops=- inode=- local=127.0.0.1:22 owner_status=unaccepted " +
			"process=sshd proto=tcp rcvbuf=- recv_queue=5 remote=127.0.0.2:40000 retransmits=2 rtt=- send_queue=7 " +
			"state=ESTABLISHED timer=retransmit timer_expires=0.3 user=-",
		"accept_backlog=- accept_queue=- cookie=- drops=- inode=- local=127.0.0.1:23 owner_status=time_wait " +
			"process=- proto=tcp rcvbuf=- recv_queue=0 remote=127.0.0.2:40001 retransmits=0 rtt=- send_queue=0 " +
			"state=TIME_WAIT timer=time_wait timer_expires=58.88 user=-",
		"accept_backlog=- accept_queue=- cookie=- drops=0 inode=103 local=127.0.0.1:54326 owner_status=ok " +
			"process=dig proto=udp rcvbuf=- recv_queue=16 remote=127.0.0.1:53 retransmits=- rtt=- send_queue=0 " +
			"state=ESTABLISHED timer=- timer_expires=- user=alice",
		"accept_backlog=- accept_queue=- cookie=- drops=3 inode=110 local=127.0.0.1:253 owner_status=kernel " +
			"process=- proto=raw rcvbuf=- recv_queue=0 remote=- retransmits=- rtt=- send_queue=0 state=UNCONN " +
			"timer=- timer_expires=- user=root",
		"accept_backlog=- accept_queue=- cookie=- drops=0 inode=126 local=[::1]:19390 owner_status=kernel process=- " +
			"proto=icmp rcvbuf=- recv_queue=0 remote=- retransmits=- rtt=- send_queue=0 state=UNCONN timer=- " +
			"timer_expires=- user=root",
	})
	same(t, "warnings", a.warnings, []string{
		"this kernel has no socket diagnostics for tcp, and /proc/net does not tell cookie, accept_backlog, rcvbuf, " +
			"rtt",
		"this kernel has no socket diagnostics for udp, and /proc/net does not tell cookie, rcvbuf",
	})
	for text, want := range map[string]int{
		"sockets state == LISTEN": 1, "sockets proto == icmp and family == inet6": 1, "sockets family == inet6": 1,
		"sockets proto == tcp and state != LISTEN": 2, "sockets proto == sctp": 0,
	} {
		if a := ask(t, system, text); len(a.rows) != want || len(a.warnings) > 0 {
			t.Errorf("%s: %d rows, want %d, warnings %q", text, len(a.rows), want, a.warnings)
		}
	}
	a = ask(t, system, "sockets accept_queue > 0.8 * accept_backlog")
	same(t, "a backlog", append(lines(a.rows), a.warnings...), []string{
		"this kernel has no socket diagnostics for tcp, and /proc/net does not tell accept_backlog"})
}

// TestOneModuleMissing: the others answer by socket diagnostics all the same.
func TestOneModuleMissing(t *testing.T) {
	kernel := fakeKernel{
		sockets: map[int][]fakeSocket{
			inetdiag.TCP: {{state: inetdiag.Listen, local: "[::1]:80", cookie: 5, inode: 7}}},
		failures: map[int]error{inetdiag.UDP: unix.ENOENT},
	}
	a := ask(t, kernel.system(files(map[string]string{"udp": procNetFiles["udp"]}), fakeFinder{}),
		"sockets | select proto, local, cookie")
	same(t, "rows", lines(a.rows),
		[]string{"cookie=5 local=[::1]:80 proto=tcp", "cookie=- local=127.0.0.1:54326 proto=udp"})
	same(t, "warnings", a.warnings, []string{
		"this kernel has no socket diagnostics for udp, and /proc/net does not tell cookie"})
}

// TestOneFamilyFails: each family has a list of its own, and one of diagnostics is not doubled by one of a file.
func TestOneFamilyFails(t *testing.T) {
	kernel := fakeKernel{
		sockets: map[int][]fakeSocket{inetdiag.UDP: {
			{state: inetdiag.Closed, local: "127.0.0.1:54326", cookie: 5, inode: 103},
			{state: inetdiag.Closed, local: "[::1]:54327", cookie: 6, inode: 104}}},
		failures: map[int]error{inetdiag.UDP: unix.ENOENT},
	}
	udp := map[string]string{"udp": procNetFiles["udp"], "udp6": procNetFiles["icmp6"]}
	query := "sockets proto == udp | select family, inode"
	for family, want := range map[int][]string{
		unix.AF_INET:  {"family=inet inode=103", "family=inet6 inode=104"},
		unix.AF_INET6: {"family=inet inode=103", "family=inet6 inode=126"},
	} {
		kernel.onlyIn = family
		a := ask(t, kernel.system(files(udp), fakeFinder{}), query)
		same(t, "without diagnostics of one", append(lines(a.rows), a.warnings...), want)
	}
	kernel.failures[inetdiag.UDP], kernel.onlyIn = &netlink.Error{Errno: unix.EPERM}, unix.AF_INET
	a := ask(t, kernel.system(files(udp), fakeFinder{}), query)
	same(t, "refused", lines(a.rows), []string{"family=inet6 inode=104"})
	if len(a.warnings) != 1 {
		t.Errorf("warnings %q", a.warnings)
	}
}

// TestCopiedCookies: MPTCP's connections have the cookie of their listener, and are listed all the same. Whatever else
// has the cookie of another socket is that socket, which has moved in the kernel's list.
func TestCopiedCookies(t *testing.T) {
	listener := fakeSocket{state: inetdiag.Listen, local: "[::]:80", cookie: 5, inode: 7}
	waiting := func(local, remote string) fakeSocket {
		return fakeSocket{state: inetdiag.Established, local: local, remote: remote, cookie: 5}
	}
	again := waiting("[::1]:80", "[::1]:4000")
	accepted := again
	accepted.inode = 8
	list := []fakeSocket{listener, again, accepted, waiting("[::1]:80", "[::1]:4001"),
		waiting("[::2]:80", "[::1]:4000"),
		again, listener}
	kernel := fakeKernel{sockets: map[int][]fakeSocket{inetdiag.MPTCP: list, inetdiag.TCP: list}}
	system := files(nil)
	system["/proc/sys/net/mptcp"] = vfstest.File{Dir: true}
	a := ask(t, kernel.system(system, fakeFinder{}), "sockets | count by proto")
	same(t, "rows", append(lines(a.rows), a.warnings...), []string{"count=5 proto=mptcp", "count=1 proto=tcp"})
}

// TestUnlisted: sockets that no list has are counted by /proc/net/protocols, and missed aloud.
func TestUnlisted(t *testing.T) {
	const header = "protocol  size sockets  memory press maxhdr  slab module     cl co di\n"
	kernel := fakeKernel{sockets: map[int][]fakeSocket{}, failures: absent}
	for counts, warned := range map[string]bool{
		"":     true,
		header: false,
		header + "MPTCP  1 0 -1 NI 0 no kernel y\nMPTCPv6  1 0 -1 NI 0 no kernel y\n": false,
		header + "MPTCP  1 0 -1 NI 0 no kernel y\nMPTCPv6  1 2 -1 NI 0 no kernel y\n": true,
	} {
		system := files(procNetFiles)
		system["/proc/sys/net/mptcp"] = vfstest.File{Dir: true}
		if counts != "" {
			system["/proc/net/protocols"] = vfstest.File{Text: strings.ReplaceAll(counts, " y\n", " y y y\n")}
		}
		a := ask(t, kernel.system(system, fakeFinder{}), "sockets proto in [mptcp, udp] | select proto")
		told := slices.ContainsFunc(a.warnings, func(w string) bool {
			return strings.Contains(w, "not all mptcp sockets could be read: ")
		})
		if len(a.rows) != 1 || told != warned || len(a.warnings) > 1 {
			t.Errorf("%q: %v, warnings %q", counts, a.rows, a.warnings)
		}
	}
}

// TestFailures: what one protocol refuses is warned about, once, and everything else is there.
func TestFailures(t *testing.T) {
	listener := fakeSocket{state: inetdiag.Listen, local: "[::1]:80", cookie: 5, inode: 7}
	udp := fakeSocket{state: inetdiag.Closed, local: "[::1]:53", cookie: 6, inode: 8}
	both := map[int][]fakeSocket{inetdiag.TCP: {listener, listener}, inetdiag.UDP: {udp}}
	broken := "   0: 0100007F:00FD nonsense\n" + procNetFiles["raw"]
	for name, test := range map[string]struct {
		failures map[int]error
		files    vfs.Files
		rows     string
		warnings []string // a part of each
	}{
		"nothing": {nil, files(nil), "tcp udp", nil},
		"refused": {map[int]error{inetdiag.UDP: &netlink.Error{Errno: unix.EPERM}}, files(nil), "tcp",
			[]string{"udp sockets could be read: "}},
		"breaks off": {map[int]error{inetdiag.TCP: unix.ENOBUFS}, files(nil), "tcp udp",
			[]string{"tcp sockets could be read: "}},
		"changed meanwhile": {map[int]error{inetdiag.TCP: netlink.ErrInterrupted}, files(nil), "tcp udp",
			[]string{"tcp sockets could be read: "}},
		"a line is damaged": {nil, files(map[string]string{"raw": broken}), "tcp udp raw",
			[]string{"/proc/net/raw: line 2"}},
		"a file may not be read": {nil,
			forbidden{files(map[string]string{"raw": procNetFiles["raw"]}), "/proc/net/raw"}, "tcp udp",
			[]string{"raw sockets could be read: open /proc/net/raw: permission denied"}},
		"no /proc": {nil, vfstest.Files{}, "tcp udp", []string{
			"open /proc/net/udplite:", "open /proc/net/udplite6:", "open /proc/net/raw:", "open /proc/net/raw6:",
			"open /proc/net/icmp:",
			"open /proc/net/icmp6:", "not all mptcp sockets could be read: ", "not all sctp sockets could be read: "}},
	} {
		kernel := fakeKernel{sockets: both, failures: test.failures}
		for _, absent := range []int{inetdiag.UDPLite, inetdiag.Raw, inetdiag.MPTCP, inetdiag.SCTP} {
			kernel.failures = with(kernel.failures, absent, unix.ENOENT)
		}
		system := kernel.system(nil, fakeFinder{})
		system.Files = test.files
		a := ask(t, system, "sockets | select proto")
		var protocols []string
		for _, r := range a.rows {
			protocols = append(protocols, r["proto"].(string))
		}
		if got := strings.Join(protocols, " "); got != test.rows {
			t.Errorf("%s: rows %s, want %s", name, got, test.rows)
		}
		if len(a.warnings) != len(test.warnings) {
			t.Errorf("%s: warnings %q, want %q", name, a.warnings, test.warnings)
			continue
		}
		for i, part := range test.warnings {
			if !strings.Contains(a.warnings[i], part) {
				t.Errorf("%s: warning %q, want %q", name, a.warnings[i], part)
			}
		}
	}
}

func with(failures map[int]error, protocol int, err error) map[int]error {
	more := map[int]error{protocol: err}
	for p, e := range failures {
		more[p] = e
	}
	return more
}

// forbidden are files of which one file may not be opened.
type forbidden struct {
	vfs.Files
	name string
}

func (f forbidden) Open(name string) (io.ReadCloser, error) {
	if name == f.name {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return f.Files.Open(name)
}

// TestOldTCPInfo: the fields that an old kernel's struct tcp_info does not have are NULL, and not 0; those that it has
// and that are 0 are 0.
func TestOldTCPInfo(t *testing.T) {
	info := make([]byte, 104)                      // Linux 3.0
	binary.NativeEndian.PutUint32(info[68:], 1500) // tcpi_rtt, in microseconds
	binary.NativeEndian.PutUint32(info[16:], 1448) // tcpi_snd_mss
	kernel := fakeKernel{sockets: map[int][]fakeSocket{inetdiag.TCP: {{
		state: inetdiag.Established, local: "192.0.2.1:80", remote: "192.0.2.2:4000", cookie: 9, inode: 7,
		attributes: map[inetdiag.Attribute][]byte{inetdiag.AttrInfo: info, inetdiag.AttrMemory: make([]byte, 32)},
	}}}}
	a := ask(t, kernel.system(files(nil), fakeFinder{}), "sockets proto == tcp | select *")
	if len(a.rows) != 1 {
		t.Fatalf("%d rows", len(a.rows))
	}
	for column, want := range map[string]string{
		"rtt": "0.0015", "mss": "1448", "lost": "0", "total_retrans": "0", "timestamps": "false", "rcvbuf": "0",
		"pacing_rate": "-", "max_pacing_rate": "-", "bytes_acked": "-", "bytes_sent": "-", "segs_out": "-",
		"min_rtt": "-", "notsent": "-",
		"delivered": "-", "busy_time": "-", "snd_wnd": "-", "total_rto": "-", "rehash": "-", "delivery_rate": "-",
		"drops": "-",
		"mark":  "-", "cgroup": "-", "v6only": "-", "congestion": "-", "ulp": "-", "tos": "-",
	} {
		if got := cell(a.rows[0][column]); got != want {
			t.Errorf("%s is %s, want %s", column, got, want)
		}
	}
	for query, want := range map[string]int{"bytes_sent == 0": 0, "bytes_sent != 0": 1, "bytes_sent == nil": 1,
		"bytes_sent < 5": 0, "lost == 0": 1} {
		if a := ask(t, kernel.system(files(nil), fakeFinder{}),
			"sockets proto == tcp and "+query); len(a.rows) != want {
			t.Errorf("%s: %d rows, want %d", query, len(a.rows), want)
		}
	}
}

// TestNames: users, interfaces and control groups that are not known have a number or NULL, and a warning only where a
// list could not be read at all.
func TestNames(t *testing.T) {
	kernel := fakeKernel{sockets: map[int][]fakeSocket{inetdiag.TCP: {
		{state: inetdiag.Listen, local: "[fe80::1]:80", index: 3, cookie: 9, inode: 7, uid: 1000,
			attributes: map[inetdiag.Attribute][]byte{inetdiag.AttrCgroupID: {0xaa, 0, 0, 0, 0, 0, 0, 0}}},
	}}}
	query := "sockets proto == tcp | select laddr, interface, user, cgroup"
	a := ask(t, kernel.system(files(nil), fakeFinder{}), query)
	same(t, "no names", lines(a.rows), []string{"cgroup=unreachable:aa interface=3 laddr=fe80::1%3 user=-"})
	if len(a.warnings) != 1 || !strings.Contains(a.warnings[0], "users") {
		t.Errorf("warnings %q, want one about the users", a.warnings)
	}
	groups := files(nil)
	groups["/etc/passwd"], groups["/sys/fs/cgroup/cgroup.controllers"] = vfstest.File{}, vfstest.File{}
	groups["/sys/fs/cgroup"], groups["/sys/fs/cgroup/z"] = vfstest.File{Dir: true, Inode: 1},
		vfstest.File{Dir: true, Inode: 0xaa}
	groups["/sys/fs/cgroup/A\x80B"] = vfstest.File{Dir: true, Inode: 2}
	a = ask(t, kernel.system(groups, fakeFinder{}), "sockets proto == tcp | select cgroup")
	same(t, "a name of bytes beside", append(lines(a.rows), a.warnings...), []string{"cgroup=/z"})
	groups["/sys/fs/cgroup/b"] = vfstest.File{Err: unix.ENAMETOOLONG, Dir: true}
	a = ask(t, kernel.system(groups, fakeFinder{}), "sockets proto == tcp | select cgroup")
	same(t, "one cannot be read", append(lines(a.rows), a.warnings...), []string{"cgroup=/z",
		"the names of some control groups are unknown: stat /sys/fs/cgroup/b: file name too long"})
	system := kernel.system(files(nil), fakeFinder{})
	system.Netlink = failing{system.Netlink, errors.New("no rtnetlink")}
	if a = ask(t, system, "sockets proto == tcp | select interface"); len(a.warnings) != 1 ||
		a.rows[0]["interface"] != "3" {
		t.Errorf("%v, %q", a.rows, a.warnings)
	}
}
