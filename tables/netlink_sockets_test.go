package tables_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources/lab"
)

// makeNetlinkWorld is netlink sockets of several protocols, in several groups.
func makeNetlinkWorld(t testing.TB) map[string]*lab.Socket {
	t.Helper()
	w := map[string]*lab.Socket{
		"monitor":   lab.Netlink(t, unix.NETLINK_ROUTE, unix.RTNLGRP_LINK, unix.RTNLGRP_IPV6_ROUTE),
		"quiet":     lab.Netlink(t, unix.NETLINK_ROUTE),
		"conntrack": lab.Netlink(t, unix.NETLINK_NETFILTER, 3),
		"user":      lab.Netlink(t, unix.NETLINK_USERSOCK, 7),
		"connected": lab.Netlink(t, unix.NETLINK_USERSOCK),
		"udev":      lab.Netlink(t, unix.NETLINK_KOBJECT_UEVENT, 1),
	}
	must(t, unix.Connect(w["connected"].FD(),
		&unix.SockaddrNetlink{Family: unix.AF_NETLINK, Pid: lab.NetlinkPort(w["user"]), Groups: 1 << 4}))
	must(t, unix.SetsockoptInt(w["monitor"].FD(), unix.SOL_NETLINK, unix.NETLINK_NO_ENOBUFS, 1))
	lab.Start(t, lab.Helper{Comm: "udevd"}, w["udev"])
	w["udev"].Close()
	return w
}

// TestNetlinkSockets: every socket is what it was made to be.
func TestNetlinkSockets(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		w := makeNetlinkWorld(t)
		rows := rowList(live(t, "netlink_sockets | select *"))
		port := func(name string) int { return int(lab.NetlinkPort(w[name])) }
		for name, want := range map[string]row{
			"monitor": {"protocol": "route", "port_id": port("monitor"), "groups": []any{"link", "ipv6_route"},
				"pid": os.Getpid(), "owner_status": held(t), "drops": 0, "state": "UNCONN", "peer_port_id": nil},
			"quiet":     {"protocol": "route", "groups": nil},
			"conntrack": {"protocol": "netfilter", "groups": []any{"conntrack_destroy"}},
			"user":      {"protocol": "usersock", "groups": []any{"7"}},
			"connected": {"state": "ESTABLISHED", "peer_port_id": port("user"), "peer_group": 5},
			"udev":      {"protocol": "kobject_uevent", "groups": []any{"kernel"}, "process": "udevd"},
		} {
			expect(t, name, rows.of(t, w[name]), want)
		}
		if r := rows.of(t, w["monitor"]); r["dumping"] != nil { // a kernel that tells of flags
			expect(t, "flags", r, row{"flags": []string{"no_enobufs"}, "dumping": false})
		}
		kernel := 0
		for _, r := range rows {
			if r["port_id"] == 0 {
				kernel++
				expect(t, "the kernel's", r, row{"owner_status": "kernel", "pid": nil, "groups": nil})
			}
		}
		if kernel < 3 {
			t.Errorf("%d sockets of the kernel", kernel)
		}
	})
}

// TestNetlinkSocketsSameAsProcNet: every line of /proc/net/netlink is a row, but for the sockets by which each was
// read.
func TestNetlinkSocketsSameAsProcNet(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		makeNetlinkWorld(t)
		text, err := os.ReadFile("/proc/net/netlink")
		must(t, err)
		names := map[string]string{"0": "route", "2": "usersock", "12": "netfilter", "15": "kobject_uevent"}
		var want, got []string
		for line := range strings.Lines(string(text)) {
			f := strings.Fields(line)
			if name := names[f[1]]; name != "" {
				want = append(want, fmt.Sprint(name, " ", f[2], " ", f[8], " ", f[9]))
			}
		}
		for _, r := range live(t,
			"netlink_sockets protocol in [route, usersock, netfilter, kobject_uevent] | select *") {
			got = append(got, fmt.Sprint(r["protocol"], " ", r["port_id"], " ", r["drops"], " ", r["inode"]))
		}
		same(t, "/proc/net/netlink", got, want)
	})
}

// TestNetlinkDrops: messages that found the buffer full are counted, by /proc/net/netlink too.
func TestNetlinkDrops(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		s := lab.Netlink(t, unix.NETLINK_ROUTE, unix.RTNLGRP_LINK)
		must(t, unix.SetsockoptInt(s.FD(), unix.SOL_SOCKET, unix.SO_RCVBUF, 1))
		for i := range 5 {
			lab.Link(t, fmt.Sprint("lab", i))
		}
		const query = "netlink_sockets protocol == route | select *"
		got, want := steady(t, func() []row { // the kernel tells of links a moment later, too
			return []row{pick(rowList(ask(t, otherFamilies(unix.ENOENT), query).rows).of(t, s), "drops", "rmem")}
		}, func() []row { return []row{rowList(live(t, query)).of(t, s)} })
		r, file := got[0], want[0]
		if r["drops"].(int) == 0 || r["rmem"].(int) == 0 || r["rcvbuf"].(int) == 0 || file["drops"] != r["drops"] ||
			file["rmem"] != r["rmem"] {
			t.Errorf("drops %v, rmem %v, rcvbuf %v; in the file %v, %v", r["drops"], r["rmem"], r["rcvbuf"],
				file["drops"], file["rmem"])
		}
	})
}

// TestNetlinkOwnSocket: the socket by which netql asked has gone when its owner is looked for, and was its own.
func TestNetlinkOwnSocket(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		const query = "netlink_sockets port_id != 0 | sort cookie | select protocol, owner_status, process"
		rows, warnings := unprivileged(t, query)
		for _, r := range rows {
			if r != "owner_status=ok process=tables.test protocol=sock_diag" {
				t.Errorf("%s", r)
			}
		}
		for _, r := range elsewhere(t, inquiry{"all", query})[0].Rows {
			if r["owner_status"] == "exited" || r["protocol"] == "sock_diag" && r["process"] != "tables.test" {
				t.Errorf("in every network namespace: %v", r)
			}
		}
		if len(warnings) > 0 {
			t.Errorf("warnings %q", warnings)
		}
	})
}
