package taskfile_test

import (
	"errors"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources/lab"
	"netql/sources/owners"
	"netql/sources/taskfile"
)

// TestMain leaves the tests where they are: the kernel gives its list in the machine's own namespaces only.
func TestMain(m *testing.M) {
	lab.Role()
	os.Exit(m.Run())
}

// require skips a test where the list cannot be had for want of a right. Any other reason is a failure, because this
// test is the only one that notices.
func require(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("it looks at all processes of the machine")
	}
	var reason taskfile.NotAllowed
	if err := taskfile.Available(); errors.As(err, &reason) {
		lab.Cannot(t, "the kernel's list of open files: "+err.Error())
	} else if err != nil {
		t.Fatal(err)
	}
}

// TestLikeProc: the kernel's list has the sockets that a walk over /proc finds. On a machine where processes come and
// go, those are compared that both lists of one kind have, one made before and one after the other kind's. Of a process
// that refuses inspection one list may have sockets that the other lacks.
func TestLikeProc(t *testing.T) {
	require(t)
	made := population(t)
	var kernel, proc [2]*owners.Table
	for i := range 2 {
		kernel[i], proc[i] = find(t, owners.Machine{}), find(t, owners.Proc{})
	}
	for _, held := range missing(both(kernel), set(proc[0])) {
		if _, looked := proc[0].Count(held.PID); looked {
			t.Errorf("the walk lacks %+v", held)
		}
	}
	for _, held := range missing(both(proc), set(kernel[1])) {
		t.Errorf("the kernel's list lacks %+v", held)
	}
	for _, s := range made {
		want, got := proc[1].Owners(s.Inode), kernel[1].Owners(s.Inode)
		if !slices.Equal(got, want) {
			t.Errorf("%s: owners %v, want %v", s.Label, got, want)
		}
		if len(got) == 0 != (s.Label == "in flight" || s.Label == "closed") {
			t.Errorf("%s: owners %v", s.Label, got)
		}
		for _, o := range got {
			count, known := kernel[1].Count(o.PID)
			if want, knownToo := proc[1].Count(o.PID); o.PID != os.Getpid() && (count != want || known != knownToo) {
				t.Errorf("%s: %d has %d sockets, want %d", s.Label, o.PID, count, want)
			}
		}
	}
	k, p := kernel[1], proc[1]
	if !k.Complete || k.Hidden || k.Unreadable != p.Unreadable || k.Refused() != p.Refused() {
		t.Errorf("the kernel's list lacks %d processes (%+v), /proc %d (%+v)",
			k.Unreadable, k.Refused(), p.Unreadable, p.Refused())
	}
}

func find(t *testing.T, finder owners.Finder) *owners.Table {
	t.Helper()
	table, err := finder.Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// both are the sockets that two tables have.
func both(tables [2]*owners.Table) map[owners.SocketOwner]bool {
	first, second := set(tables[0]), set(tables[1])
	maps.DeleteFunc(first, func(held owners.SocketOwner, _ bool) bool { return !second[held] })
	return first
}

// missing are the sockets that others lack.
func missing(all, others map[owners.SocketOwner]bool) (list []owners.SocketOwner) {
	for held := range all {
		if !others[held] {
			list = append(list, held)
		}
	}
	return list
}

func set(table *owners.Table) map[owners.SocketOwner]bool {
	all := map[owners.SocketOwner]bool{}
	for held := range table.All() {
		all[held] = true
	}
	return all
}

// population makes sockets that differ by who has them open.
func population(t *testing.T) (all []*lab.Socket) {
	listen := func(label string) *lab.Socket {
		s := lab.Listen(t, lab.TCP, "127.0.0.1:0")
		s.Label = label
		all = append(all, s)
		return s
	}
	give := func(label string, h lab.Helper, times int) {
		s := listen(label)
		lab.Start(t, h, slices.Repeat([]*lab.Socket{s}, times)...)
		s.Close()
	}
	shared := listen("shared, and twice in each")
	for range 3 {
		lab.Start(t, lab.Helper{Comm: "worker"}, shared, shared)
	}
	give("other thread", lab.Helper{Comm: "thread", Holder: lab.OtherThread}, 2)
	give("copies in a thread", lab.Helper{Comm: "copies", Holder: lab.CopyInThread}, 2)
	give("exited leader", lab.Helper{Comm: "no leader", Holder: lab.ExitedLeader}, 2)
	give("other network namespace", lab.Helper{Comm: "elsewhere", OtherNamespace: true}, 1)
	give("undumpable", lab.Helper{Comm: "undumpable", Undumpable: true}, 1)
	give("without capabilities", lab.Helper{Comm: "ordinary", Unprivileged: true}, 1)
	for _, name := range lab.HostileNames() {
		give("name "+name, lab.Helper{Comm: name}, 1)
	}
	byPath(t, listen("opened by its path"))
	inFlight(t, listen("in flight"))
	inPIDNamespace(t, listen("other pid namespace"))
	closed := listen("closed")
	lab.Start(t, lab.Helper{Comm: "gone"}, closed).Stop()
	closed.Close()
	return all
}

// byPath opens the socket once more with O_PATH, which /proc shows as a socket, too, and a unix socket's file, which is
// none.
func byPath(t *testing.T, s *lab.Socket) {
	file, err := os.Open("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	open := func(dir int, path string) {
		fd, err := unix.Openat(dir, path, unix.O_PATH|unix.O_CLOEXEC, 0)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { unix.Close(fd) })
	}
	open(int(file.Fd()), strconv.Itoa(s.FD()))
	path := filepath.Join(t.TempDir(), "socket")
	listener, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	open(unix.AT_FDCWD, path)
}

// inFlight sends a socket over another one, where nobody receives it, and closes it.
func inFlight(t *testing.T, s *lab.Socket) {
	a, b := lab.UnixPair(t, unix.SOCK_STREAM)
	if err := unix.Sendmsg(a.FD(), []byte("!"), unix.UnixRights(s.FD()), nil, 0); err != nil {
		t.Fatal(err)
	}
	s.Close()
	_ = b // keeps it
}

// inPIDNamespace gives a socket to the first process of another pid namespace.
func inPIDNamespace(t *testing.T, s *lab.Socket) {
	file := duplicate(t, s)
	defer file.Close()
	cmd := exec.CommandContext(t.Context(), "cat")
	cmd.ExtraFiles = []*os.File{file}
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWPID, Pdeathsig: unix.SIGKILL}
	if _, err := cmd.StdinPipe(); err != nil { // which it waits for
		t.Fatal(err)
	}
	runtime.LockOSThread() // the parent whose death is meant is a thread
	t.Cleanup(runtime.UnlockOSThread)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
}

// duplicate gives another file descriptor of a socket.
func duplicate(t *testing.T, s *lab.Socket) *os.File {
	fd, err := unix.FcntlInt(uintptr(s.FD()), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	return os.NewFile(uintptr(fd), "socket")
}
