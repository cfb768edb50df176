package procfs_test

import (
	"net/netip"
	"os"
	"slices"
	"testing"

	"netql/sources/lab"
	"netql/sources/procfs"
	"netql/sources/vfs"
)

func TestMain(m *testing.M) { os.Exit(lab.Main(m)) }

// TestInetSocketsLive reads what the running kernel says about sockets made for the purpose, and nothing else.
func TestInetSocketsLive(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		want := map[string][]*lab.Socket{
			"raw": {lab.Datagram(t, lab.Raw, "127.0.0.1:253", ""),
				lab.Datagram(t, lab.Raw, "127.0.0.1:253", "127.0.0.1:0")},
			"raw6":  {lab.Datagram(t, lab.Raw, "[::1]:58", "")},
			"icmp":  {lab.Datagram(t, lab.Ping, "127.0.0.1:0", "")},
			"icmp6": {lab.Datagram(t, lab.Ping, "[::1]:0", "[::1]:0")},
			"udp":   {lab.Datagram(t, lab.UDP, "127.0.0.1:0", "127.0.0.1:53")},
			"udp6":  {lab.Datagram(t, lab.UDP, "[::]:0", "")},
			"tcp":   {lab.Listen(t, lab.TCP, "127.0.0.1:0")},
			"tcp6":  {lab.Listen(t, lab.TCP, "[::ffff:127.0.0.1]:0")},
		}
		for name, sockets := range want {
			found := 0
			for got, err := range procfs.InetSockets(vfs.Machine, name) {
				if err != nil {
					t.Fatal(err)
				}
				i := slices.IndexFunc(sockets, func(s *lab.Socket) bool { return s.Inode == got.Inode })
				if i < 0 {
					t.Errorf("%s: unknown socket %+v", name, got)
					continue
				}
				found++
				compare(t, got, sockets[i])
			}
			if found != len(sockets) {
				t.Errorf("%s: found %d sockets of %d", name, found, len(sockets))
			}
		}
	})
}

func compare(t *testing.T, got *procfs.InetSocket, want *lab.Socket) {
	t.Helper()
	remote := want.Remote
	if !remote.IsValid() {
		unspecified := netip.IPv4Unspecified()
		if want.Local.Addr().Is6() {
			unspecified = netip.IPv6Unspecified()
		}
		remote = netip.AddrPortFrom(unspecified, 0)
	}
	if got.Local != want.Local || got.Remote != remote {
		t.Errorf("%s: %v and %v, want %v and %v", want.Label, got.Local, got.Remote, want.Local, remote)
	}
	states := map[string]uint8{"ESTABLISHED": 1, "UNCONN": 7, "LISTEN": 10}
	if got.State != states[want.State()] {
		t.Errorf("%s: state %d, want %s", want.Label, got.State, want.State())
	}
}

// TestSelf compares what the files say about this process with what it knows of itself.
func TestSelf(t *testing.T) {
	files := vfs.Machine
	stat, err := procfs.ReadStat(files, os.Getpid())
	if err != nil || stat.PID != os.Getpid() || stat.PPID != os.Getppid() || stat.StartTime == 0 || stat.Kernel {
		t.Errorf("stat: %+v, %v", stat, err)
	}
	cmdline, err := procfs.ReadCmdline(files, os.Getpid())
	if err != nil || !slices.Equal(cmdline, os.Args) {
		t.Errorf("cmdline: %q, %v", cmdline, err)
	}
	if cgroups, err := procfs.ReadCgroups(files, os.Getpid()); err != nil || procfs.CgroupPath(cgroups) == "" {
		t.Errorf("cgroup: %+v, %v", cgroups, err)
	}
	if users, err := procfs.ReadUsers(files); err != nil || users[0] != "root" {
		t.Errorf("users: %v, %v", users, err)
	}
	if inode, err := procfs.ReadNamespace(files, "net"); err != nil || inode == 0 {
		t.Errorf("namespace: %d, %v", inode, err)
	}
}
