package tables_test

import (
	"fmt"
	"io/fs"
	"strings"
	"syscall"
	"testing"

	"netql/sources"
	"netql/sources/owners"
	"netql/sources/vfs/vfstest"
)

// held is the status of a socket whose owner is seen: partial where some processes of the machine may not be
// inspected, who might share it, as from the user namespace that most tests run in.
func held(t testing.TB) string {
	t.Helper()
	table, err := owners.Proc{}.Find(t.Context())
	must(t, err)
	if table.Unreadable > 0 || table.Hidden {
		return "partial"
	}
	return "ok"
}

// TestUnreadFacts: that command lines or control groups cannot be read is told once, with the number of processes, and
// why; that a process has exited is not.
func TestUnreadFacts(t *testing.T) {
	texts := map[string]string{}
	for pid := 10; pid < 15; pid++ {
		dir := fmt.Sprintf("%d/", pid)
		texts[dir+"stat"] = fmt.Sprintf("%d (a)%s", pid, statOf)
		texts[dir+"cmdline"], texts[dir+"cgroup"], texts[dir+"ns/net"] = "a\x00b", "0::/x\n", "net:[7]"
		texts[dir+"status"] = "Uid:\t1\t1000\t1\t1\n"
	}
	for name, fact := range map[string]string{
		"cmdline": "cmdline", "cgroup": "cgroup", "ns/net": "netns", "status": "uid",
	} {
		for _, err := range []error{syscall.EMFILE, syscall.EIO, syscall.ENOENT, syscall.ESRCH} {
			proc := fakeProc(texts)
			for _, pid := range []string{"11", "13"} {
				proc["/proc/"+pid+"/"+name] = vfstest.File{Err: err}
			}
			system := &sources.System{Files: proc, Owners: fakeFinder{}, Netlink: fakeKernel{}.system(nil, nil).Netlink}
			a := ask(t, system, "processes | where "+fact+" == nil | select pid")
			same(t, name, lines(a.rows), []string{"pid=11", "pid=13"})
			warned := strings.Join(a.warnings, "\n")
			if gone := err == syscall.ENOENT || err == syscall.ESRCH; gone != (warned == "") ||
				!gone && (len(a.warnings) != 1 || !strings.Contains(warned, "of 2 processes are unknown") ||
					!strings.Contains(warned, err.Error())) {
				t.Errorf("%s, %v: warnings %q", name, err, a.warnings)
			}
		}
	}
}

// TestHiddenProcesses: where /proc does not list all processes, or none, that is told.
func TestHiddenProcesses(t *testing.T) {
	proc := fakeProc(map[string]string{"10/stat": "10 (a)" + statOf, "10/ns/net": "net:[7]"})
	delete(proc, "/proc/1")
	system := &sources.System{Files: proc, Owners: fakeFinder{}, Netlink: fakeKernel{}.system(nil, nil).Netlink}
	for _, query := range []string{"processes | select pid", "namespaces | select pid"} {
		a := ask(t, system, query)
		if len(a.rows) != 1 || len(a.warnings) != 1 || !strings.Contains(a.warnings[0], "does not show processes") {
			t.Errorf("%s: %v, %q", query, lines(a.rows), a.warnings)
		}
	}
	system.Files = vfstest.Files{"/proc": {Dir: true}, "/etc/passwd": {Err: fs.ErrPermission}}
	if a := ask(t, system, "processes"); len(a.rows) != 0 || len(a.warnings) != 1 ||
		!strings.Contains(a.warnings[0], "it is not mounted") {
		t.Errorf("an empty /proc: %q", a.warnings)
	}
}
