package shell

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// throughNamespaces reaches network namespaces as hosts: each has a netql of its own.
const throughNamespaces = "nsenter --net=/run/netns/{} netql answer"

// TestRemoteHosts: hosts answer by their own netql, and their answers are put together.
func TestRemoteHosts(t *testing.T) {
	namespaces(t, func(t *testing.T, ports map[string]string) {
		for _, test := range []struct{ query, want string }{
			{"sockets | count by host, state", "blue,LISTEN,1\nown,LISTEN,1\n"},
			{"sockets | count by state", "LISTEN,2\n"},
			{"sockets state == LISTEN | select host, lport", "own," + ports["own"] + "\nblue," + ports["blue"] + "\n"},
			{"sockets lport == " + ports["blue"] + " | select host", "blue\n"},
			{"sockets host == own | select host, lport", "own," + ports["own"] + "\n"},
			{"sockets | where lport > 0 | sort lport desc | limit 1 | count", "1\n"},
		} {
			cmd := exec.Command("netql", "--hosts", "own,blue,own", "--via", throughNamespaces, "--host-timeout", "1m",
				"--format", "csv", "--no-header", "--strict", test.query)
			if got := outcomeOf(t, cmd); got != (outcome{test.want, "", done}) {
				t.Errorf("%s: %+v", test.query, got)
			}
		}
	})
}

// TestRemoteNames: names that a program could take for something else are refused before anything is run.
func TestRemoteNames(t *testing.T) {
	nested := filepath.Join(t.TempDir(), "list")
	if err := os.WriteFile(nested, []byte("web1\n@other\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for list, want := range map[string]string{
		"@" + nested:          "names no other file",
		"-oProxyCommand=x":    "begins with -",
		"root@-oProxyCommand": "begins with -",
		"web1,we b2":          "blank",
		"web1,a\x1b[2J":       "cannot be seen",
		"web1,,web2":          "empty",
		"@":                   "no such file",
	} {
		got := outcomeOf(t, exec.Command("netql", "--hosts", list, "--via", "false {}", "sockets"))
		if got.status != wrong || got.stdout != "" || !strings.Contains(got.stderr, want) ||
			strings.Contains(got.stderr, "\x1b") {
			t.Errorf("%q: %+v", list, got)
		}
	}
}

// TestHostsInNarrowWindow: each of many hosts has a line in the table hosts, whatever is said of them.
func TestHostsInNarrowWindow(t *testing.T) {
	reach := filepath.Join(t.TempDir(), "reach")
	script := "#!/bin/sh\necho \"kex_exchange_identification: read: Connection reset by $1, as often before\" " +
		">&2\nexit 255\n"
	if err := os.WriteFile(reach, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	const first = "web1.prod.example.com"
	got := outcomeOf(t, exec.Command("netql", "--hosts", first+",web2.prod.example.com", "--via", reach+" {}",
		"--host-timeout", "1m", "--format", "table", "--width", "80", "hosts"))
	const want = `host                   status  rows  said
web1.prod.example.com  failed     0  kex_exchange_identification: read:
                                     Connection reset by web1.prod.example.com,
                                     as often before
web2.prod.example.com  failed     0  kex_exchange_identification: read:
                                     Connection reset by web2.prod.example.com,
                                     as often before
not shown: clock_offset, rtt, kernel, version, bytes, took; select them, or use
a wider window
`
	if got.stdout != want {
		t.Errorf("%s\nwant\n%s", got.stdout, want)
	}
}
