package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

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
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), exe, args...)
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
		"the command's":   {[]string{"-n", "0", "--", "sh", "-c", "exit 7"}, 7, "ready\n"},
		"no such command": {[]string{"-n", "0", "--", "no-such-command"}, 1, "executable file not found"},
		"a failed bench":  {[]string{"-n", "0", "-bench", "--", "false"}, 1, "command lines that failed: 1"},
		"no command":      {[]string{"-n", "0"}, 2, "usage"},
		"too many":        {[]string{"-n", "1000001", "--", "true"}, 2, "out of range"},
		"no runs":         {[]string{"-bench", "-runs", "0", "--", "true"}, 2, "out of range"},
		"unknown flag":    {[]string{"-x", "--", "true"}, 2, "not defined"},
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

func TestBench(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		stdout, stderr, status := load(t, "-n", "100", "-procs", "2", "-bench", "-runs", "3", "--",
			"cat /proc/net/tcp", "printf 'a\\nb\\n'", "--", "true")
		const numbers = `+([\d.]+ ms +){3}(< )?[\d.]+ MB +\d+\.\d\d  `
		want := []string{
			`lines +median +best +cpu +peak memory +ratio  command`,
			`103 ` + numbers + `cat /proc/net/tcp`,
			`2 ` + numbers + `printf`,
			`lines `,
			`0 ` + numbers + `true`,
		}
		lines := strings.Split(stdout, "\n")
		if status != 0 || len(lines) < len(want) {
			t.Fatalf("status %d, %s:\n%s", status, stderr, stdout)
		}
		for i, pattern := range want {
			if !regexp.MustCompile(`^ *` + pattern).MatchString(lines[i]) {
				t.Errorf("line %d is %q, want %s", i+1, lines[i], pattern)
			}
		}
	})
}

func TestMeasure(t *testing.T) {
	const nap = 30 * time.Millisecond
	m := measure("sleep 0.03", 3)
	if m.err != nil || m.best < nap || m.wall < m.best || m.cpu > m.best || m.memory == 0 || m.lines != 0 {
		t.Errorf("a nap of %v measured: %+v", nap, m)
	}
	if m := measure("sh -c 'exit 1'", 3); m.err == nil {
		t.Errorf("a failed command measured: %+v", m)
	}
}

func TestRatio(t *testing.T) {
	var out strings.Builder
	m := measurement{lines: 7, wall: 3 * time.Millisecond, best: 2500 * time.Microsecond, cpu: time.Millisecond,
		memory: 1 << 20}
	m.print(&out, "x", 2*time.Millisecond)
	want := "       7      3.0 ms      2.5 ms      1.0 ms    1024.0 MB    1.50  x\n"
	if out.String() != want {
		t.Errorf("%q, want %q", out.String(), want)
	}
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

func TestGroups(t *testing.T) {
	got := groups(strings.Fields("a b -- c -- -- d"))
	if want := [][]string{{"a", "b"}, {"c"}, {"d"}}; !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
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
