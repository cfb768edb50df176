package shell

import (
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"netql/sources/capture"
	"netql/sources/cgroup"
	"netql/sources/lab"
)

// TestDiffHosts: a comparison of captures of two hosts says so, since nearly everything differs then.
func TestDiffHosts(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		dir := t.TempDir()
		for _, host := range []string{"alpha", "beta"} {
			cmd := exec.Command("sh", "-c", `echo "$0" > /proc/sys/kernel/hostname && exec netql record "$0"`, host)
			cmd.Dir = dir
			cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWUTS}
			if got := outcomeOf(t, cmd); got.status != done {
				t.Fatalf("%+v", got)
			}
		}
		const note = "note: alpha is of the host alpha, and beta of beta\n"
		for names, want := range map[string]bool{"alpha beta": true, "beta beta": false} {
			cmd := exec.Command("netql", append([]string{"diff", "--query", "services"}, strings.Fields(names)...)...)
			cmd.Dir = dir
			if got := outcomeOf(t, cmd); got.status != done || (got.stderr == note) != want {
				t.Errorf("%s: %+v", names, got)
			}
		}
	})
}

// TestDiffLive compares two moments of a namespace in which a listener appears and another one changes.
func TestDiffLive(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		dir := t.TempDir()
		path := func(name string) string { return filepath.Join(dir, name) }
		old := lab.Listen(t, lab.TCP, "127.0.0.1:0")
		changing := lab.Bound(t, lab.TCP, "127.0.0.1:0")
		record := func(name string) { netql(t, done, "record", path(name)) }
		record("a")
		listener := lab.Listen(t, lab.TCP, "127.0.0.1:0")
		if err := unix.Listen(changing.FD(), 7); err != nil {
			t.Fatal(err)
		}
		old.Close()
		record("b")
		const sockets = "sockets state != BOUND_INACTIVE or state == BOUND_INACTIVE | select *"
		diff := func(status int, args ...string) string {
			return netql(t, status, append([]string{"--format", "csv", "--no-header", "diff"}, args...)...)
		}
		got := diff(different, path("a"), path("b"), "--query", sockets)
		for _, want := range []string{
			"sockets,gone,", "local=" + old.Local.String(), "sockets,new,", "local=" + listener.Local.String(),
			",state,BOUND_INACTIVE,LISTEN\n", ",accept_backlog,,7\n",
		} {
			if !strings.Contains(got, want) {
				t.Errorf("no %q in\n%s", want, got)
			}
		}
		if strings.Contains(got, "accept_queue") {
			t.Errorf("a queue counts as a change:\n%s", got)
		}
		with := diff(different, path("a"), path("b"), "--counters", "--query", sockets)
		if !strings.Contains(with, ",accept_queue,,0\n") {
			t.Errorf("no queue with --counters:\n%s", with)
		}
		if now := diff(done, path("b"), "--query", sockets); now != "" {
			t.Errorf("now is not what it was:\n%s", now)
		}
		if all := diff(different, path("a"), path("b")); !strings.Contains(all, "local="+listener.Local.String()) {
			t.Errorf("no %s in all tables:\n%s", listener.Local, all)
		} else if strings.Contains(all, "netlink_sockets,") {
			t.Errorf("netql's own socket is a change:\n%s", all)
		}
		for _, own := range []string{"netlink_sockets", "processes"} {
			diff(done, path("a"), path("b"), "--query", own)
			if all := diff(different, path("a"), path("b"), "--all", "--query", own); strings.Count(all, own) != 2 {
				t.Errorf("%s of netql itself:\n%s", own, all)
			}
		}
		people := netql(t, different, "--format", "table", "diff", path("a"), path("b"), "--query", sockets) +
			netql(t, different, "--format", "table", "diff", path("a"), path("b"))
		for _, want := range []string{
			"sockets ", " +1 -1 ~1\n", "\n+  tcp    LISTEN  " + listener.Local.String(),
			"\n-  tcp    LISTEN  " + old.Local.String(),
			"     state BOUND_INACTIVE -> LISTEN, ", "accept_backlog - -> 7",
			"left out: 4 rows of netql itself; --all has them\n",
		} {
			if !strings.Contains(people, want) {
				t.Errorf("no %q in\n%s", want, people)
			}
		}
		n := diff(different, path("a"), path("b"), "--query", "sockets | count by state")
		if !strings.Contains(n, "state=LISTEN count=1") {
			t.Errorf("counts:\n%s", n)
		}
	})
}

// netql runs the program, which must end with a status, and gives its output.
func netql(t *testing.T, status int, args ...string) string {
	t.Helper()
	cmd := exec.Command("netql", args...)
	var messages strings.Builder
	cmd.Stderr = &messages
	out, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if got := cmd.ProcessState.ExitCode(); got != status {
		t.Errorf("netql %q: status %d, want %d: %s", args, got, status, messages.String())
	}
	return string(out)
}

// TestInterruptedRecording: SIGINT, SIGTERM and SIGQUIT end a recording, and leave nothing behind, whenever they come.
func TestInterruptedRecording(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for i := range 20 {
		cmd := exec.Command("netql", "record", filepath.Join(dir, strconv.Itoa(i)))
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(i) * 2 * time.Millisecond)
		ending := []os.Signal{os.Interrupt, unix.SIGTERM, unix.SIGQUIT}[i%3]
		if err := cmd.Process.Signal(ending); err != nil {
			t.Fatal(err)
		}
		cmd.Wait()
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range entries {
			if _, err := strconv.Atoi(entry.Name()); err != nil {
				t.Errorf("%s is left behind", entry.Name())
			}
		}
	}
}

// TestRecordByteNames: names of control groups may hold any byte; a capture keeps them, and can be read.
func TestRecordByteNames(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		const root = "/sys/fs/cgroup"
		if err := unix.Mount("none", root, "tmpfs", 0, ""); err != nil {
			t.Fatal(err)
		}
		err := errors.Join(os.WriteFile(root+"/cgroup.controllers", nil, 0o600), os.MkdirAll(root+"/A\x80B/below",
			0o700), os.Mkdir(root+"/z\n", 0o700))
		if err != nil {
			t.Fatal(err)
		}
		lab.Listen(t, lab.TCP, "127.0.0.1:0") // of which record reads the group
		path := filepath.Join(t.TempDir(), "capture")
		netql(t, done, "record", path)
		netql(t, done, "--capture", path, "sockets | select cgroup")
		recorded, err := capture.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		got, err := cgroup.Paths(recorded.System().Files)
		names := slices.Sorted(maps.Values(got))
		if want := []string{"/", "/A\x80B", "/A\x80B/below", "/z\n"}; err != nil || !slices.Equal(names, want) {
			t.Errorf("%q, %v; want %q", names, err, want)
		}
	})
}

// TestUse: the prompt asks a capture, and the running system again.
func TestUse(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "capture")
	netql(t, done, "record", path)
	if err := os.Link(path, filepath.Join(dir, "a capture")); err != nil {
		t.Fatal(err)
	}
	term := onTerminal(t, dir, nil, "netql", "--capture", path)
	term.expect("queries ask the capture: ")
	recorded, err := capture.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	asksCapture := "netql capture " + recorded.Manifest.Time.Local().Format("15:04") + "> "
	term.expect(asksCapture)
	for _, step := range []struct{ typed, shown, prompt string }{
		{"use live", "queries ask the running system", firstPrompt},
		{"use " + path, "queries ask the capture: ", asksCapture},
		{"tables name == 'tables' | select host(192.0.2.1)", "192.0.2.1\r\n", asksCapture},
		{"use " + path + ".not", "error: open ", asksCapture},
		{"tables name == 'tables' | select host(192.0.2.1)", "192.0.2.1\r\n", asksCapture},
		{"use live", "queries ask the running system", firstPrompt},
		{"tables name == 'tables' | select host(0.0.0.0)", "0.0.0.0\r\n", firstPrompt},
		{"use ~/capture", "queries ask the capture: ", asksCapture},
		{`use "~/a capture"`, "queries ask the capture: ", strings.Replace(asksCapture, "capture", "a capture", 1)},
		{`diff "~/a capture" ~/capture`, "no differences\r\n", "> "},
		{"use live", "queries ask the running system", firstPrompt},
		{"use", "hint: use live, use netns X, use hosts A,B or @FILE, or use FILE", firstPrompt},
		{"use netns all", "queries ask all network namespaces", "netql all namespaces> "},
	} {
		term.typed(step.typed + enter)
		term.expect(step.shown)
		term.expect(step.prompt)
	}
	term.leaves()
}
