package shell

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"netql/query/schema"
	"netql/shell/remote/frame"
)

// badHosts is a program that reaches hosts of which each has another fault, by their names.
const badHosts = `#!/bin/sh
case $1 in
good*) exec netql answer ;;
fake*) exec fakeql answer ;;
gone) echo "ssh: connect to host gone port 22: Connection refused" >&2; exit 255 ;;
crashes) echo "panic: runtime error: index out of range [5]" >&2; seq 9000 >&2; exit 2 ;;
none) echo "bash: line 1: netql: command not found" >&2; exit 127 ;;
old) echo 'error: unknown table "answer"' >&2; exit 2 ;;
hangs) exec sleep 1000 ;;
noisy) echo "Welcome to Debian"; exec netql answer ;;
liar|lost|other|half|short) exec badql "$1" ;;
esac
`

// badMain answers as no netql does: liar calls itself by another name, lost sends other rows than it says, other sends
// a text in place of a number, half stops in the middle of a frame, and short in that of its first one.
func badMain(args []string, in io.Reader, out io.Writer) int {
	send := func(f frame.Frame) { out.Write(f.AppendTo(nil)) }
	hello := frame.Encode(0, &frame.Hello{Proto: frame.Proto, Version: "v0", Host: "admin"})
	if args[1] == "short" {
		out.Write(hello.AppendTo(nil)[:8])
		return 1
	}
	send(hello)
	asked, err := frame.NewReader(in).Next()
	var ask frame.Ask
	if err != nil || frame.Decode(asked, &ask) != nil {
		return 1
	}
	var w frame.RowWriter
	for _, column := range ask.Columns {
		value := schema.OfInt(7)
		if column == "host" || args[1] == "other" {
			value = schema.OfText("admin")
		}
		if w.Value(value) != nil {
			return 1
		}
	}
	if w.EndRow() != nil {
		return 1
	}
	payload, err := w.Take()
	if err != nil {
		return 1
	}
	whole := frame.Frame{Kind: frame.KindRows, ID: asked.ID, Payload: payload}
	if args[1] == "half" {
		out.Write(whole.AppendTo(nil)[:8])
		return 1
	}
	send(whole)
	rows := 1
	if args[1] == "lost" {
		rows = 2
	}
	send(frame.Encode(asked.ID, &frame.End{Rows: rows}))
	io.Copy(io.Discard, in)
	return 0
}

// reachBadHosts writes the program, and gives the flags that have netql use it.
func reachBadHosts(t *testing.T, hosts string) []string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "reach")
	if err := os.WriteFile(path, []byte(badHosts), 0o755); err != nil {
		t.Fatal(err)
	}
	return []string{"--hosts", hosts, "--via", path + " {}", "--host-timeout", "1m", "--format", "csv", "--no-header"}
}

// TestBadHosts: what is wrong with each host is told, the others answer, and --strict makes it a failure.
func TestBadHosts(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ host, query, stdout, stderr string }{
		{"fake2", "numbers | where n == 1 | select host, n", "fake1,1\nfake2,1\n", ""},
		{"gone", "", "fake1,5\n", "failed: ssh: connect to host gone port 22: Connection refused"},
		{"none", "", "fake1,5\n", "failed: netql is not there (bash: line 1: netql: command not found): copy"},
		{"old", "", "fake1,5\n", "of another version: its netql is too old to be asked: copy this one there"},
		{"crashes", "", "fake1,5\n", "failed: netql there has crashed (panic: runtime error: index out of range " +
			"[5]), which"},
		{"hangs", "", "fake1,5\n", "no answer: nothing came for WITHIN"},
		{"half", "", "fake1,5\n", "failed: the answer broke off (exit status 1)"},
		{"short", "", "fake1,5\n", "failed: the answer broke off (exit status 1)"},
		{"noisy", "", "fake1,5\n", `failed: it sends what is no answer: "Welcome to Debian\n"`},
		{"lost", "", "fake1,5\n", "rows are lost: it sent 2 rows, and 1 came; what came of them is left out"},
		{"lost", "numbers | select host, n | where n > 4", "fake1,5\nlost,7\n",
			"rows are lost: it sent 2 rows, and 1 came; the rows that came are there"},
		{"liar", "numbers | select host, n | where n > 4", "fake1,5\nliar,7\n", ""},
		{"other", "numbers | select host, n | where n > 4", "fake1,5\n", "a value that is no int"},
	} {
		t.Run(test.host, func(t *testing.T) {
			t.Parallel()
			query := test.query
			if query == "" {
				query = "numbers | count by host"
			}
			want, got := partial, outcome{}
			if test.stderr == "" {
				want = done
			}
			try := func(within string) bool {
				args := append(reachBadHosts(t, "fake1,"+test.host), "--strict", "--host-timeout", within, query)
				got = outcomeOf(t, exec.Command("fakeql", args...))
				return got.stdout == test.stdout && got.status == want && (got.stderr == "") == (test.stderr == "") &&
					strings.Contains(got.stderr, strings.Replace(test.stderr, "WITHIN", within, 1)) &&
					strings.Count(got.stderr, "\n") <= 1
			}
			if test.host == "hangs" && !inTime(leastHostTimeout, try) || test.host != "hangs" && !try("1m") {
				t.Errorf("%+v", got)
			}
		})
	}
}

// TestHostsInTime: where --timeout ends the question, what hosts have answered by then is printed, also of those behind
// one that has not, and in groups; each host that is missing is named.
func TestHostsInTime(t *testing.T) {
	t.Parallel()
	const late = "warning: 1 of 3 hosts (hangs): too late: its answer had not ended\n"
	const old = "warning: 1 of 3 hosts (old): of another version: its netql is too old to be asked: copy this one " +
		"there\n"
	for query, want := range map[string]outcome{
		"numbers | where n > 4 | select host, n": {stdout: "fake1,5\n", status: timedOut},
		"numbers | count by host":                {stdout: "fake1,5\n", status: timedOut},
		"numbers | count":                        {stdout: "5\n", status: timedOut},
		"hosts | select host, status":            {stdout: "hangs,late\nfake1,ok\nold,older\n", status: timedOut},
	} {
		t.Run(query, func(t *testing.T) {
			t.Parallel()
			var got outcome
			if !inTime(2*time.Second, func(within string) bool {
				want.stderr = "warning: stopped after " + within + ": the answer is not complete\n" + late + old
				args := append(reachBadHosts(t, "hangs,fake1,old"), "--timeout", within, query)
				got = outcomeOf(t, exec.Command("fakeql", args...))
				return got == want
			}) {
				t.Errorf("%+v", got)
			}
		})
	}
}

// inTime tries with ever longer times, until it goes well: to start a few programs takes any time on a busy machine.
func inTime(shortest time.Duration, try func(within string) bool) bool {
	const tries, longer = 4, 4
	for n, within := 0, shortest; n < tries; n, within = n+1, longer*within {
		if try(within.String()) {
			return true
		}
	}
	return false
}

// TestNoHost: where no host answers nothing is printed, in any format.
func TestNoHost(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"plain", "csv", "json", "ndjson", "table", "html"} {
		args := append(reachBadHosts(t, "none,old"), "--format", format, "sockets | count")
		got := outcomeOf(t, exec.Command("netql", args...))
		if got.status != failed || got.stdout != "" || !strings.Contains(got.stderr, "no host has answered: ") {
			t.Errorf("%s: %+v", format, got)
		}
	}
}

// TestTooManyRows: a query that would keep more rows of hosts than it may is refused when these have counted them, and
// nothing is printed; the hint works.
func TestTooManyRows(t *testing.T) {
	t.Parallel()
	args := append(reachBadHosts(t, "fake1,fake2"), "--memory", "64MB")
	got := outcomeOf(t, exec.Command("fakeql", append(args, "counted | sort n desc")...))
	const hint = "hint: counted | sort n desc | limit 100; or group or filter first; or allow more: --memory "
	if got.status != wrong || got.stdout != "" || !strings.Contains(got.stderr, "\n"+hint) ||
		!strings.HasPrefix(got.stderr, "error: too many rows for sort n desc: at least ") ||
		!strings.Contains(got.stderr, " rows of 2 hosts (") {
		t.Errorf("%+v", got)
	}
	got = outcomeOf(t, exec.Command("fakeql", append(args, "numbers | sort n desc | limit 1")...))
	if got != (outcome{"fake1,5,5242880,\n", "", done}) {
		t.Errorf("%+v", got)
	}
}

// TestHostsTable: the table hosts tells of each host how it went.
func TestHostsTable(t *testing.T) {
	t.Parallel()
	args := append(reachBadHosts(t, "good,none,old,noisy"),
		"hosts | select host, status, version == nil, rtt > 0, said != nil")
	got := outcomeOf(t, exec.Command("netql", args...))
	const want = "good,ok,false,true,false\nnone,failed,true,false,true\n" +
		"old,older,true,false,true\nnoisy,failed,true,false,true\n"
	if got.stdout != want || got.status != done || strings.Count(got.stderr, "warning: ") != 2 {
		t.Errorf("%+v", got)
	}
	got = outcomeOf(t, exec.Command("netql", append(reachBadHosts(t, "none"), "--strict", "hosts | select status")...))
	if got.stdout != "failed\n" || got.status != partial {
		t.Errorf("none: %+v", got)
	}
	cmd := exec.Command("fakeql", reachBadHosts(t, "fake1,fake2")...)
	cmd.Stdin = strings.NewReader("numbers | count\nhosts | select host, status, rows\n" +
		"many | limit 1\nhosts | select host, status in [ok, stopped]\n")
	const both = "10\nfake1,ok,1\nfake2,ok,1\nfake1,1,1048576,\nfake1,true\nfake2,true\n"
	if got := outcomeOf(t, cmd); got != (outcome{both, "", done}) {
		t.Errorf("%+v", got)
	}
}

// TestHostsLive: samples and events of several hosts, rates of each by itself; a host that is not there is told once.
func TestHostsLive(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ query, stdout string }{ // asked one after the other: a watch takes no turn for good
		{"numbers | where n < 3 | select host, n, d = delta(n) | watch 100ms until max(d) == 0",
			"TIME,fake1,1,0\nTIME,fake1,2,0\nTIME,fake2,1,0\nTIME,fake2,2,0\n"},
		{"numbers | count by host | watch 100ms until max(count) == 5", "TIME,fake1,5\nTIME,fake2,5\n"},
		{"numbers | select host, n, d = delta(n) | where host == fake2 and n == 5", "fake2,5,0\n"},
		{"happenings | follow | select host, event, n | where host == fake1", "fake1,new,1\nfake1,gone,2\n"},
		{"happening | follow | select event, n | limit 1", "gone,1\n"},
	} {
		t.Run(test.query, func(t *testing.T) {
			t.Parallel()
			hosts := "fake1,fake2,gone"
			if strings.Contains(test.query, "limit") {
				hosts = "fake1"
			}
			args := append(reachBadHosts(t, hosts), "--abreast", "1", "--timeout", "1m", test.query)
			got := outcomeOf(t, exec.Command("fakeql", args...))
			stdout := regexp.MustCompile(`(?m)^2[0-9]{3}-[^,]*`).ReplaceAllString(got.stdout, "TIME")
			if stdout != test.stdout || got.status != done {
				t.Errorf("%+v", got)
			}
			if want := hosts != "fake1"; (strings.Count(got.stderr, "1 of 3 hosts (gone): failed") == 1) != want {
				t.Errorf("%s", got.stderr)
			}
		})
	}
}

// TestUseHosts: the prompt's word asks hosts from then on, and says so.
func TestUseHosts(t *testing.T) {
	t.Parallel()
	directory := t.TempDir()
	list := filepath.Join(directory, "hosts.txt")
	if err := os.WriteFile(list, []byte("# two\n\nfake1, fake2 # both\nfake1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	args := reachBadHosts(t, "none")
	cmd := exec.Command("fakeql", args[2:]...)
	cmd.Stdin = strings.NewReader("use hosts @" + list + "\nnumbers | count by host\nuse hosts none fake3\n" +
		"numbers | count by host\nuse hosts -x\nuse hosts\nnumbers | count\n" +
		"use hosts a,\nuse netns all\n")
	got := outcomeOf(t, cmd)
	const want = "queries ask 2 hosts: fake1, fake2\nfake1,5\nfake2,5\nqueries ask 2 hosts: none, fake3\nfake3,5\n5\n"
	if got.stdout != want || got.status != wrong ||
		!strings.Contains(got.stderr, "line 4: warning: 1 of 2 hosts (none)") ||
		!strings.Contains(got.stderr, "line 5: error: \"-x\" is no host") ||
		!strings.Contains(got.stderr, "line 6: error: use which hosts?") ||
		!strings.Contains(got.stderr, "line 8: error: the name of a host is empty") ||
		!strings.Contains(got.stderr, "line 9: error: hosts are asked, and use netns is of this machine") {
		t.Errorf("%+v", got)
	}
}

// TestUseLiveAfterHosts: words of the prompt ask what it asks then, and not the hosts with which netql was begun.
func TestUseLiveAfterHosts(t *testing.T) {
	t.Parallel()
	cmd := exec.Command("netql", "--hosts", "a,b", "--via", "false {}")
	cmd.Stdin = strings.NewReader("netstat -rn\nuse live\nnetstat -rn\n")
	got := outcomeOf(t, cmd)
	if !strings.Contains(got.stderr, "line 1: error: netstat has no column for the host, and these are 2 hosts\n") ||
		strings.Count(got.stderr, "error:") != 1 || !strings.Contains(got.stdout, "routing table") {
		t.Errorf("%+v", got)
	}
}

// TestHostFlags: flags about hosts are refused where none are asked, and values that they cannot have.
func TestHostFlags(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"--via x numbers":                     "--via goes with --hosts",
		"--abreast 3 numbers":                 "--abreast goes with --hosts",
		"--host-timeout 3s numbers":           "--host-timeout goes with --hosts",
		"--hosts a --abreast 0 numbers":       "--abreast cannot be",
		"--hosts a --host-timeout 3 numbers":  "--host-timeout cannot be",
		"--hosts a --host-timeout 1s numbers": "--host-timeout cannot be",
		"--hosts @/dev/null numbers":          "no host is named",
		"--hosts @- --file -":                 "queries are read from stdin, and hosts cannot be",
		"--hosts @-":                          "queries are read from stdin, and hosts cannot be",
		"--hosts a --via \"x numbers":         "a quote in --via is not closed",
		"--hosts a --via 'x numbers":          "a quote in --via is not closed",
		"--hosts a answer":                    "netql answer asks nobody",
		"answer now":                          "netql answer takes no argument",
		"--hosts a --capture x numbers":       "--hosts and --capture do not go together",
		"--hosts a netstat -rn":               "netstat has no column for the host, and these are 1 host",
		"--hosts a,b record x":                "a capture is of one network namespace, and these are 2 hosts",
	} {
		got := outcomeOf(t, exec.Command("fakeql", strings.Fields(line)...))
		if got.status != wrong || got.stdout != "" || !strings.Contains(got.stderr, want) {
			t.Errorf("%s: %+v", line, got)
		}
	}
}

// stubbornReach makes a program that reaches hosts and that SIGTERM does not end. The number of its process is in a file
// of the directory that has the name of the host.
func stubbornReach(t *testing.T) (directory, reach string) {
	t.Helper()
	directory = t.TempDir()
	reach = filepath.Join(directory, "reach")
	script := fmt.Sprintf("#!/bin/sh\ntrap '' TERM\necho $$ > %s/$1\nfakeql answer\nsleep 1000\n", directory)
	if err := os.WriteFile(reach, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	return directory, reach
}

// TestNoOrphans: the programs that reach hosts end with the query, by Ctrl-C, a time limit or enough rows.
func TestNoOrphans(t *testing.T) {
	t.Parallel()
	directory, reach := stubbornReach(t)
	for _, test := range []struct {
		host, query string
		signal      syscall.Signal // that ends netql; 0 for none
		status      int            // -1 for an end by the signal
	}{
		{"a", "many | select n", syscall.SIGINT, interrupted},
		{"b", "many | select n", 0, timedOut},
		{"c", "many | limit 1", 0, done},
		{"d", "many | select n", syscall.SIGTERM, -1},
		{"e", "many | select n", syscall.SIGHUP, -1},
		{"f", "many | select n", syscall.SIGQUIT, 128 + int(syscall.SIGQUIT)},
		{"g", "numbers | watch 10ms", syscall.SIGTERM, -1},
	} {
		run := func(within string) (answered bool) {
			cmd := exec.Command("fakeql", "--hosts", test.host, "--via", reach+" {}", "--host-timeout", "1m",
				"--format", "csv", "--timeout", within, test.query)
			answered = endsAfterRows(t, cmd, test.signal)
			if got := cmd.ProcessState.ExitCode(); got != test.status {
				t.Errorf("%s: status %d", test.host, got)
			}
			return answered
		}
		if test.status == timedOut && !inTime(time.Second, run) || test.status != timedOut && !run("1m") {
			t.Errorf("%s: no rows have come", test.host)
		}
		pid := pidIn(t, filepath.Join(directory, test.host))
		waitUntil(t, func() bool { return errors.Is(syscall.Kill(-pid, 0), syscall.ESRCH) })
	}
}

// endsAfterRows runs a command, sends it a signal, if it is not 0, when it has written two lines, and waits for its
// end. It says whether the lines were there.
func endsAfterRows(t *testing.T, cmd *exec.Cmd, signal syscall.Signal) (answered bool) {
	t.Helper()
	stdout, _ := started(t, cmd)
	lines := bufio.NewScanner(stdout)
	for range 2 {
		answered = lines.Scan()
	}
	if signal != 0 {
		if err := cmd.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
	}
	for lines.Scan() {
	}
	_ = cmd.Wait() // the status is in the state of the process
	return answered
}

// pidIn is the number of a process that has written it into a file.
func pidIn(t *testing.T, path string) (pid int) {
	t.Helper()
	text, err := os.ReadFile(path)
	if _, scanned := fmt.Sscan(string(text), &pid); err != nil || scanned != nil {
		t.Fatal(err, scanned)
	}
	return pid
}

// TestNoOrphansOfKill: the programs that reach hosts end with netql where it cannot tell them to.
func TestNoOrphansOfKill(t *testing.T) {
	t.Parallel()
	directory := t.TempDir()
	reach := filepath.Join(directory, "reach")
	script := fmt.Sprintf("#!/bin/sh\necho $$ > %s/new\nmv %[1]s/new %[1]s/$1\nexec sleep 1000\n", directory)
	if err := os.WriteFile(reach, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("fakeql", "--hosts", "a", "--via", reach+" {}", "numbers")
	started(t, cmd)
	waitUntil(t, func() bool { _, err := os.Stat(filepath.Join(directory, "a")); return err == nil })
	pid := pidIn(t, filepath.Join(directory, "a"))
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()             // it was killed
	waitUntil(t, func() bool { // its new parent may be slow to wait for it: it is then a zombie
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		return err != nil || strings.Contains(string(stat), ") Z ")
	})
}

// waitUntil waits until something holds.
func waitUntil(t *testing.T, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it did not come")
		}
	}
}

// TestHostsAtPrompt: the prompt says which hosts it asks; the progress line tells who is awaited; Ctrl-C ends the
// question, and tells who had not answered, as the table hosts does then; Tab asks no host.
func TestHostsAtPrompt(t *testing.T) {
	t.Parallel()
	args := reachBadHosts(t, "fake1,hangs")[:6]
	term := onTerminal(t, t.TempDir(), nil, append([]string{"fakeql"}, args...)...)
	term.expect("queries ask 2 hosts: fake1, hangs")
	term.expect("netql 2 hosts> ")
	term.typed("numbers n == " + tab)
	term.expect("too slow here")
	term.typed("\x15numbers host == \"h" + tab)
	term.expect("hangs")
	term.typed("\x15numbers | count by host" + enter)
	term.expect("1 of 2 hosts done, 1 row, waiting for hangs ...")
	term.typed("\x03")
	term.expect("1 of 2 hosts (hangs): too late: its answer had not ended")
	term.expect("netql 2 hosts> ")
	term.typed("hosts | select host, status" + enter)
	term.expect("hangs  late")
	term.expect("netql 2 hosts> ")
	term.leaves()
	term.asBefore()
}
