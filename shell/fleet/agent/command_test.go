package agent_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"netql/shell/fleet/agent"
	"netql/shell/fleet/fleettest"
)

// TestCommand: what is wrong with a command line is said, and nothing is done.
func TestCommand(t *testing.T) {
	loose := filepath.Join(t.TempDir(), "loose")
	if err := os.WriteFile(loose, []byte("user: web1\npassword: secret\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("web1 geheim\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]string{
		"":                                       "2: --hub is missing",
		"--hub nats://h":                         "2: --creds is missing",
		"--hub nats://h --creds x word":          "2: \"word\" is one word too many",
		"--hub nats://h/x --creds x":             "2: --hub: \"h/x\" is no address of a server",
		"--hub nats://u:p@h --creds x":           "2: --hub: \"u:p@h\" is no address",
		"--hub nats://h --creds x --nothing":     "2: flag provided but not defined",
		"--hub nats://h --creds x --tables=":     "2: --tables names no table",
		"--hub nats://h --unit --tables a$b":     "2: \"a$b\" has a character",
		"--hub nats://h --creds nowhere/x":       "1: open nowhere",
		"--hub nats://h --creds " + loose:        "1: " + loose + ": others may read",
		"--hub nats://h --creds " + secret:       "1: " + secret + ": line 1 is no user",
		"--help":                                 "0: Usage: netql-fleet agent",
		"--hub nats://h --tables a,b --unit":     "0: # The agent of netql-fleet",
		"--hub nats://h --creds x --hub tls:// ": "2: --hub: \"\" is no address",
	} {
		var out bytes.Buffer
		status := agent.Main(strings.Fields(line), (&fleettest.Machine{}).Host(), &out, &out)
		text := strings.TrimPrefix(out.String(), "netql-fleet agent: ")
		if got := string(rune('0'+status)) + ": " + text; !strings.HasPrefix(got, want) ||
			strings.Contains(got, "geheim") {
			t.Errorf("%s: %.200s, want %s", line, got, want)
		}
	}
}

// TestUnit: the unit runs the agent with the arguments that it was printed for.
func TestUnit(t *testing.T) {
	var out bytes.Buffer
	agent.Main(strings.Fields("--hub nats://a,nats://b:4333 --tables sockets --cmdline --unit"),
		(&fleettest.Machine{}).Host(), &out, &out)
	want := "ExecStart=/usr/local/bin/netql-fleet agent --hub nats://a,nats://b:4333 --tables sockets --cmdline " +
		"--creds ${CREDENTIALS_DIRECTORY}/agent.creds\n"
	if !strings.Contains(out.String(), want) {
		t.Errorf("%s", &out)
	}
}

// TestUnknownTable: a table that is to be allowed must be there.
func TestUnknownTable(t *testing.T) {
	_, err := agent.Restrict((&fleettest.Machine{}).Host(), []string{"things", "sokets"}, false)
	if err == nil || err.Error() != `--tables: there is no table "sokets"; there are things, others` {
		t.Errorf("%v", err)
	}
}
