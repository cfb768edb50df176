package tables_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"netql/query"
	"netql/sources"
	"netql/sources/inetdiag"
	"netql/sources/lab"
	"netql/sources/owners"
)

// TestStatus: why a socket that a process might have has no owner.
func TestStatus(t *testing.T) {
	mine := owners.SocketOwner{Inode: 7, Owner: owners.Owner{PID: 30, Process: "x) y", FD: 4}}
	for name, test := range map[string]struct {
		socket  fakeSocket
		finder  fakeFinder
		want    string // pid and status
		warning string
	}{
		"ok": {fakeSocket{inode: 7}, fakeFinder{held: []owners.SocketOwner{mine}}, "30 ok", ""},
		"others elsewhere": {fakeSocket{inode: 7}, fakeFinder{held: []owners.SocketOwner{mine}, hidden: true}, "30 ok",
			""},
		"others refuse": {fakeSocket{inode: 7}, fakeFinder{held: []owners.SocketOwner{mine}, unreadable: 5},
			"30 partial", ""},
		"others unlisted": {fakeSocket{inode: 7}, fakeFinder{held: []owners.SocketOwner{mine}, unlisted: true},
			"30 partial", ""},
		"unlisted": {fakeSocket{inode: 8}, fakeFinder{unlisted: true}, "- no_permission", "hidepid"},
		"kernel":   {fakeSocket{inode: 8}, fakeFinder{held: []owners.SocketOwner{mine}}, "- kernel", ""},
		"no permission": {fakeSocket{inode: 8}, fakeFinder{unreadable: 5}, "- no_permission",
			"5 of the processes"},
		"another namespace": {fakeSocket{inode: 8}, fakeFinder{hidden: true}, "- other_namespace", ""},
		"both may be": {fakeSocket{inode: 8}, fakeFinder{hidden: true, unreadable: 1}, "- no_permission",
			"1 of the processes"},
		"nobody looks": {fakeSocket{inode: 8}, fakeFinder{err: errors.New("no /proc")}, "- -", "no /proc"},
		"time wait":    {fakeSocket{state: inetdiag.TimeWait}, fakeFinder{unreadable: 5}, "- time_wait", ""},
		"time wait's second": {fakeSocket{state: inetdiag.FinWait2, timer: inetdiag.TimerTimeWait}, fakeFinder{},
			"- time_wait", ""},
		"orphan fin wait 2": {fakeSocket{state: inetdiag.FinWait2, timer: inetdiag.TimerKeepalive}, fakeFinder{},
			"- orphan", ""},
		"orphan last ack": {fakeSocket{state: inetdiag.LastAck}, fakeFinder{unreadable: 5}, "- orphan", ""},
		"orphan closing":  {fakeSocket{state: inetdiag.Closing}, fakeFinder{}, "- orphan", ""},
		"unaccepted":      {fakeSocket{state: inetdiag.CloseWait}, fakeFinder{}, "- unaccepted", ""},
	} {
		s := test.socket
		s.local, s.remote, s.cookie = "192.0.2.1:80", "192.0.2.2:4000", 9
		if s.state == 0 {
			s.state = inetdiag.Established
		}
		kernel := fakeKernel{sockets: map[int][]fakeSocket{inetdiag.TCP: {s}}}
		a := ask(t, kernel.system(files(nil), test.finder),
			"sockets proto == tcp | select pid, process, owners, owner_status")
		if len(a.rows) != 1 || cell(a.rows[0]["pid"])+" "+cell(a.rows[0]["owner_status"]) != test.want {
			t.Errorf("%s: %v, want %s", name, lines(a.rows), test.want)
		}
		if warned := strings.Join(a.warnings, "\n"); !strings.Contains(warned, test.warning) ||
			(test.warning == "") != (warned == "") {
			t.Errorf("%s: warnings %q, want %q", name, warned, test.warning)
		}
	}
}

// TestKernelSocket: with every process in sight, a socket that nobody has is the kernel's own, of whatever protocol.
func TestKernelSocket(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Listen(t, lab.TCP, "127.0.0.1:0")
		lab.Datagram(t, lab.UDP, "127.0.0.1:0", "")
		lab.Datagram(t, lab.Raw, "127.0.0.1:253", "")
		system := sources.Live()
		system.Owners = fakeFinder{}
		for _, r := range ask(t, system, "sockets | count by owner_status").rows {
			if r["owner_status"] != "kernel" || r["count"] != 3 {
				t.Errorf("%v", r)
			}
		}
	})
}

// TestExited: a socket that was closed after it was listed has exited, of whatever protocol.
func TestExited(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		gone := []*lab.Socket{
			lab.Listen(t, lab.TCP, "127.0.0.1:0"), lab.Datagram(t, lab.UDP, "127.0.0.1:0", ""),
			lab.Datagram(t, lab.Raw, "127.0.0.1:253", ""),
		}
		stays := lab.Listen(t, lab.TCP, "127.0.0.1:0")
		system := sources.Live()
		system.Owners = fakeFinder{looking: func() {
			for _, s := range gone {
				s.Close()
			}
		}}
		// Sorted by a plain column first, so that all are listed before the first owner is asked for.
		a := ask(t, system, "sockets | sort inode | select inode, owner_status")
		for _, r := range a.rows {
			want := "exited"
			if r["inode"] == int(stays.Inode) {
				want = "kernel"
			}
			if r["owner_status"] != want {
				t.Errorf("%v: want %s", r, want)
			}
		}
		if len(a.rows) != 4 || len(a.warnings) > 0 {
			t.Errorf("%d rows, warnings %q", len(a.rows), a.warnings)
		}
	})
}

// TestOwnersAreLookedForOnce: however many rows ask, /proc is walked once, and not at all where no column needs it or
// no row is left.
func TestOwnersAreLookedForOnce(t *testing.T) {
	var list []fakeSocket
	for i := range 50 {
		list = append(list, fakeSocket{state: inetdiag.Listen, local: fmt.Sprintf("192.0.2.1:%d", i+1),
			inode: uint32(i + 1), cookie: uint64(i + 1)})
	}
	for text, want := range map[string]int{
		"sockets":                                 1,
		"sockets | select *":                      1,
		"sockets | select local, state, uid":      0,
		"sockets lport > 100":                     0,
		"sockets lport > 100 and process == 'x'":  0,
		"sockets process == 'x' and lport > 100":  0,
		"sockets pid == nil | count by state":     1,
		"sockets | sort lport | limit 0":          0,
		"sockets | count by state":                0,
		"sockets | group by process: n = count()": 1,
	} {
		looked := 0
		kernel := fakeKernel{sockets: map[int][]fakeSocket{inetdiag.TCP: list}}
		system := kernel.system(files(nil), fakeFinder{looking: func() { looked++ }})
		if _, err := run(t.Context(), system, query.Compile, text); err != nil || looked != want {
			t.Errorf("%s: looked %d times, want %d, %v", text, looked, want, err)
		}
	}
}
