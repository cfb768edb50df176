package shell

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"netql/query"
	"netql/query/syntax"
	"netql/sources/lab"
	"netql/tables"
)

// configured is a home with a file with settings and one with named queries; "" makes none.
func configured(t *testing.T, settings, queries string) (home string) {
	t.Helper()
	home = t.TempDir()
	directory := filepath.Join(home, ".config/netql")
	if err := os.MkdirAll(directory, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"config": settings, "mine.nq": queries} {
		if text == "" {
			continue
		}
		if err := os.WriteFile(filepath.Join(directory, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return home
}

// asked runs the program with a home.
func asked(t *testing.T, home string, args ...string) (out, messages string, status int) {
	t.Helper()
	cmd := exec.Command("fakeql", args...)
	cmd.Env = append(os.Environ(), "HOME="+home, "XDG_CONFIG_HOME=")
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if exit := (*exec.ExitError)(nil); cmd.Run() != nil && cmd.ProcessState == nil {
		t.Fatal(exit)
	}
	return stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()
}

// TestSharedQueries: those of /etc/netql are for all users, and a user's own replace them.
func TestSharedQueries(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		err := errors.Join(unix.Mount("none", "/etc", "tmpfs", 0, "mode=755"), os.Mkdir("/etc/netql", 0o755),
			os.WriteFile("/etc/netql/site.nq",
				[]byte("# Of all.\ndef one = numbers n == 1\ndef two = numbers n == 1\n"), 0o644),
			os.WriteFile("/etc/netql/config", []byte("format = json\n"), 0o644))
		if err != nil {
			t.Fatal(err)
		}
		home := configured(t, "", "def two = numbers n == 2\ndef both = one | extend x = 1\n")
		for text, want := range map[string]string{"one": "1,1048576,\n", "two": "2,2097152,\n",
			"both": "1,1048576,,1\n"} {
			if out, messages, status := asked(t, home, "--format=csv", "--no-header", text); out != want ||
				messages != "" ||
				status != done {
				t.Errorf("%s: status %d, %s%s", text, status, out, messages)
			}
		}
		if out, _, _ := asked(t, home, "help", "one"); !strings.Contains(out, "/etc/netql/site.nq:2, for all users") {
			t.Error(out)
		}
		_, messages, _ := asked(t, home, "alias", "one", "numbers n == 3")
		if out, _, _ := asked(t, home, "--format=csv", "--no-header", "one"); out != "3,3145728,\n" ||
			!strings.Contains(messages, "for you it replaces that of all users") {
			t.Error(out, messages)
		}
		_, messages, _ = asked(t, home, "unalias", "one")
		if out, _, _ := asked(t, home, "--format=csv", "--no-header", "one"); out != "1,1048576,\n" ||
			!strings.Contains(messages, "note: one is the one in /etc/netql/site.nq:2 now") {
			t.Error(out, messages)
		}
		if _, messages, _ := asked(t, home, "unalias", "one"); !strings.Contains(messages,
			"one is for all users, in /etc/netql/site.nq:2\nhint: one of your own replaces it: alias one QUERY") {
			t.Error(messages)
		}
		if out, messages, status := asked(t, "", "--format=csv", "--no-header", "two"); out != "1,1048576,\n" {
			t.Errorf("without a home: status %d, %s%s", status, out, messages)
		}
	})
}

// TestConfigAtStart: who has no configuration pays one system call for that.
func TestConfigAtStart(t *testing.T) {
	t.Parallel()
	lab.Need(t, "strace")
	home := t.TempDir()
	log := filepath.Join(home, "calls")
	cmd := exec.Command("strace", "-f", "-e", "trace=%file", "-o", log, "fakeql", "numbers")
	cmd.Env = append(os.Environ(), "HOME="+home, "XDG_CONFIG_HOME=")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	text, err := os.ReadFile(log)
	if n := strings.Count(string(text), home) + strings.Count(string(text), "/etc/netql"); err != nil || n != 1 {
		t.Errorf("%d calls, %v:\n%s", n, err, text)
	}
}

// TestNamedAtPrompt: named queries are asked, completed, listed and written at the prompt.
func TestNamedAtPrompt(t *testing.T) {
	t.Parallel()
	home := configured(t, "pager = none\n",
		"def few(most = 3) = numbers n > 1 | limit $most\ndef odd = numbers n % 2 == 1\n"+
			"def formatt = nubmers\n")
	term := onTerminal(t, home, nil, "fakeql")
	term.expect(firstPrompt)
	for _, test := range []struct{ typed, shown string }{
		{"few 1" + enter, "2  2 MiB  -\r\n"},
		{"odd | sort n de" + tab + "| limit 1" + enter, "5  5 MiB  -\r\n"},
		{"alias two numbers n == 2" + enter, "note: two is in"},
		{"two" + enter, "2  2 MiB  -\r\n"},
		{"alias" + enter, "  two            numbers n == 2\r\n"},
		{"alias both = (" + enter + enter, "error: "},
		{"help few" + enter, "few most = 3 | count\r\n"},
		{"tow" + enter, "hint: did you mean \"two\"?"},
		{"forma" + enter, "did you mean \"format\"?"},
		{"formatt" + enter, "hint: did you mean \"numbers\"?"},
		{"schema odd" + enter, "size  int, bytes"},
		{"explain few 2" + enter, "numbers n > 1 | limit 2\r\n"},
		{"alias few numbers" + enter, "error: few is defined in"},
		{"alias gone numbers" + enter, "note: gone is in"},
		{"unalias two g" + tab + enter, "note: gone is removed from"},
		{"alias two numbers n == 2" + enter, "note: two is in"},
		{"unalias" + enter, "usage: unalias NAME ..."},
	} {
		term.typed(test.typed)
		term.expect(test.shown)
		term.expect(firstPrompt)
	}
	for _, test := range []struct{ typed, shown string }{
		{"fe" + tab, "few "},
		{"few " + tab, "few most ="},
		{"few 2 | sel" + tab + "te" + tab, "few 2 | select text"},
		{"odd | wh" + tab, "odd | where "},
		{"odd si" + tab, "odd size"},
		{"help tw" + tab, "help two"},
		{"alias x numbers | sel" + tab, "numbers | select "},
		{tab, "few(most = 3)"},
	} {
		term.typed(test.typed)
		term.expect(test.shown)
		term.typed(ctrlC)
		term.expect("^C")
		term.expect(firstPrompt)
	}
	checkMode(t, filepath.Join(home, ".config/netql/aliases.nq"), 0o600)
	term.leaves()
}

// TestDocumentedDefinitions: each definition that a document shows, in a block that is marked def, can be used, and so
// can what docs/settings.md says of settings.
func TestDocumentedDefinitions(t *testing.T) {
	t.Parallel()
	catalog, n := tables.Catalog(), 0
	for file, text := range documents(t) {
		for _, block := range strings.Split(text, "```def\n")[1:] {
			block, _, _ = strings.Cut(block, "```")
			catalog.Named = &syntax.Definitions{Language: query.Language, Load: func() []*syntax.Source {
				return []*syntax.Source{{Name: file, Text: block}}
			}}
			for _, problem := range catalog.Named.Problems() {
				t.Error(problem.ShowWarning())
			}
			for _, d := range catalog.Named.All() {
				n++
				argument := ""
				if len(d.Parameters) > 0 && d.Parameters[0].Default == nil {
					argument = " [22]"
				}
				if _, err := query.Compile(d.Name.String()+argument, catalog, askSSH()); err != nil {
					t.Errorf("%s: %s: %v", file, d, err)
				}
			}
		}
	}
	if n < 4 {
		t.Errorf("only %d definitions were found", n)
	}
	settings, _, _ := strings.Cut(strings.SplitAfter(documents(t)["../docs/settings.md"],
		"    # ~/.config/netql/config\n")[1], "\n\n")
	for line := range strings.Lines(settings) {
		home := configured(t, strings.TrimSpace(line), "")
		cmd := exec.Command("netql", "--explain", "sockets | watch")
		cmd.Env = append(os.Environ(), "HOME="+home, "XDG_CONFIG_HOME=")
		if out, err := cmd.CombinedOutput(); err != nil || strings.Contains(string(out), "warning") {
			t.Errorf("%s: %v, %s", line, err, out)
		}
	}
}

// TestAliasOfHosts: a named query may name what is there only where several hosts are asked.
func TestAliasOfHosts(t *testing.T) {
	home := configured(t, "", "")
	alias := func(flags ...string) outcome {
		cmd := exec.Command("netql", append(flags, "alias", "served", "sockets | count by host")...)
		cmd.Env = append(os.Environ(), "HOME="+home, "XDG_CONFIG_HOME=")
		return outcomeOf(t, cmd)
	}
	if got := alias("--hosts", "one,two", "--via", "false {}"); got.status != done ||
		!strings.HasPrefix(got.stderr, "note: served is in ") {
		t.Errorf("over hosts: %+v", got)
	}
	if got := alias(); got.status != wrong || !strings.Contains(got.stderr, `unknown column "host"`) {
		t.Errorf("here: %+v", got)
	}
}
