package lab

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func TestMain(m *testing.M) { os.Exit(Main(m)) }

// victimEnv makes TestVictim do something, in a process that the other tests start.
const victimEnv = "NETQL_LAB_VICTIM"

// TestVictim is what the tests of Main run: this test binary from the outside.
func TestVictim(t *testing.T) {
	acts := map[string]func(t *testing.T){
		"pass":   func(t *testing.T) { Require(t) },
		"fail":   func(t *testing.T) { t.Fatal("as told") },
		"exit 3": func(t *testing.T) { os.Exit(3) },
		"cgroup": func(t *testing.T) { fmt.Println("cgroup " + os.Getenv(cgroupEnv)) },
		"isolated fail": func(t *testing.T) {
			Isolate(t, func(t *testing.T) { t.Fatal("as told, inside") })
		},
		"isolated skip": func(t *testing.T) {
			Isolate(t, func(t *testing.T) { t.Skip("as told, inside") })
		},
		"sleep": func(t *testing.T) {
			listener := Listen(t, TCP, "127.0.0.1:0")
			Start(t, Helper{Comm: "sleeper"}, listener)
			os.Stdout.WriteString("asleep\n")
			time.Sleep(time.Minute)
		},
	}
	if act := acts[os.Getenv(victimEnv)]; act != nil {
		act(t)
	}
}

// victim is a run of TestVictim that knows nothing of the namespace it is started in, and has no terminal.
func victim(t *testing.T, act string, args ...string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), exe, append([]string{"-test.run=^TestVictim$", "-test.v"}, args...)...)
	for _, entry := range os.Environ() {
		if !strings.HasPrefix(entry, "NETQL_LAB") && !strings.HasPrefix(entry, "CI=") {
			cmd.Env = append(cmd.Env, entry)
		}
	}
	cmd.Env = append(cmd.Env, victimEnv+"="+act)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	return cmd
}

func TestMainPassesThrough(t *testing.T) {
	Require(t)
	tests := map[string]struct {
		act    string
		args   []string
		status int
		output string
	}{
		"success":     {act: "pass", output: "--- PASS: TestVictim"},
		"failure":     {act: "fail", status: 1, output: "as told"},
		"exit status": {act: "exit 3", status: 3},
		"timeout": {act: "sleep", args: []string{"-test.timeout=300ms"}, status: 2,
			output: "panic: test timed out"},
		"list":          {act: "fail", args: []string{"-test.list=Victim"}, output: "TestVictim"},
		"isolated fail": {act: "isolated fail", status: 1, output: "as told, inside"},
		"isolated skip": {act: "isolated skip", output: "--- SKIP: TestVictim"},
		"short":         {act: "pass", args: []string{"-test.short"}, output: "a live test, which -short leaves out"},
		"fuzzing": {
			act: "pass", args: []string{"-test.fuzz=^FuzzInside$", "-test.fuzztime=50x", "-test.parallel=2",
				"-test.fuzzcachedir=" + t.TempDir()},
			output: "fuzz: elapsed",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			cmd := victim(t, test.act, test.args...)
			output, _ := cmd.CombinedOutput()
			if got := cmd.ProcessState.ExitCode(); got != test.status ||
				!strings.Contains(string(output), test.output) {
				t.Errorf("status %d, want %d, and %q in the output:\n%s", got, test.status, test.output, output)
			}
		})
	}
}

// FuzzInside checks that the workers of a fuzz test are inside and do not go deeper.
func FuzzInside(f *testing.F) {
	Require(f)
	f.Add(1)
	f.Fuzz(func(t *testing.T, _ int) {
		if os.Getenv(markEnv) != ready || os.Getuid() != 0 {
			t.Fatalf("a fuzz worker is not inside: %q, uid %d", os.Getenv(markEnv), os.Getuid())
		}
	})
}

func TestSignals(t *testing.T) {
	Require(t)
	tests := map[string]struct {
		signal unix.Signal
		status int // as exec sees it: -1 for a killed process
	}{
		"SIGTERM is forwarded":          {unix.SIGTERM, 128 + int(unix.SIGTERM)},
		"SIGQUIT prints the goroutines": {unix.SIGQUIT, 2},
		"SIGKILL takes all with it":     {unix.SIGKILL, -1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			cmd := victim(t, "sleep")
			output, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			var stderr strings.Builder
			cmd.Stderr = &stderr // a pipe that Wait reads to its end: until every process that has it is gone
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			awaitLine(t, output, "asleep")
			cmd.Process.Signal(test.signal)
			io.Copy(io.Discard, output)
			cmd.Wait()
			if got := cmd.ProcessState.ExitCode(); got != test.status {
				t.Errorf("status %d, want %d; stderr:\n%s", got, test.status, &stderr)
			}
			if test.signal == unix.SIGQUIT && !strings.Contains(stderr.String(), "TestVictim") {
				t.Errorf("no goroutine of the test in:\n%s", &stderr)
			}
		})
	}
}

func awaitLine(t *testing.T, r io.Reader, want string) {
	t.Helper()
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		if lines.Text() == want {
			return
		}
	}
	t.Fatalf("no line %q", want)
}

func TestRefused(t *testing.T) {
	Require(t)
	const limit = "/proc/sys/user/max_net_namespaces" // of our user namespace: namespaces(7)
	old, err := os.ReadFile(limit)
	if err != nil {
		t.Skip(err)
	}
	if err := os.WriteFile(limit, []byte("0"), 0); err != nil {
		t.Skip(err)
	}
	defer os.WriteFile(limit, old, 0)

	output, err := victim(t, "pass").CombinedOutput()
	if err != nil || !strings.Contains(string(output), "LIVE TESTS NOT RUN: cannot start a process") {
		t.Errorf("%v, want a loud skip:\n%s", err, output)
	}
	inCI := victim(t, "pass")
	inCI.Env = append(inCI.Env, "CI=true")
	output, err = inCI.CombinedOutput()
	if err == nil || !strings.Contains(string(output), "impossible here: cannot start") {
		t.Errorf("%v, want a failure under CI=true:\n%s", err, output)
	}
}

// netns is the network namespace of a process or thread.
func netns(t *testing.T, who string) string {
	t.Helper()
	link, err := os.Readlink("/proc/" + who + "/ns/net")
	if err != nil {
		t.Fatal(err)
	}
	return link
}

func TestInside(t *testing.T) {
	Require(t)
	if uid, gid := os.Getuid(), os.Getgid(); uid != 0 || gid != 0 {
		t.Errorf("uid %d and gid %d, want 0 and 0", uid, gid)
	}
	if a, b := netns(t, "self"), netns(t, "thread-self"); a != b {
		t.Errorf("the process is in %s, this test in %s", a, b)
	}
}

func TestIsolate(t *testing.T) {
	t.Run("with / and spaces in its name", func(t *testing.T) {
		Isolate(t, func(t *testing.T) {
			if found := rows(t, "tcp"); len(found) > 0 {
				t.Errorf("an empty namespace has %v", found)
			}
			listener := Listen(t, TCP, "127.0.0.1:0")
			count := make(chan int)
			go func() { // any thread will do
				text, _ := os.ReadFile("/proc/net/tcp")
				count <- strings.Count(string(text), "\n") - 1
			}()
			if got := <-count; got != 1 {
				t.Errorf("%d sockets, want the one at %v", got, listener.Local)
			}
		})
	})
}

// TestIsolated: an isolated test sees its own process and the first, and nothing that others made.
func TestIsolated(t *testing.T) {
	Isolate(t, func(t *testing.T) {
		processes, err := filepath.Glob("/proc/[0-9]*")
		want := []string{fmt.Sprint("/proc/", FirstPID), fmt.Sprint("/proc/", os.Getpid())}
		if err != nil || !slices.Equal(processes, want) || os.Getppid() != FirstPID {
			t.Errorf("processes %v, want %v", processes, want)
		}
		if left, err := os.ReadDir("/run"); err != nil || len(left) > 0 {
			t.Errorf("/run has %v, %v", left, err)
		}
		own, err := os.ReadFile("/proc/self/cgroup")
		atRoot := strings.HasSuffix("\n"+string(own), "\n0::/\n")
		if err != nil || os.Getenv(cgroupEnv) != "" && !atRoot {
			t.Errorf("the cgroups are %q, %v", own, err)
		}
		if mount := unifiedMount(); (mount != "") != (os.Getenv(cgroupEnv) != "") {
			t.Errorf("cgroups are to be seen in %q, and %q is ours", mount, os.Getenv(cgroupEnv))
		} else if others, _ := filepath.Glob(mount + "/*/cgroup.procs"); len(others) > 0 {
			t.Errorf("other cgroups: %v", others)
		}
	})
}

// TestOrphans: the first process waits for those whose parents do not.
func TestOrphans(t *testing.T) {
	Isolate(t, func(t *testing.T) {
		out, err := exec.Command("sh", "-c", "sleep 0.01 & echo $!").Output()
		if err != nil {
			t.Fatal(err)
		}
		Await(t, "the orphan is gone", func() bool {
			_, err := os.Stat("/proc/" + strings.TrimSpace(string(out)))
			return errors.Is(err, fs.ErrNotExist)
		})
	})
}

// TestCgroupRemoved: nothing is left of the cgroup in which tests ran.
func TestCgroupRemoved(t *testing.T) {
	Require(t)
	out, err := victim(t, "cgroup").Output()
	if err != nil {
		t.Fatal(err)
	}
	path := regexp.MustCompile(`(?m)^cgroup (/.*)$`).FindSubmatch(out)
	if path == nil {
		t.Skipf("this user may make no cgroup: %s", out)
	}
	if _, err := os.Stat(string(path[1])); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is still there (%v)", path[1], err)
	}
}

func TestIsolateWithin(t *testing.T) {
	Isolate(t, func(t *testing.T) {
		outer := netns(t, "self")
		t.Run("subtest", func(t *testing.T) {
			Isolate(t, func(t *testing.T) {
				if name := os.Getenv(isolateEnv); name != t.Name() {
					t.Errorf("in %s, the process of %s", outer, name)
				}
			})
		})
	})
}

func TestNamespace(t *testing.T) {
	Require(t)
	before := netns(t, "self")
	seen := map[string]bool{before: true}
	for _, name := range []string{"first", "second"} {
		t.Run(name, func(t *testing.T) {
			Namespace(t)
			here := netns(t, "thread-self")
			if seen[here] {
				t.Errorf("%s is not a new namespace", here)
			}
			seen[here] = true
			Listen(t, TCP, "127.0.0.1:0")
			if found := rows(t, "tcp"); len(found) != 1 {
				t.Errorf("%v, want one listener", found)
			}
			child, err := exec.Command("readlink", "/proc/self/ns/net").Output()
			if got := strings.TrimSpace(string(child)); err != nil || got != here {
				t.Errorf("a child is in %q (%v), want %s", got, err, here)
			}
		})
	}
	if after := netns(t, "self"); after != before {
		t.Errorf("the process moved from %s to %s", before, after)
	}
}

func TestMainThreadIsKept(t *testing.T) {
	Require(t)
	for range 50 {
		done := make(chan bool)
		go func() {
			runtime.LockOSThread() // ends this thread
			done <- unix.Gettid() == unix.Getpid()
		}()
		if <-done {
			t.Fatal("a goroutine got the main thread")
		}
	}
}
