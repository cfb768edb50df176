package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources/lab"
)

// programEnv makes the test binary be the program.
const programEnv = "NETQL_LOAD"

func TestMain(m *testing.M) {
	if os.Getenv(programEnv) != "" {
		main()
	}
	os.Exit(lab.Main(m))
}

// load is a run of the program.
func load(t *testing.T, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	return loadWith(t, "", args...)
}

// loadWith is a run of the program with a text as its input.
func loadWith(t *testing.T, stdin string, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), exe, args...)
	cmd.Stdin = strings.NewReader(stdin)
	cmd.Env = append(os.Environ(), programEnv+"=1")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	cmd.Run() // its error repeats the status
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

func TestLoad(t *testing.T) {
	tests := map[string]struct{ sockets, processes, listeners int }{
		"an even share":   {400, 4, 4},
		"an uneven share": {300, 7, 7},
		"nothing":         {0, 1, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			lab.Isolate(t, func(t *testing.T) {
				stdout, stderr, status := load(t, fmt.Sprintf("-n=%d", test.sockets),
					fmt.Sprintf("-procs=%d", test.processes),
					"--", "cat", "/proc/net/tcp")
				established, listening := strings.Count(stdout, " 01 "), strings.Count(stdout, " 0A ")
				if established != test.sockets || listening != test.listeners || status != 0 || stderr != "ready\n" {
					t.Errorf("%d connected, %d listening, status %d, %q", established, listening, status, stderr)
				}
				if left, err := os.ReadFile("/proc/net/tcp"); err != nil || strings.Contains(string(left), " 01 ") {
					t.Errorf("connections are left (%v):\n%s", err, left)
				}
			})
		})
	}
}

func TestStatus(t *testing.T) {
	tests := map[string]struct {
		args   []string
		status int
		stderr string
	}{
		"the command's":    {[]string{"-n", "0", "--", "sh", "-c", "exit 7"}, 7, "ready\n"},
		"no such command":  {[]string{"-n", "0", "--", "no-such-command"}, 1, "executable file not found"},
		"nothing to bench": {[]string{"-n", "0", "-bench", "--", "false"}, 2, "read from standard input"},
		"no command":       {[]string{"-n", "0"}, 2, "usage"},
		"too many":         {[]string{"-n", "1000001", "--", "true"}, 2, "out of range"},
		"no runs":          {[]string{"-bench", "-runs", "0"}, 2, "out of range"},
		"unknown flag":     {[]string{"-x", "--", "true"}, 2, "not defined"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			lab.Isolate(t, func(t *testing.T) {
				_, stderr, status := load(t, test.args...)
				if status != test.status || !strings.Contains(stderr, test.stderr) {
					t.Errorf("status %d, want %d, and %q in %q", status, test.status, test.stderr, stderr)
				}
			})
		})
	}
}

// TestMachine: of the namespaces, only that of the network is new.
func TestMachine(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		t.Setenv("NETQL_LAB", "") // as if outside
		const namespaces = "readlink /proc/self/ns/net /proc/self/ns/pid /proc/self/ns/user"
		here, err := exec.Command("sh", "-c", namespaces).Output()
		if err != nil {
			t.Fatal(err)
		}
		stdout, stderr, status := load(t, "-machine", "-n", "4", "-procs", "1", "--",
			"sh", "-c", namespaces+"; ls /run; grep -c ' 01 ' /proc/net/tcp")
		want, got := strings.Fields(string(here)), strings.Fields(stdout)
		if status != 0 || len(got) != 4 || got[0] == want[0] || got[1] != want[1] || got[2] != want[2] ||
			got[3] != "4" {
			t.Errorf("status %d, %s: %q, outside %q", status, stderr, got, want)
		}
	})
}

func TestFileLimit(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: 64, Max: 256}); err != nil {
			t.Fatal(err)
		}
		if _, stderr, status := load(t, "-n", "180", "-procs", "1", "--", "true"); status != 0 {
			t.Errorf("within the hard limit: status %d, %s", status, stderr)
		}
		if _, stderr, status := load(t, "-n", "1000", "-procs", "1", "--", "true"); status != 1 ||
			!strings.Contains(stderr, "use more processes") {
			t.Errorf("beyond it: status %d, %s", status, stderr)
		}
	})
}

func TestShare(t *testing.T) {
	for _, total := range []int{0, 1, 7, 50, 49_999} {
		for _, workers := range []int{1, 3, 50} {
			sum, least, most := 0, total, 0
			for worker := range workers {
				n := share(total, workers, worker)
				sum, least, most = sum+n, min(least, n), max(most, n)
			}
			if sum != total || most-least > 1 {
				t.Errorf("%d for %d workers: %d altogether, from %d to %d", total, workers, sum, least, most)
			}
		}
	}
}

func TestAddress(t *testing.T) {
	seen := map[[4]byte]bool{}
	for i := range 62_500 {
		a := address(2, i)
		if ip := net.IP(a[:]); !ip.IsLoopback() || seen[a] || a[2] == 0 || a[3] == 0 || a[2] > 250 || a[3] > 250 {
			t.Fatalf("address %d is %v", i, ip)
		}
		seen[a] = true
	}
}
