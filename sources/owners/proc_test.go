package owners_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources/access"
	"netql/sources/lab"
	"netql/sources/owners"
	"netql/sources/procfs"
)

func TestMain(m *testing.M) { os.Exit(lab.Main(m)) }

func find(t testing.TB) *owners.Table {
	t.Helper()
	table, err := owners.Proc{}.Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// expect compares the owners of a socket with what the lab made.
func expect(t *testing.T, table *owners.Table, s *lab.Socket) {
	t.Helper()
	want, got := s.Owners(), table.Owners(s.Inode)
	if len(got) != len(want) {
		t.Errorf("%s: owners %v, want %v", s.Label, got, want)
		return
	}
	for i, o := range want {
		if got[i] != (owners.Owner{PID: o.Pid, Process: o.Comm, FD: o.FD}) {
			t.Errorf("%s: owner %+v, want %+v", s.Label, got[i], o)
		}
	}
}

func TestSharedListener(t *testing.T) {
	lab.Require(t)
	listener := lab.Listen(t, lab.TCP, "127.0.0.1:0")
	for range 3 {
		lab.Start(t, lab.Helper{Comm: "worker"}, listener, listener) // each has it twice
	}
	table := find(t)
	if got := table.Owners(listener.Inode); len(got) != 7 {
		t.Fatalf("owners %v, want three workers twice and ourselves", got)
	}
	for i, o := range table.Owners(listener.Inode) {
		if i > 0 && o.PID == table.Owners(listener.Inode)[i-1].PID && o.FD <= table.Owners(listener.Inode)[i-1].FD {
			t.Errorf("not by pid and file descriptor: %v", table.Owners(listener.Inode))
		}
	}
}

func TestHostileNames(t *testing.T) {
	lab.Require(t)
	var sockets []*lab.Socket
	for _, name := range lab.HostileNames() {
		s := lab.Listen(t, lab.TCP, "127.0.0.1:0")
		s.Label = name
		lab.Start(t, lab.Helper{Comm: name}, s)
		s.Close()
		sockets = append(sockets, s)
	}
	gone := lab.Listen(t, lab.TCP, "127.0.0.1:0")
	helper := lab.Start(t, lab.Helper{Comm: "gone"}, gone)
	gone.Close()
	helper.Stop()

	table := find(t)
	for _, s := range sockets {
		expect(t, table, s)
	}
	if got := table.Owners(gone.Inode); got != nil {
		t.Errorf("a closed socket has owners %v", got)
	}
}

// TestOtherNamespace finds an owner that is in another network namespace than its socket.
func TestOtherNamespace(t *testing.T) {
	lab.Require(t)
	s := lab.Listen(t, lab.TCP, "127.0.0.1:0")
	lab.Start(t, lab.Helper{Comm: "elsewhere", OtherNamespace: true}, s)
	s.Close()
	expect(t, find(t), s)
}

// TestThreads finds what only a thread has, and a process whose first thread has exited.
func TestThreads(t *testing.T) {
	lab.Require(t)
	for name, holder := range map[string]lab.Holder{"thread": lab.OtherThread, "no leader": lab.ExitedLeader} {
		s := lab.Listen(t, lab.TCP, "127.0.0.1:0")
		s.Label = name
		lab.Start(t, lab.Helper{Comm: name, Holder: holder}, s, s)
		s.Close()
		expect(t, find(t), s)
	}
}

// seenEnv makes TestUnprivileged print what it sees, in a process without capabilities.
const seenEnv = "NETQL_OWNERS_SEEN"

// TestUnprivileged looks as an ordinary user at processes it may and may not look into.
func TestUnprivileged(t *testing.T) {
	if inode := os.Getenv(seenEnv); inode != "" {
		report(t, inode)
		return
	}
	lab.Require(t)
	s := lab.Listen(t, lab.TCP, "127.0.0.1:0")
	visible := lab.Start(t, lab.Helper{Comm: "visible", Unprivileged: true}, s)
	lab.Start(t, lab.Helper{Comm: "capable"}, s)
	lab.Start(t, lab.Helper{Comm: "undumpable", Unprivileged: true, Undumpable: true}, s)

	got := asOrdinaryUser(t, s)
	if len(got.Owners) != 1 || got.Owners[0].PID != visible.Pid {
		t.Errorf("owners %v, want only %d", got.Owners, visible.Pid)
	}
	if got.Unreadable < 3 { // two helpers and the test itself
		t.Errorf("%d processes could not be read", got.Unreadable)
	}
	if got.Refused.Count != got.Unreadable || got.Refused.PID == 0 || got.Refused.Name == "" {
		t.Errorf("refused: %+v", got.Refused)
	}
}

// asOrdinaryUser is what a process without capabilities sees of a socket.
func asOrdinaryUser(t *testing.T, s *lab.Socket) (got seen) {
	t.Helper()
	inode, err := json.Marshal(s.Inode)
	if err != nil {
		t.Fatal(err)
	}
	cmd := lab.Unprivileged(t, os.Args[0], "-test.run=^TestUnprivileged$")
	cmd.Env = append(cmd.Env, seenEnv+"="+string(inode))
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if err := json.NewDecoder(bytes.NewReader(out)).Decode(&got); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return got
}

// TestHidden: what the options of /proc hide from an ordinary user is missed, whether the processes are not listed, or
// listed and closed, or there is no /proc.
func TestHidden(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		if os.Getpid() != 1 {
			inPIDNamespace(t) // where /proc may be mounted
			return
		}
		s := lab.Listen(t, lab.TCP, "127.0.0.1:0")
		visible := lab.Start(t, lab.Helper{Comm: "visible", Unprivileged: true}, s)
		for options, want := range map[string]seen{
			"hidepid=2,gid=12345": {Hidden: true}, "hidepid=1,gid=12345": {Unreadable: 1}, "gid=12345": {Unreadable: 1},
		} {
			if err := unix.Mount("proc", "/proc", "proc", 0, options); err != nil {
				t.Skipf("%s: %v", options, err)
			}
			got := asOrdinaryUser(t, s)
			if len(got.Owners) != 1 || got.Owners[0].PID != visible.Pid || got.Hidden != want.Hidden ||
				(got.Unreadable > 0) != (want.Unreadable > 0) {
				t.Errorf("%s: %+v, want %+v", options, got, want)
			}
			if table := find(t); table.Hidden || table.Unreadable > got.Unreadable && got.Unreadable > 0 {
				t.Errorf("%s: who may see all misses %d, hidden: %v", options, table.Unreadable, table.Hidden)
			}
			if err := unix.Unmount("/proc", unix.MNT_DETACH); err != nil {
				t.Fatal(err)
			}
		}
		if err := unix.Mount("none", "/proc", "tmpfs", 0, ""); err != nil {
			t.Fatal(err)
		}
		defer unix.Unmount("/proc", unix.MNT_DETACH)
		if _, err := (owners.Proc{}).Find(t.Context()); !errors.Is(err, procfs.ErrNotMounted) {
			t.Errorf("an empty /proc: %v", err)
		}
	})
}

// inPIDNamespace runs the test that calls it again, as process 1 of a new pid namespace.
func inPIDNamespace(t *testing.T) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.v", "-test.run=^"+t.Name()+"$")
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWPID | unix.CLONE_NEWNS, Pdeathsig: unix.SIGKILL}
	output, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	if bytes.Contains(output, []byte("--- SKIP")) {
		t.Skipf("%s", output)
	}
}

// seen is the report of the process without capabilities.
type seen struct {
	Owners     []owners.Owner
	Unreadable int
	Hidden     bool
	Refused    access.Refused
}

func report(t *testing.T, text string) {
	var inode uint64
	if err := json.Unmarshal([]byte(text), &inode); err != nil {
		t.Fatal(err)
	}
	table := find(t)
	if err := json.NewEncoder(os.Stdout).Encode(seen{table.Owners(inode), table.Unreadable, table.Hidden,
		table.Refused()}); err != nil {
		t.Fatal(err)
	}
}

func TestComplete(t *testing.T) {
	link, err := os.Readlink("/proc/self/ns/pid")
	if err != nil {
		t.Fatal(err)
	}
	_, err = os.Stat("/proc/1")
	want := link == "pid:[4026531836]" && err == nil
	if got := find(t).Complete; got != want {
		t.Errorf("complete: %v in %s", got, link)
	}
}

// TestCancel checks that a cancelled search ends with the reason and leaves nothing behind.
func TestCancel(t *testing.T) {
	goroutines := runtime.NumGoroutine()
	why := errors.New("changed my mind")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	if table, err := (owners.Proc{}).Find(ctx); table != nil || !errors.Is(err, why) {
		t.Errorf("%v, %v", table, err)
	}
	lab.Await(t, fmt.Sprintf("no more than %d goroutines", goroutines),
		func() bool { return runtime.NumGoroutine() <= goroutines })
}

// TestNoFilesLeft checks that running out of file descriptors is an error, not a table with holes.
func TestNoFilesLeft(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		reader, writer, err := os.Pipe() // whose poller takes files, too
		if err != nil {
			t.Fatal(err)
		}
		reader.Close()
		writer.Close()
		limit := unix.Rlimit{Cur: 64, Max: 64}
		if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
			t.Fatal(err)
		}
		var opened []int
		for {
			fd, err := unix.Open("/dev/null", unix.O_RDONLY|unix.O_CLOEXEC, 0)
			if err != nil {
				break
			}
			opened = append(opened, fd)
		}
		last := len(opened) - 1
		unix.Close(opened[last]) // one is enough to open /proc
		defer func() {
			for _, fd := range opened[:last] {
				unix.Close(fd)
			}
		}()
		if _, err := (owners.Proc{}).Find(t.Context()); !errors.Is(err, unix.EMFILE) {
			t.Errorf("error %v", err)
		}
	})
}
