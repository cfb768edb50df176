package tables_test

import (
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"netql/sources"
	"netql/sources/capture"
	"netql/sources/lab"
	"netql/sources/owners"
	"netql/sources/procfs"
	"netql/sources/vfs/vfstest"
)

// TestProcesses: a process is what it was made to be, whatever it calls itself.
func TestProcesses(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		began := time.Now()
		executable, err := os.Executable()
		must(t, err)
		a, b := lab.Unix(t, unix.SOCK_DGRAM, ""), lab.Unix(t, unix.SOCK_DGRAM, "")
		var processes []*lab.Process
		for _, name := range lab.HostileNames() {
			processes = append(processes, lab.Start(t, lab.Helper{Comm: name}, a, b, a))
		}
		elsewhere := lab.Start(t, lab.Helper{Comm: "elsewhere", OtherNamespace: true,
			Args: []string{"a b", "", "\xff"}})
		children := fmt.Sprintf("processes ppid == %d", os.Getpid())
		var rows []row
		lab.Await(t, "all sleep", func() bool {
			rows = live(t, children+" | select *")
			return len(matches(rows, func(r row) bool { return r["state"] != "sleeping" })) == 0
		})
		if len(rows) != len(processes)+1 {
			t.Errorf("%d rows, want %d", len(rows), len(processes)+1)
		}
		byPID := map[any]row{}
		for _, r := range rows {
			byPID[r["pid"]] = r
		}
		for _, p := range processes {
			r := byPID[p.Pid]
			expect(t, p.Comm, r, row{"name": p.Comm, "cmdline": "lab-helper", "executable": executable, "uid": 0,
				"user": "root", "state": "sleeping", "netns": ownNamespace(t), "sockets": 3})
			checkAge(t, r, began)
		}
		expect(t, "elsewhere", byPID[elsewhere.Pid],
			row{"cmdline": "a b  \xff", "sockets": 0, "netns": namespaceOf(t, elsewhere.Pid)})
		if byPID[elsewhere.Pid]["netns"] == ownNamespace(t) {
			t.Error("elsewhere is here")
		}
	})
}

func checkAge(t *testing.T, r row, began time.Time) {
	t.Helper()
	age, started := r["age"].(time.Duration), r["started"].(time.Time)
	if limit := time.Since(began) + time.Second; age > limit || started.Before(began.Add(-2*time.Second)) ||
		started.After(time.Now().Add(time.Second)) {
		t.Errorf("age %v, started %v; the test began %v", age, started, began)
	}
}

func ownNamespace(t testing.TB) string { t.Helper(); return namespaceOf(t, os.Getpid()) }

// namespaceOf is the inode number of a process's network namespace, as stat(2) gives it.
func namespaceOf(t testing.TB, pid int) string {
	t.Helper()
	info, err := os.Stat(fmt.Sprintf("/proc/%d/ns/net", pid))
	must(t, err)
	return fmt.Sprint(info.Sys().(*syscall.Stat_t).Ino)
}

// TestProcessesSameAsProc: every process of user space is a row, with the name that /proc/PID/comm has.
func TestProcessesSameAsProc(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Start(t, lab.Helper{Comm: "x) y"})
		before := live(t, "processes | select pid, name, threads")
		for _, r := range before {
			comm, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", r["pid"]))
			if err != nil {
				continue // it has exited
			}
			if got := strings.TrimSuffix(string(comm), "\n"); got != r["name"] &&
				!strings.HasPrefix(r["name"].(string), "lab") {
				t.Logf("process %d is called %q and now %q", r["pid"], r["name"], got)
			}
		}
		if len(live(t, "processes pid == 2")) > 0 && len(live(t, "processes name == 'kthreadd'")) > 0 {
			t.Error("a thread of the kernel is listed")
		}
	})
}

const statOf = " S 1 1 1 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 2 0 500 0 0 1 0 0 0\n"

// fakeProc is a machine with these files below /proc.
func fakeProc(texts map[string]string) vfstest.Files {
	files := vfstest.Files{
		"/proc/stat": {Text: "btime 1700000000\n"}, "/proc/uptime": {Text: "65.00 1.0\n"}, "/proc/net": {Dir: true},
		"/proc/1":           {Dir: true},
		"/proc/self/ns/net": {Link: "net:[7]"}, "/etc/passwd": {Text: "alice:x:1000:1000\n"},
	}
	for name, text := range texts {
		file := vfstest.File{Text: text}
		if strings.HasSuffix(name, "/net") || strings.HasSuffix(name, "/exe") {
			file = vfstest.File{Link: text}
		}
		files["/proc/"+name] = file
	}
	return files
}

// secretive are files of which some links may not be read.
type secretive struct {
	vfstest.Files
	prefix string
}

func (s secretive) ReadLink(name string) (string, error) {
	if strings.HasPrefix(name, s.prefix) {
		return "", &fs.PathError{Op: "readlink", Path: name, Err: fs.ErrPermission}
	}
	return s.Files.ReadLink(name)
}

// TestProcessesDegraded: a process that has exited is no loss, what may not be read is NULL and counted, and what is
// damaged is warned about.
func TestProcessesDegraded(t *testing.T) {
	const container = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	proc := fakeProc(map[string]string{
		"10/stat": "10 (a)" + statOf, "10/status": "Uid:\t1\t1000\t1\t1\n",
		"10/cgroup": "0::/docker/" + container + "\n", "10/ns/net": "net:[7]", "10/exe": "/bin/a (deleted)",
		"20/stat": "20 (b)" + statOf, "20/ns/net": "net:[8]", // it exits while it is looked at
		"30/status": "", // it has exited
		"40/stat":   "40 (kernel) S 2 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 2 0 0 1 0 0 0\n",
		"50/stat":   "50 (z) Z 1 1 1 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 1 0 6600 0 0 1 0 0 0\n",
	})
	finder := fakeFinder{held: []owners.SocketOwner{{Inode: 1, Owner: owners.Owner{PID: 10, Process: "a", FD: 3}}}}
	system := &sources.System{Files: proc, Owners: finder, Netlink: fakeKernel{}.system(nil, nil).Netlink}
	const query = "processes | select pid, name, uid, user, state, age, started, container, netns, executable, " +
		"sockets, threads"
	want := []string{
		"age=60 container=" + container +
			" executable=/bin/a (deleted) name=a netns=7 pid=10 sockets=1 started=2023-11-14T22:13:25Z " +
			"state=sleeping threads=2 uid=1000 user=alice",
		"age=60 container=- executable=- name=b netns=8 pid=20 sockets=0 started=2023-11-14T22:13:25Z state=sleeping " +
			"threads=2 uid=- user=-",
		"age=0 container=- executable=- name=z netns=- pid=50 sockets=0 started=2023-11-14T22:14:26Z state=zombie " +
			"threads=1 uid=- user=-",
	}
	check := func(name string, want []string, warnings ...string) {
		t.Helper()
		a := ask(t, system, query)
		for _, r := range a.rows {
			r["started"] = r["started"].(time.Time).UTC()
		}
		same(t, name, lines(a.rows), want)
		if !slices.Equal(a.warnings, warnings) {
			t.Errorf("%s: warnings %q, want %q", name, a.warnings, warnings)
		}
	}
	check("exited", want)
	system.Files = secretive{proc, "/proc/20/ns"}
	check("secret", []string{want[0], strings.Replace(want[1], "netns=8", "netns=-", 1), want[2]},
		"some facts are unknown, because 1 of the processes may not be inspected, 20 (b)")
	system.Files = proc
	proc["/proc/20/stat"] = vfstest.File{Text: "garbage"}
	check("damaged", []string{want[0], want[2]},
		`not all processes could be read: /proc/20/stat: no command in parentheses: "garbage"`)
	delete(proc, "/proc/20/stat")
	delete(proc, "/proc/stat")
	delete(proc, "/proc/uptime")
	if a := ask(t, system, "processes | select started, age"); len(a.rows) != 2 || len(a.warnings) != 2 ||
		a.rows[0]["age"] != nil || a.rows[0]["started"] != nil {
		t.Errorf("no boot time: %v, %q", lines(a.rows), a.warnings)
	}
	system.Files = vfstest.Files{}
	if a := ask(t, system, "processes"); len(a.rows) != 0 || len(a.warnings) != 1 {
		t.Errorf("no /proc: %d rows, warnings %q", len(a.rows), a.warnings)
	}
}

// exiting are files of a process that ends when a link of it is read, which the kernel tells as if that were forbidden.
type exiting struct {
	vfstest.Files
	dir string
}

func (e exiting) ReadLink(name string) (string, error) {
	if strings.HasPrefix(name, e.dir) {
		delete(e.Files, e.dir+"stat")
		return "", &fs.PathError{Op: "readlink", Path: name, Err: syscall.EACCES}
	}
	return e.Files.ReadLink(name)
}

// TestProcessesExit: a process that ends while it is looked at is none that refuses to be inspected.
func TestProcessesExit(t *testing.T) {
	for _, query := range []string{"processes | select pid, netns", "processes | select pid, executable",
		"namespaces"} {
		files := exiting{fakeProc(map[string]string{"20/stat": "20 (b)" + statOf}), "/proc/20/"}
		system := &sources.System{Files: files, Owners: fakeFinder{}, Netlink: fakeKernel{}.system(nil, nil).Netlink}
		if a := ask(t, system, query); len(a.warnings) > 0 {
			t.Errorf("%s: warnings %q", query, a.warnings)
		}
	}
}

// TestProcessesHidden: where /proc hides processes there is a warning, live and in a capture, redacted or not, also
// where process 1 is not among the hidden ones.
func TestProcessesHidden(t *testing.T) {
	const status = "Gid:\t1\t1\t1\t1\nGroups:\t\nCapEff:\t0\n"
	for options, warnings := range map[string][]string{
		"rw": nil, "rw,hidepid=2": {"not all processes could be read: " + procfs.ErrHidden.Error()},
	} {
		proc := fakeProc(map[string]string{
			"1/stat": "1 (a)" + statOf, "self/status": status,
			"self/mountinfo": "22 21 0:5 / /proc rw - proc proc " + options + "\n",
		})
		live := &sources.System{Files: proc, Owners: fakeFinder{}, Netlink: fakeKernel{}.system(nil, nil).Netlink}
		for name, redact := range map[string]bool{"a capture": false, "a redacted capture": true} {
			recorder := capture.NewRecorder(t.Context(), live)
			recording := ask(t, recorder.System(), "processes")
			if redact {
				must(t, recorder.Redact())
			}
			captured := ask(t, reopened(t, recorder), "processes pid == 1")
			for name, a := range map[string]answer{"live": recording, name: captured} {
				if len(a.rows) != 1 || a.err != nil || !slices.Equal(a.warnings, warnings) {
					t.Errorf("%s, %s: %v, %v, warnings %q", options, name, lines(a.rows), a.err, a.warnings)
				}
			}
		}
		if a := ask(t, live, "processes pid == 7"); len(a.rows) > 0 || a.err != nil ||
			!slices.Equal(a.warnings, warnings) {
			t.Errorf("%s, no process: %v, warnings %q", options, a.err, a.warnings)
		}
	}
}

// TestProcessesFiltered: processes that were listed and are not wanted were read, though others may be missing.
func TestProcessesFiltered(t *testing.T) {
	proc := fakeProc(map[string]string{"1/stat": "1 (a)" + statOf})
	proc["/proc/self/mountinfo"] = vfstest.File{Err: syscall.EMFILE}
	system := &sources.System{Files: proc, Owners: fakeFinder{}, Netlink: fakeKernel{}.system(nil, nil).Netlink}
	a := ask(t, system, "processes pid == 7") // the error that nothing could be read would be among the warnings
	if len(a.rows) > 0 || len(a.warnings) != 1 ||
		!strings.HasPrefix(a.warnings[0], "not all processes could be read: ") {
		t.Errorf("%v, %v, warnings %q", lines(a.rows), a.err, a.warnings)
	}
}
