package tables_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources"
	"netql/sources/lab"
	"netql/sources/netlink/netlinktest"
)

// makeNamespaces gives the test's namespace a name, makes one that has nothing but a name, and one that has nothing
// but a process.
func makeNamespaces(t testing.TB) *lab.Process {
	t.Helper()
	lab.NameNamespaces(t, "own", "empty")
	return lab.Start(t, lab.Helper{Comm: "elsewhere", OtherNamespace: true})
}

// TestNamespaces: those with a name, and those with a process.
func TestNamespaces(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		elsewhere := makeNamespaces(t)
		must(t, os.WriteFile("/run/netns/stale", nil, 0)) // as ip-netns(8) leaves it behind where the mount is gone
		byInode := map[string]row{}
		rows := live(t, "namespaces | select *")
		for _, r := range rows {
			byInode[cell(r["inode"])] = r
		}
		expect(t, "own", byInode[ownNamespace(t)],
			row{"name": "own", "names": []any{"own"}, "current": true, "pid": lab.FirstPID})
		expect(t, "elsewhere", byInode[namespaceOf(t, elsewhere.Pid)],
			row{"name": nil, "names": nil, "current": false, "processes": 1,
				"pid": elsewhere.Pid, "process": "elsewhere", "cmdline": "lab-helper"})
		for _, r := range rows {
			if r["name"] == "stale" {
				t.Errorf("a file that is no namespace: %v", r)
			}
			if r["name"] == "empty" {
				expect(t, "empty", r, row{"processes": 0, "pid": nil, "process": nil, "unit": nil, "current": false})
			}
		}
		if n := len(live(t, "namespaces name == 'empty'")); n != 1 {
			t.Errorf("%d namespaces are empty", n)
		}
		if got := live(t, "processes netns == 'own' | select pid")[0]["pid"]; got != lab.FirstPID {
			t.Errorf("the first process in own is %v", got)
		}
	})
}

// TestNamespacesCovered: what is mounted over a name, or over the directory of the names, hides no namespace.
func TestNamespacesCovered(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.NameNamespaces(t, "own", "file", "dir")
		inodes := map[string]uint64{}
		for _, name := range []string{"file", "dir"} {
			info, err := sources.Live().Files.Stat("/run/netns/" + name)
			must(t, err)
			inodes[name] = info.Inode
		}
		check := func(what, name string) {
			a := ask(t, sources.Live(), "namespaces | select inode, name, processes")
			want := fmt.Sprintf("inode=%d name=- processes=0", inodes[name])
			if !slices.Contains(lines(a.rows), want) {
				t.Errorf("%s: no row %q among %q", what, want, lines(a.rows))
			}
			told := fmt.Sprintf("%d is mounted at /run/netns/%s,", inodes[name], name)
			if !strings.Contains(strings.Join(a.warnings, "\n"), told) {
				t.Errorf("%s: no warning has %q: %q", what, told, a.warnings)
			}
		}
		if a := ask(t, sources.Live(), "namespaces"); len(a.warnings) > 0 {
			t.Errorf("nothing is covered: %q", a.warnings)
		}
		must(t, unix.Mount("/dev/null", "/run/netns/file", "", unix.MS_BIND, ""))
		check("a file", "file")
		must(t, unix.Mount("none", "/run/netns", "tmpfs", 0, ""))
		check("the directory", "dir")
	})
}

// TestNamespacesDegraded: what may not be inspected is counted, and kernel threads and zombies are not.
func TestNamespacesDegraded(t *testing.T) {
	proc := fakeProc(map[string]string{
		"10/stat": "10 (a)" + statOf, "10/ns/net": "net:[7]", "20/stat": "20 (b)" + statOf, "20/ns/net": "net:[8]",
		"21/stat": "21 (c)" + statOf, "21/ns/net": "net:[8]",
		"50/stat": "50 (z) Z 1 1 1 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 1 0 6600 0 0 1 0 0 0\n",
	})
	system := &sources.System{Files: proc, Owners: fakeFinder{}, Netlink: netlinktest.Func(nil)}
	const query = "namespaces | select inode, name, current, processes, pid, process"
	own, other := "current=true inode=7 name=- pid=10 process=a processes=1",
		"current=false inode=8 name=- pid=20 process=b processes=2"
	a := ask(t, system, query)
	same(t, "all", lines(a.rows), []string{own, other})
	if len(a.warnings) > 0 {
		t.Errorf("warnings %q", a.warnings)
	}
	system.Files = secretive{proc, "/proc/20/"}
	a = ask(t, system, query)
	same(t, "secret", lines(a.rows), []string{own, "current=false inode=8 name=- pid=21 process=c processes=1"})
	if len(a.warnings) != 1 || !strings.Contains(a.warnings[0], "1 of the processes may not be inspected") {
		t.Errorf("warnings %q", a.warnings)
	}
	delete(proc, "/proc/self/ns/net")
	system.Files = proc
	if a = ask(t, system, query); len(a.rows) != 2 || a.rows[0]["current"] != nil || len(a.warnings) != 1 {
		t.Errorf("without our own: %v, %q", lines(a.rows), a.warnings)
	}
}
