package shell

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// TestHostsFromPipes: a list of hosts may come through a pipe or stdin, and is bounded there as well.
func TestHostsFromPipes(t *testing.T) {
	t.Parallel()
	ask := reachBadHosts(t, "")[2:]
	for _, test := range []struct{ script, stdout, stderr string }{
		{`fakeql --hosts @<(echo fake1; echo fake2) "$@" 'numbers | count by host'`, "fake1,5\nfake2,5\n", ""},
		{`echo fake1 | fakeql --hosts fake2,@- "$@" 'numbers | count by host'`, "fake1,5\nfake2,5\n", ""},
		{`fakeql --hosts @- "$@" 'numbers' </dev/null`, "", "error: no host is named"},
		{`yes fake1 | fakeql --hosts @- "$@" 'numbers'`, "",
			"error: cannot read the hosts: stdin is longer than 16777216"},
		{`fakeql --hosts @<(echo -x) "$@" numbers`, "", "line 1: \"-x\" is no host"},
		{`echo 'use hosts @-' | fakeql "${@:3}"`, "", "error: queries are read from stdin, and hosts cannot be"},
	} {
		got := outcomeOf(t, exec.Command("bash", append([]string{"-c", test.script, "bash"}, ask...)...))
		if got.stdout != test.stdout || !strings.Contains(got.stderr, test.stderr) ||
			(got.stderr == "") != (test.stderr == "") {
			t.Errorf("%s: %+v", test.script, got)
		}
	}
}

// TestHostsThatDoNotCome: a pipe into which nobody writes is not waited for without end.
func TestHostsThatDoNotCome(t *testing.T) {
	t.Parallel()
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := unix.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	want := "error: cannot read the hosts: the list in " + pipe + " has not ended\n"
	cmd := exec.Command("fakeql", "--timeout", "50ms", "--hosts", "@"+pipe, "numbers")
	if got := outcomeOf(t, cmd); got != (outcome{"", want, timedOut}) {
		t.Errorf("%+v", got)
	}
	term := onTerminal(t, t.TempDir(), nil, "fakeql", "--via", "fakeql answer {}")
	term.expect(firstPrompt)
	term.typed("use hosts @" + pipe + enter)
	waitUntil(t, func() bool { // it waits for a writer
		calls, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/wchan", term.cmd.Process.Pid))
		for _, path := range calls {
			if text, _ := os.ReadFile(path); string(text) == "wait_for_partner" {
				return true
			}
		}
		return false
	})
	term.typed("\x03")
	term.expect("has not ended")
	term.expect(firstPrompt)
	term.leaves()
	term.asBefore()
}

// TestHostSettings: how hosts are reached may be set for good; a flag counts more, and what is wrong is told with its
// place. Which hosts are asked is no setting.
func TestHostSettings(t *testing.T) {
	t.Parallel()
	home := configured(t, "via = sh -c 'exec fakeql answer' {}\nabreast = 0\nhosts = a, b\nhost-timeout = 1s\n", "")
	out, messages, status := asked(t, home, "--hosts", "a,b", "--host-timeout", "1m", "--format", "csv", "--no-header",
		"numbers | count by host")
	for _, want := range []string{"abreast cannot be \"0\"\n", "config:2:\n", "there is no setting \"hosts\"\n",
		"--hosts is given with each call\n", "host-timeout cannot be \"1s\"\n", "config:4:\n"} {
		if !strings.Contains(messages, want) {
			t.Errorf("no %q in %s", want, messages)
		}
	}
	if out != "a,5\nb,5\n" || status != done {
		t.Errorf("status %d, %s%s", status, out, messages)
	}
	out, _, _ = asked(t, home, "--hosts", "a", "--via", "false {}", "--strict", "numbers | count by host")
	if out != "" {
		t.Error(out)
	}
	home = configured(t, "via = \"sh -c\n", "")
	if _, messages, _ = asked(t, home, "numbers"); !strings.Contains(messages, "a quote in --via is not closed") ||
		!strings.Contains(messages, "config:1:\n") {
		t.Error(messages)
	}
	if _, messages, status = asked(t, home, "--no-config", "numbers"); messages != "" || status != done {
		t.Error(messages)
	}
}

// TestHostsWithFewFiles: where few files may be open, fewer hosts are reached at a time.
func TestHostsWithFewFiles(t *testing.T) {
	t.Parallel()
	const script = "ulimit -n 32; exec fakeql --hosts a,b,c,d,e,f \"$@\" --host-timeout 1m --format csv --no-header " +
		"--strict 'numbers | count'"
	got := outcomeOf(t, exec.Command("bash", "-c", script, "bash", "--via", "sh -c 'exec fakeql answer' {}"))
	if got != (outcome{"30\n", "", done}) {
		t.Errorf("%+v", got)
	}
}
