package tables_test

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"testing"

	"golang.org/x/sys/unix"

	"netql/query"
	"netql/sources"
	"netql/sources/capture"
	"netql/sources/lab"
	"netql/sources/netlink"
	"netql/sources/netlink/netlinktest"
)

// TestInterfacesLookedUp: interfaces that a query names are those of the list, in its order, by their names alone. So
// they are in a capture, whatever was asked when it was made.
func TestInterfacesLookedUp(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		makeLinks(t)
		port, err := net.InterfaceByName("tport1")
		must(t, err)
		recorder := capture.NewRecorder(t.Context(), sources.Live())
		if rows := ask(t, recorder.System(), `interfaces name == "tport0" | select name, index`).rows; len(rows) != 1 {
			t.Errorf("to a recorder: %v", lines(rows))
		}
		ask(t, recorder.System(), "interfaces | select *")
		systems := map[string]*sources.System{"live": sources.Live(), "captured": reopened(t, recorder)}
		for condition, want := range map[string][]string{
			`name == "tport1"`:                                   {"tport1"},
			`name in ["tport1", "lo", "no"]`:                     {"lo", "tport1"},
			`name == "tport1" or index == 1`:                     {"lo", "tport1"}, // the list
			`name == "short"`:                                    nil,              // another name of tport1
			`name == "a-name-longer-than-others"`:                nil,              // no name is as long
			`name == "no"`:                                       nil,
			fmt.Sprint("index in [", port.Index, ", 1, -1, 0]"):  {"lo", "tport1"},
			"index in [999999, 4294967297]":                      nil,
			fmt.Sprint(`name == "lo" and index == `, port.Index): nil,
		} {
			for name, system := range systems {
				a := ask(t, system, "interfaces "+condition+" | select name, altnames, rx_bytes, addresses")
				var names []string
				for _, r := range a.rows {
					names = append(names, r["name"].(string))
				}
				if fmt.Sprint(names) != fmt.Sprint(want) || a.err != nil || len(unusual(a.warnings)) > 0 {
					t.Errorf("%s, %s: %v, %v, %q; want %v", name, condition, names, a.err, a.warnings, want)
				}
			}
		}
	})
}

// TestInterfaceRequests: one interface is asked for alone, also where its routes and neighbours are listed.
func TestInterfaceRequests(t *testing.T) {
	for text, want := range map[string]int{
		`interfaces name == "eth0"`: 1, `interfaces name in ["eth0", "eth1"]`: 0,
		`interfaces name == "eth0" or mtu > 9`: 0,
		`ethernet interface == "eth0"`:         1, `routes dev == "eth0" | select dst`: 1, `neighbors dev == "eth0"`: 1,
		`interfaces name == "eth0" and name == nil`: 1, `interfaces index == 0`: 0,
	} {
		single, lists := 0, 0
		system := fakeKernel{}.system(files(nil), fakeFinder{})
		system.Netlink = netlinktest.Func(func(r netlink.Request) ([]netlink.Message, error) {
			switch {
			case r.Type == unix.RTM_GETLINK && r.Single:
				single++
				return nil, &netlink.Error{Errno: unix.ENODEV}
			case r.Type == unix.RTM_GETLINK:
				lists++
			}
			return nil, nil
		})
		if a, err := run(t.Context(), system, query.Compile, text); err != nil || a.err != nil {
			t.Errorf("%s: %v, %v", text, err, a.err)
		}
		if single != want || (lists > 0) != (want == 0 && text != "interfaces index == 0") {
			t.Errorf("%s: %d interfaces are looked up, and %d lists read; want %d", text, single, lists, want)
		}
	}
}

// TestProcessesLookedUp: processes that a query names are those of the list; the number of a thread is that of no
// process.
func TestProcessesLookedUp(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		other := lab.Start(t, lab.Helper{Comm: "other"})
		thread := 0
		tasks, err := os.ReadDir("/proc/self/task")
		must(t, err)
		for _, task := range tasks {
			if n, _ := strconv.Atoi(task.Name()); n != os.Getpid() {
				thread = n
			}
		}
		if _, err := os.Stat(fmt.Sprintf("/proc/%d/stat", thread)); err != nil || thread == 0 {
			t.Fatalf("a thread, %d: %v", thread, err)
		}
		self := os.Getpid()
		for condition, want := range map[string][]string{
			fmt.Sprint("pid == ", self):                                            {fmt.Sprint("pid=", self)},
			fmt.Sprint("pid == ", thread):                                          nil,
			fmt.Sprintf("pid in [%d, %d, %d, 4194305]", other.Pid, thread, self):   pids(self, other.Pid),
			fmt.Sprintf("pid == %d and name == 'other'", other.Pid):                pids(other.Pid),
			fmt.Sprintf("pid == %d and (pid == %d or pid == -1)", other.Pid, self): nil,
			fmt.Sprintf("not (pid != %d and pid != %d) and pid > 0", self, thread): pids(self),
			"pid == 0": nil,
			fmt.Sprintf("pid == %d and user == 'root' and netns != nil", other.Pid): pids(other.Pid),
		} {
			rows := complete(t, sources.Live(), "processes "+condition+" | select pid | sort pid")
			if got := lines(rows); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s: %v, want %v", condition, got, want)
			}
		}
	})
}

func pids(numbers ...int) (rows []string) {
	for _, n := range numbers {
		rows = append(rows, fmt.Sprint("pid=", n))
	}
	return rows
}
