package netns_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"netql/sources/lab"
	"netql/sources/netns"
	"netql/sources/vfs"
)

func TestMain(m *testing.M) { os.Exit(lab.Main(m)) }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// enter finds and opens a namespace for the rest of the test.
func enter(t *testing.T, target string) *netns.Namespace {
	t.Helper()
	place, err := netns.Find(target)
	must(t, err)
	n, err := place.Open()
	must(t, err)
	t.Cleanup(func() { n.Close() })
	return n
}

// inode is the number of the namespace that a path names.
func inode(t *testing.T, path string) uint64 {
	t.Helper()
	info, err := os.Stat(path)
	must(t, err)
	return info.Sys().(*syscall.Stat_t).Ino
}

// isolated is a test with the namespaces own, where it runs, blue and red.
func isolated(t *testing.T, test func(t *testing.T)) {
	lab.Isolate(t, func(t *testing.T) {
		lab.NameNamespaces(t, "own", "blue", "red")
		test(t)
	})
}

// TestFind: names, paths, processes and inode numbers lead to the same namespace, and whatever else says what it is
// not.
func TestFind(t *testing.T) {
	isolated(t, func(t *testing.T) {
		process := lab.Start(t, lab.Helper{Comm: "elsewhere", OtherNamespace: true})
		path := fmt.Sprintf("/proc/%d/ns/net", process.Pid)
		for target, want := range map[string]uint64{
			"blue": inode(t, "/run/netns/blue"), "/run/netns/red": inode(t, "/run/netns/red"),
			fmt.Sprint(process.Pid): inode(t, path), path: inode(t, path),
			fmt.Sprint(inode(t, path)):              inode(t, path),
			fmt.Sprint(inode(t, "/run/netns/blue")): inode(t, "/run/netns/blue"), "own": inode(t, "/proc/self/ns/net"),
		} {
			n := enter(t, target)
			if n.Inode != want {
				t.Errorf("%s is %d, want %d", target, n.Inode, want)
			}
			must(t, n.Do(func() error {
				if got := inode(t, "/proc/thread-self/ns/net"); got != want {
					return fmt.Errorf("%s: inside is %d, want %d", target, got, want)
				}
				return nil
			}))
		}
		file := t.TempDir() + "/file"
		must(t, unix.Mkfifo(file, 0o600))
		must(t, os.WriteFile("/run/netns/stale", nil, 0o600))
		for target, want := range map[string]error{
			"green": netns.ErrUnknown, "": netns.ErrUnknown, "/run/netns/green": netns.ErrUnknown,
			"/run/netns/blue/x": netns.ErrUnknown, "4194304": netns.ErrUnknown, "-1": netns.ErrUnknown,
			"4294967295": netns.ErrUnknown, "99999999999999999999": netns.ErrUnknown, "stale": netns.ErrOther,
			file: netns.ErrOther, "/run/netns": netns.ErrOther,
			"..": netns.ErrOther, "/proc/self/ns/mnt": netns.ErrOther, "/dev/null": netns.ErrOther,
		} {
			place, err := netns.Find(target)
			if err == nil {
				_, err = place.Open()
			}
			if !errors.Is(err, want) {
				t.Errorf("%q: %v, want %v", target, err, want)
			}
		}
	})
}

// checkFile reads a file in both ways, and again if it is another one than inside: counters move.
func checkFile(t *testing.T, files vfs.Files, path string) {
	t.Helper()
	var want, read, opened string
	for range 20 {
		want = inside(t, "cat", path)
		b, err := vfs.ReadFile(files, path)
		must(t, err)
		file, err := files.Open(path)
		must(t, err)
		more, err := io.ReadAll(file)
		must(t, errors.Join(err, file.Close()))
		if read, opened = string(b), string(more); read == want && opened == want {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Errorf("%s: read %q, opened %q, want %q", path, read, opened, want)
}

// TestFiles compares what a system shows inside a namespace with what a process there sees.
func TestFiles(t *testing.T) {
	isolated(t, func(t *testing.T) {
		blue := enter(t, "blue")
		must(t, blue.Do(func() error {
			lab.Link(t, "lab0")
			return os.WriteFile("/proc/sys/net/ipv4/ip_forward", []byte("1"), 0)
		}))
		files := blue.Files()
		for _, path := range []string{"/proc/net/dev", "/proc/net/snmp6", "/proc/self/net/dev",
			"/proc/sys/net/ipv4/ip_forward", "/proc/sys/net/ipv4/conf/lab0/forwarding", "/etc/passwd",
			"/proc/sys/kernel/ostype"} {
			checkFile(t, files, path)
		}
		for _, dir := range []string{"/proc/net", "/proc/sys/net/ipv4/conf", "/proc/sys/net"} {
			want := strings.Fields(inside(t, "ls", "-1", dir))
			if got := list(t, files, dir); !slices.Equal(got, slices.Sorted(slices.Values(want))) {
				t.Errorf("%s: %v, want %v", dir, got, want)
			}
		}
		if text, err := files.ReadLink("/proc/self/ns/net"); err != nil || text != fmt.Sprintf("net:[%d]",
			blue.Inode) {
			t.Errorf("our namespace is %s, %v", text, err)
		}
		if info, err := files.Stat("/proc/self/ns/net"); err != nil || info.Inode != blue.Inode {
			t.Errorf("our namespace is %v, %v", info, err)
		}
		if text, err := files.ReadLink("/proc/self/ns/pid"); err != nil || !strings.HasPrefix(text, "pid:[") {
			t.Errorf("our pid namespace is %s, %v", text, err)
		}
		var at *fs.PathError
		if _, err := files.Open("/proc/net/none"); !errors.Is(err, fs.ErrNotExist) || !errors.As(err, &at) ||
			at.Path != "/proc/net/none" {
			t.Errorf("%v", err)
		}
	})
}

// inside runs a program in blue.
func inside(t *testing.T, name string, args ...string) (output string) {
	t.Helper()
	must(t, enter(t, "blue").Do(func() error {
		b, err := exec.Command(name, args...).Output()
		output = string(b)
		return err
	}))
	return output
}

// list are the names in a directory, all of which can be asked about.
func list(t *testing.T, files vfs.Files, dir string) (names []string) {
	t.Helper()
	entries, err := files.ReadDir(dir)
	must(t, err)
	for _, e := range entries {
		if _, err := files.Stat(dir + "/" + e.Name); err != nil {
			t.Errorf("%s/%s: %v", dir, e.Name, err)
		}
		names = append(names, e.Name)
	}
	slices.Sort(names)
	return names
}

// TestList finds namespaces by everything that keeps them, each once, and not those that only we have open.
func TestList(t *testing.T) {
	isolated(t, func(t *testing.T) {
		process := lab.Start(t, lab.Helper{Comm: "elsewhere", OtherNamespace: true})
		opened, mounted, ours := anonymous(t), anonymous(t), anonymous(t)
		holder := exec.Command("cat") // it ends with its input
		holder.ExtraFiles = []*os.File{opened}
		input, err := holder.StdinPipe()
		must(t, err)
		must(t, holder.Start())
		t.Cleanup(func() { input.Close(); holder.Wait() })
		place := t.TempDir() + "/a mount"
		must(t, os.WriteFile(place, nil, 0o600))
		must(t, unix.Mount(fmt.Sprintf("/proc/self/fd/%d", mounted.Fd()), place, "", unix.MS_BIND, ""))
		t.Cleanup(func() { unix.Unmount(place, unix.MNT_DETACH) })

		want := map[uint64]netns.Info{
			inode(t, "/run/netns/own"): {Name: "own", PID: lab.FirstPID}, inode(t, "/run/netns/blue"): {Name: "blue"},
			inode(t, fmt.Sprintf("/proc/%d/ns/net", process.Pid)): {PID: process.Pid},
			inodeOf(t, opened): {}, inodeOf(t, mounted): {},
		}
		opened.Close()
		mounted.Close()
		all, err := netns.List()
		var hidden *netns.Hidden
		if err != nil && !errors.As(err, &hidden) {
			t.Error(err)
		}
		seen := map[uint64]bool{}
		for i, p := range all {
			if w, ok := want[p.Inode]; ok && (p.Name != w.Name || p.PID != w.PID) || seen[p.Inode] {
				t.Errorf("%+v, want %+v, once", p, w)
			}
			if i > 0 && (all[i-1].Name == "" && p.Name != "" || all[i-1].Name == p.Name && all[i-1].Inode > p.Inode) {
				t.Errorf("%+v comes after %+v", p, all[i-1])
			}
			seen[p.Inode] = true
			if _, ok := want[p.Inode]; ok {
				n, err := p.Open()
				must(t, err)
				n.Close()
			}
		}
		for number, w := range want {
			if !seen[number] {
				t.Errorf("%d %+v is not found", number, w)
			}
		}
		if seen[inodeOf(t, ours)] {
			t.Error("a namespace that only we have open is found")
		}
	})
}

// anonymous opens a new namespace in which nobody is.
func anonymous(t *testing.T) (file *os.File) {
	t.Helper()
	done := make(chan error)
	go func() {
		runtime.LockOSThread()
		err := unix.Unshare(unix.CLONE_NEWNET)
		if err == nil {
			file, err = os.Open("/proc/thread-self/ns/net")
		}
		done <- err
	}()
	must(t, <-done)
	t.Cleanup(func() { file.Close() })
	return file
}

func inodeOf(t *testing.T, file *os.File) uint64 {
	t.Helper()
	info, err := file.Stat()
	must(t, err)
	return info.Sys().(*syscall.Stat_t).Ino
}

// TestVanished: a namespace that is gone, or whose name is another's by now, cannot be opened.
func TestVanished(t *testing.T) {
	isolated(t, func(t *testing.T) {
		process := lab.Start(t, lab.Helper{Comm: "elsewhere", OtherNamespace: true})
		byProcess, err := netns.Find(fmt.Sprint(process.Pid))
		must(t, err)
		byName, err := netns.Find("red")
		must(t, err)
		process.Stop()
		must(t, unix.Unmount("/run/netns/red", unix.MNT_DETACH))
		must(t, unix.Mount("/run/netns/blue", "/run/netns/red", "", unix.MS_BIND, ""))
		deleted, err := netns.Find("blue")
		must(t, err)
		must(t, unix.Unmount("/run/netns/blue", unix.MNT_DETACH)) // as ip netns delete does, before it removes the file
		for _, p := range []netns.Info{byProcess, byName, deleted} {
			if _, err := p.Open(); !errors.Is(err, netns.ErrUnknown) {
				t.Errorf("%+v: %v", p, err)
			}
		}
	})
}

// TestLeaks: nothing remains of a namespace that was closed, the process is where it was, and errors inside come out.
func TestLeaks(t *testing.T) {
	isolated(t, func(t *testing.T) {
		before := inode(t, "/proc/self/ns/net")
		use := func() {
			n := enter(t, "blue")
			for range 20 {
				must(t, n.Do(func() error { _, err := net.Interfaces(); return err }))
			}
			n.Files().ReadDir("/proc/net")
			n.Close()
			if err := n.Do(func() error { return nil }); !errors.Is(err, os.ErrClosed) {
				t.Errorf("after the end: %v", err)
			}
		}
		use()
		counts := func() [3]int {
			return [3]int{entries(t, "/proc/self/fd"), runtime.NumGoroutine(), entries(t, "/proc/self/task")}
		}
		first := counts()
		for range 10 {
			use()
		}
		lab.Await(t, fmt.Sprintf("no more files, goroutines, threads than %v", first), func() bool {
			last := counts()
			return last[0] <= first[0] && last[1] <= first[1] && last[2] <= first[2]+2
		})
		if after := inode(t, "/proc/self/ns/net"); after != before {
			t.Errorf("the process is in %d, and was in %d", after, before)
		}
		// A thread that was elsewhere ends with its goroutine, and is to be seen for a moment longer.
		elsewhere := func(namespace uint64) bool { return namespace != before }
		lab.Await(t, "no thread is in another namespace", func() bool {
			return !slices.ContainsFunc(threads(t), elsewhere)
		})
	})
}

// threads are the network namespaces in which the threads of the process are.
func threads(t *testing.T) (inodes []uint64) {
	t.Helper()
	list, err := os.ReadDir("/proc/self/task")
	must(t, err)
	for _, task := range list {
		info, err := os.Stat("/proc/self/task/" + task.Name() + "/ns/net")
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) { // EACCES: while we looked
			continue // it has ended
		}
		must(t, err)
		inodes = append(inodes, info.Sys().(*syscall.Stat_t).Ino)
	}
	return inodes
}

func entries(t *testing.T, dir string) int {
	t.Helper()
	list, err := os.ReadDir(dir)
	must(t, err)
	return len(list)
}
