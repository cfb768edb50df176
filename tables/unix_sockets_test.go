package tables_test

import (
	"context"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources"
	"netql/sources/lab"
	"netql/sources/netlink"
)

// unixWorld is unix sockets of every kind, by what they are.
type unixWorld map[string]*lab.Socket

// hostilePath is a file name that breaks parsers and terminals.
const hostilePath = "a b\n\x1b[31m\r\xff: x"

func makeUnixWorld(t testing.TB) unixWorld {
	t.Helper()
	dir := t.TempDir()
	w := unixWorld{}
	server := filepath.Join(dir, "server")
	w["listener"] = lab.UnixListen(t, unix.SOCK_STREAM, server, 3)
	w["client"] = lab.UnixDial(t, unix.SOCK_STREAM, server)
	w["server"] = lab.UnixAccept(w["listener"])
	w["waiting"] = lab.UnixDial(t, unix.SOCK_STREAM, server)
	w["abstract"] = lab.UnixListen(t, unix.SOCK_SEQPACKET, "@net\x00ql", 7)
	w["datagrams"] = lab.Unix(t, unix.SOCK_DGRAM, filepath.Join(dir, hostilePath))
	w["sender"] = lab.Unix(t, unix.SOCK_DGRAM, "")
	must(t, unix.Connect(w["sender"].FD(), &unix.SockaddrUnix{Name: filepath.Join(dir, hostilePath)}))
	w["sender"].Write(3)
	w["sender"].Write(5)
	w["idle"] = lab.Unix(t, unix.SOCK_DGRAM, "")
	w["here"], w["there"] = lab.UnixPair(t, unix.SOCK_SEQPACKET)
	w["here"].Write(10)
	w["there"].Shutdown()
	lab.Start(t, lab.Helper{Comm: "far end"}, w["there"])
	w["there"].Close()
	lab.Start(t, lab.Helper{Comm: "daemon"}, w["listener"])
	w["listener"].Close()
	return w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// of finds the row of a socket.
func (r rowList) of(t testing.TB, s *lab.Socket) row {
	t.Helper()
	for _, one := range r {
		if one["inode"] == int(s.Inode) {
			return one
		}
	}
	t.Errorf("there is no %s socket %d", s.Protocol, s.Inode)
	return row{}
}

type rowList []row

// expect compares some columns of a row.
func expect(t testing.TB, what string, got row, want row) {
	t.Helper()
	for column, value := range want {
		if cell(got[column]) != cell(value) {
			t.Errorf("%s: %s is %s, want %s", what, column, cell(got[column]), cell(value))
		}
	}
}

// TestUnixSockets: every socket is what it was made to be.
func TestUnixSockets(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		w := makeUnixWorld(t)
		rows := rowList(live(t, "unix_sockets | select *"))
		if len(rows) != len(w) {
			t.Errorf("%d rows, want %d", len(rows), len(w))
		}
		path := func(s *lab.Socket) any { return rows.of(t, s)["path"] }
		own := os.Getpid()
		for name, want := range map[string]row{
			"listener": {"type": "stream", "state": "LISTEN", "accept_queue": 1, "accept_backlog": 3,
				"recv_queue": nil, "send_queue": nil, "abstract": false, "process": "daemon", "owner_status": held(t),
				"peer": nil, "peer_path": nil, "shutdown": nil, "uid": 0, "user": "root"},
			"client": {"type": "stream", "state": "ESTABLISHED", "peer": int(w["server"].Inode), "peer_pid": own,
				"path": nil, "abstract": nil, "peer_path": path(w["listener"]), "accept_queue": nil, "recv_queue": 0,
				"send_queue": 0},
			"server": {"state": "ESTABLISHED", "path": path(w["listener"]), "peer": int(w["client"].Inode),
				"peer_path": nil},
			"waiting": {"state": "ESTABLISHED", "peer": nil, "peer_path": path(w["listener"]),
				"peer_process": "daemon"},
			"abstract": {"type": "seqpacket", "state": "LISTEN", "path": "@net@ql", "abstract": true,
				"vfs_inode": nil, "vfs_device": nil, "accept_backlog": 7},
			"datagrams": {"type": "dgram", "recv_queue": 3, "peer": nil, "abstract": false},
			"sender": {"type": "dgram", "state": "ESTABLISHED", "peer": int(w["datagrams"].Inode),
				"peer_path": path(w["datagrams"]), "path": nil},
			"idle": {"type": "dgram", "state": "UNCONN", "peer_pid": nil, "pid": own, "fd": w["idle"].FD()},
			"here": {"type": "seqpacket", "peer": int(w["there"].Inode), "peer_process": "far end", "recv_queue": 0,
				"shutdown": []string{"receive"}},
			"there": {"process": "far end", "recv_queue": 10, "peer_pid": own, "shutdown": []string{"send"}},
		} {
			expect(t, name, rows.of(t, w[name]), want)
		}
		if n := rows.of(t, w["sender"])["send_queue"].(int); n < 8 {
			t.Errorf("8 bytes that nobody has read take %d", n)
		}
		if got := path(w["datagrams"]).(string); filepath.Base(got) != hostilePath {
			t.Errorf("path %q", got)
		}
		checkFile(t, rows.of(t, w["listener"]))
	})
}

// TestForgedReferences: a name that looks like a line of /proc/net/unix says nothing of the socket that it names.
func TestForgedReferences(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		victim := lab.Unix(t, unix.SOCK_DGRAM, "")
		query := fmt.Sprintf("unix_sockets inode == %d | select refs", victim.Inode)
		want := lines(live(t, query))
		line := fmt.Sprintf("\n0000000000000000: 00000063 00000000 00000000 0002 01 %d", victim.Inode)
		lab.Unix(t, unix.SOCK_DGRAM, "@a"+line)
		lab.Unix(t, unix.SOCK_DGRAM, "/run/b"+line) // short, whatever the directory for temporary files is called
		same(t, "references", lines(live(t, query)), want)
		_, captured := recorded(t)
		same(t, "captured", lines(complete(t, captured, query)), want)
	})
}

// checkFile compares the file of a socket with stat(2).
func checkFile(t *testing.T, r row) {
	t.Helper()
	info, err := os.Lstat(r["path"].(string))
	if err != nil {
		t.Fatal(err)
	}
	stat := info.Sys().(*syscall.Stat_t)
	expect(t, "file", r, row{"vfs_inode": int(stat.Ino),
		"vfs_device": fmt.Sprintf("%d:%d", unix.Major(uint64(stat.Dev)), unix.Minor(uint64(stat.Dev)))})
}

// ssUnix is a line of ss, whose names may hold line ends: u_str ESTAB 0 0 NAME INODE PEERNAME PEER.
var ssUnix = regexp.MustCompile(`(?ms)^u_(str|dgr|seq) +(\S+) +(\d+) +(\d+) +(.+?) (\d+) +(.+?) (\d+) *$`)

// TestUnixSocketsSameAsSS: row by row.
func TestUnixSocketsSameAsSS(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		makeUnixWorld(t)
		out := lab.Tool(t, "", "ss", "--unix", "--all", "--numeric", "--no-header")
		types := map[string]string{"stream": "str", "dgram": "dgr", "seqpacket": "seq"}
		states := map[string]string{"LISTEN": "LISTEN", "ESTABLISHED": "ESTAB", "UNCONN": "UNCONN"}
		var want, got []string
		for _, f := range ssUnix.FindAllStringSubmatch(out, -1) {
			want = append(want, strings.Join(append(f[1:7:7], f[8]), " "))
		}
		for _, r := range live(t, "unix_sockets | select *") {
			recv, send, path, peer := r["recv_queue"], r["send_queue"], r["path"], r["peer"]
			if r["state"] == "LISTEN" {
				recv, send = r["accept_queue"], r["accept_backlog"]
			}
			if path == nil {
				path = "*"
			}
			if peer == nil {
				peer = 0
			}
			got = append(got, fmt.Sprint(types[r["type"].(string)], " ", states[r["state"].(string)], " ", recv, " ",
				send, " ", path, " ", r["inode"], " ", peer))
		}
		if len(want) < 10 {
			t.Errorf("ss lists %d", len(want))
		}
		same(t, "ss", got, want)
	})
}

// without is a kernel without the socket diagnostics of some families.
type without struct {
	netlink.Transport
	families []byte
	err      error
}

func (w without) Dump(ctx context.Context, r netlink.Request) iter.Seq2[netlink.Message, error] {
	if r.Protocol == unix.NETLINK_SOCK_DIAG && strings.Contains(string(w.families), string(r.Payload[:1])) {
		return func(yield func(netlink.Message, error) bool) { yield(netlink.Message{}, w.err) }
	}
	return w.Transport.Dump(ctx, r)
}

// otherFamilies is the running kernel, whose diagnostics of unix, packet and netlink sockets end in an error.
func otherFamilies(err error) *sources.System {
	system := sources.Live()
	system.Netlink = without{system.Netlink, []byte{unix.AF_UNIX, unix.AF_PACKET, unix.AF_NETLINK}, err}
	return system
}

// TestOtherFamiliesWithoutDiagnostics: /proc/net has the same rows, without a warning.
func TestOtherFamiliesWithoutDiagnostics(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		makeUnixWorld(t)
		makePacketWorld(t)
		makeNetlinkWorld(t)
		for _, text := range []string{
			"unix_sockets | select type, state, path, abstract, inode, pid, process, fd, owner_status",
			"unix_sockets state == LISTEN | select type, inode",
			"unix_sockets state != LISTEN | select inode",
			"packet_sockets | select type, protocol, ethertype, interface, inode, uid, user, running, rmem, pid, " +
				"process, owner_status",
			"netlink_sockets port_id == 0 or groups != nil | select protocol, port_id, groups, inode, drops, pid, " +
				"process, owner_status",
		} {
			a := ask(t, otherFamilies(unix.ENOENT), text)
			same(t, text, lines(a.rows), lines(live(t, text)))
			if len(a.rows) == 0 || len(a.warnings) > 0 {
				t.Errorf("%s: %d rows, warnings %q", text, len(a.rows), a.warnings)
			}
		}
		for _, table := range []string{"unix_sockets", "packet_sockets", "netlink_sockets"} {
			if a := ask(t, otherFamilies(unix.EPERM), table); len(a.rows) > 0 || len(a.warnings) != 1 ||
				!strings.Contains(a.warnings[0], "operation not permitted") {
				t.Errorf("%s: %d rows, warnings %q", table, len(a.rows), a.warnings)
			}
			system := otherFamilies(unix.ENOENT)
			system.Files = files(nil)
			if a := ask(t, system, table); len(a.rows) > 0 || len(a.warnings) != 1 ||
				!strings.Contains(a.warnings[0], "open /proc/net/") {
				t.Errorf("%s: %d rows, warnings %q", table, len(a.rows), a.warnings)
			}
		}
	})
}

// TestBeyondFiles: what a file of /proc/net does not tell is NULL with a warning, and nothing else is warned about.
func TestBeyondFiles(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		makeUnixWorld(t)
		makePacketWorld(t)
		makeNetlinkWorld(t)
		lab.AllStates(t)
		for table, system := range map[string]*sources.System{
			"unix_sockets": otherFamilies(unix.ENOENT), "packet_sockets": otherFamilies(unix.ENOENT),
			"netlink_sockets": otherFamilies(unix.ENOENT), "sockets proto in [tcp, udp]": withoutInet(unix.ENOENT),
		} {
			all := ask(t, sources.Live(), table+" | select *")
			for _, c := range all.columns {
				a := ask(t, system, table+" | select "+c.Name)
				if c.Name == "dumping" {
					continue // it is netql's own socket that is, while it lists them
				}
				has := func(r row) bool { return r[c.Name] != nil && r[c.Name] != false }
				lost := len(matches(all.rows, has)) > 0 && len(matches(a.rows, has)) == 0
				told := len(a.warnings) > 0 && strings.HasSuffix(a.warnings[0], "/proc/net does not tell "+c.Name)
				if lost && !told || told && len(matches(a.rows, has)) > 0 || !told && len(a.warnings) > 0 {
					t.Errorf("%s.%s: lost %v, warnings %q", table, c.Name, lost, a.warnings)
				}
			}
		}
	})
}

// withoutInet is the running kernel without socket diagnostics of IP sockets.
func withoutInet(err error) *sources.System {
	system := sources.Live()
	system.Netlink = without{system.Netlink, []byte{unix.AF_UNSPEC, unix.AF_INET, unix.AF_INET6}, err}
	return system
}

// TestOtherFamiliesOrdinaryUser: who has no privilege sees every row, and is told once that owners are missing.
func TestOtherFamiliesOrdinaryUser(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		makeUnixWorld(t)
		makePacketWorld(t)
		mine := lab.Unix(t, unix.SOCK_DGRAM, "")
		lab.Start(t, lab.Helper{Comm: "mine", Unprivileged: true}, mine)
		mine.Close()
		for _, text := range []string{
			"unix_sockets | select type, state, path, inode, cookie, uid, peer, peer_path, recv_queue, shutdown",
			"packet_sockets | select type, protocol, interface, inode, cookie, running, memberships, fanout_id, " +
				"rx_ring",
		} {
			rows, warnings := unprivileged(t, text)
			same(t, text, rows, lines(live(t, text)))
			if len(warnings) > 0 {
				t.Errorf("%s: warnings %q", text, warnings)
			}
		}
		status := countOf(t, "unix_sockets | select process, owner_status")
		if status["owner_status=partial process=mine"] != 1 || status["owner_status=no_permission process=-"] < 10 {
			t.Errorf("%v", status)
		}
		status = countOf(t, "packet_sockets | select filter, owner_status", "filter is unknown")
		if status["filter=- owner_status=no_permission"] < 4 {
			t.Errorf("%v", status)
		}
	})
}

// TestUnixHints: what a scan learns of the conditions saves work, and never a row.
func TestUnixHints(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		makeUnixWorld(t)
		system := sources.Live()
		system.Netlink = remembering{system.Netlink, map[string][]netlink.Message{}}
		for _, condition := range []string{"state == LISTEN", "not (state == LISTEN)", "state == nil", "state != nil",
			"state in [ESTAB, UNCONN]", "state == LISTEN or type == dgram", "abstract and state != UNCONN",
			"state == LISTEN and state == UNCONN", "peer != nil or state == LISTEN"} {
			hinted, plain := compareHints(t, system, "unix_sockets "+condition+" | select *")
			same(t, condition, hinted, plain)
		}
		for _, condition := range []string{fmt.Sprintf("pid == %d", os.Getpid()),
			fmt.Sprintf("pid != %d and pid < 50 or name == 'daemon'", os.Getpid()), "pid == nil"} {
			hinted, plain := compareHints(t, sources.Live(), "processes "+condition+" | select pid, name, started")
			same(t, condition, hinted, plain)
		}
	})
}
