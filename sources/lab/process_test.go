package lab

import (
	"fmt"
	"net/netip"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func fdPath(o Owner) string                   { return fmt.Sprintf("/proc/%d/fd/%d", o.Pid, o.FD) }
func socketLink(s *Socket) string             { return fmt.Sprintf("socket:[%d]", s.Inode) }
func procFile(p *Process, name string) string { return fmt.Sprintf("/proc/%d/%s", p.Pid, name) }

// withPort is an address with the port of a listener.
func withPort(address string, listener *Socket) netip.AddrPort {
	return netip.AddrPortFrom(netip.MustParseAddr(address), listener.Local.Port())
}

func TestNames(t *testing.T) {
	Namespace(t)
	for _, name := range append(HostileNames(), "a name that is too long") {
		t.Run(fmt.Sprintf("%q", name), func(t *testing.T) {
			p := Start(t, Helper{Comm: name})
			want := name[:min(len(name), 15)]
			comm, err := os.ReadFile(procFile(p, "comm"))
			if err != nil || string(comm) != want+"\n" || p.Comm != want {
				t.Errorf("comm %q (%v), Comm %q, want %q", comm, err, p.Comm, want)
			}
			stat, err := os.ReadFile(procFile(p, "stat"))
			if err != nil || !strings.HasPrefix(string(stat), fmt.Sprintf("%d (%s) ", p.Pid, want)) {
				t.Errorf("stat %q (%v), want the name %q", stat, err, want)
			}
		})
	}
}

func TestArgs(t *testing.T) {
	Namespace(t)
	p := Start(t, Helper{Comm: "x", Args: []string{"\x1b[2J", "", "\xff"}})
	if got, err := os.ReadFile(procFile(p, "cmdline")); err != nil || string(got) != "\x1b[2J\x00\x00\xff\x00" {
		t.Errorf("cmdline %q (%v)", got, err)
	}
}

func TestSharedListener(t *testing.T) {
	Namespace(t)
	listener := Listen(t, TCP, "127.0.0.1:0")
	var want []Owner
	for _, name := range []string{"a", "b", "c"} {
		p := Start(t, Helper{Comm: name}, listener, listener)
		want = append(want, Owner{p.Pid, name, 3}, Owner{p.Pid, name, 4})
	}
	listener.Close()
	got := listener.Owners()
	slices.SortStableFunc(want, func(a, b Owner) int { return a.Pid - b.Pid })
	if !slices.Equal(got, want) {
		t.Errorf("owners %v, want %v", got, want)
	}
	for _, o := range got {
		if link, err := os.Readlink(fdPath(o)); err != nil || link != socketLink(listener) {
			t.Errorf("%s is %q (%v), want %s", fdPath(o), link, err, socketLink(listener))
		}
	}
	if found := find(rows(t, "tcp"), listener); len(found) != 1 || found[0].state != "LISTEN" {
		t.Errorf("%v, want the listener of the helpers", found)
	}
}

func TestStop(t *testing.T) {
	Namespace(t)
	listener := Listen(t, TCP, "127.0.0.1:0")
	p := Start(t, Helper{Comm: "x"}, listener)
	listener.Close()
	p.Stop()
	p.Stop()
	if found := rows(t, "tcp"); len(found) != 0 || len(listener.Owners()) != 0 {
		t.Errorf("%v, owned by %v, want nothing", found, listener.Owners())
	}
	if _, err := os.Stat(procFile(p, "stat")); err == nil {
		t.Errorf("process %d is still there", p.Pid)
	}
}

func TestOtherNamespace(t *testing.T) {
	Namespace(t)
	listener := Listen(t, TCP, "127.0.0.1:0")
	p := Start(t, Helper{Comm: "x", OtherNamespace: true}, listener)
	if there, here := netns(t, fmt.Sprint(p.Pid)), netns(t, "thread-self"); there == here {
		t.Errorf("the helper is in %s too", here)
	}
	if found := find(rows(t, "tcp"), listener); len(found) != 1 {
		t.Errorf("%v, want the listener to have stayed", found)
	}
}

func TestUnprivileged(t *testing.T) {
	Namespace(t)
	status, err := Unprivileged(t, "cat", "/proc/self/status").Output()
	if err != nil {
		t.Fatal(err)
	}
	sets := 0
	for _, line := range strings.Split(string(status), "\n") {
		if name, value, _ := strings.Cut(line, ":\t"); strings.HasPrefix(name, "Cap") {
			sets++
			if strings.Trim(value, "0") != "" {
				t.Errorf("%s is %s, want no capability", name, value)
			}
		}
	}
	if sets != 5 {
		t.Errorf("%d capability sets, want 5", sets)
	}
	output, err := Unprivileged(t, "readlink", "/proc/self/ns/net").Output()
	if got := strings.TrimSpace(string(output)); err != nil || got != netns(t, "thread-self") {
		t.Errorf("it is in %s (%v), want %s", got, err, netns(t, "thread-self"))
	}
	output, err = Unprivileged(t, "env").Output()
	if err != nil || strings.Contains(string(output), roleEnv) {
		t.Errorf("the command is told to be a helper (%v):\n%s", err, output)
	}
}

func TestReadability(t *testing.T) {
	Namespace(t)
	listener := Listen(t, TCP, "127.0.0.1:0")
	tests := map[string]struct {
		helper   Helper
		readable bool
	}{
		"privileged":               {Helper{}, false},
		"unprivileged":             {Helper{Unprivileged: true}, true},
		"unprivileged, undumpable": {Helper{Unprivileged: true, Undumpable: true}, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			path := fdPath(Owner{Pid: Start(t, test.helper, listener).Pid, FD: 3})
			if link, err := os.Readlink(path); err != nil || link != socketLink(listener) {
				t.Errorf("with capabilities: %s is %q (%v)", path, link, err)
			}
			output, err := Unprivileged(t, "readlink", path).Output()
			if readable := err == nil && strings.TrimSpace(string(output)) == socketLink(
				listener); readable != test.readable {
				t.Errorf("without capabilities: %s is %q (%v), want it readable: %v", path, output, err, test.readable)
			}
		})
	}
}

// TestNoLeaks compares what a process has before and after a test that used everything.
func TestNoLeaks(t *testing.T) {
	Isolate(t, func(t *testing.T) {
		before, goroutines := openFiles(t), runtime.NumGoroutine()
		t.Run("everything", func(t *testing.T) { AllStates(t) })
		// The goroutines of finished commands end a moment later, and so do connections beneath MPTCP.
		fewer := fmt.Sprintf("no more than %d goroutines", goroutines)
		Await(t, fewer, func() bool { return runtime.NumGoroutine() <= goroutines })
		Await(t, "no socket is left", func() bool { return len(leftSockets(t)) == 0 })
		if after := openFiles(t); !slices.Equal(before, after) {
			t.Errorf("files before %v, after %v", before, after)
		}
		if pid, err := unix.Wait4(-1, nil, unix.WNOHANG, nil); err != unix.ECHILD {
			t.Errorf("child %d (%v) is left", pid, err)
		}
	})
}

// leftSockets are the sockets of all protocols that somebody has as a file or listens at. Others may be the rest of
// connections, which the kernel finishes.
func leftSockets(t *testing.T) (left []row) {
	t.Helper()
	for _, file := range []string{"tcp", "tcp6", "udp", "udp6", "udplite", "udplite6", "raw", "raw6", "icmp", "icmp6"} {
		for _, r := range rows(t, file) {
			if r.inode != 0 || r.state == "LISTEN" {
				left = append(left, r)
			}
		}
	}
	return left
}

// openFiles are the descriptors of this process, without those of the runtime.
func openFiles(t *testing.T) (links []string) {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		link, err := os.Readlink("/proc/self/fd/" + entry.Name())
		if err == nil && !strings.HasPrefix(link, "anon_inode:") && !strings.HasPrefix(link, "/proc/") {
			links = append(links, entry.Name()+" "+link)
		}
	}
	return links
}
