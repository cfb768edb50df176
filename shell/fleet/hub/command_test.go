package hub_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"netql/shell/fleet/hub"
)

// TestCommand: what is wrong with a command line is said, and nothing is done.
func TestCommand(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "hub")
	t.Chdir(t.TempDir())
	if err := os.WriteFile("list", []byte("db1, db2 # a comment\n\ndb1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ line, want string }{
		{"", "2: a directory is missing"},
		{"--help", "0: Usage: netql-fleet hub DIR"},
		{"DIR remove-host web1", "1: DIR is no directory of a hub: it has no keys.json"},
		{"DIR list", "1: DIR is no directory of a hub: it has no keys.json"},
		{"DIR add-host web0 --out -", "0: DIR was no directory of a hub, and is one now\n-----BEGIN NATS USER JWT"},
		{"/proc/hub add-host web0", "1: mkdir /proc/hub: no such file"}, // which does not say that it is a hub now
		{"/proc/hub", "1: mkdir /proc/hub: no such file"},
		{"add-host web1", "2: the directory comes first: netql-fleet hub DIR add-host"},
		{"help", "2: the directory comes first"},
		{"DIR go", "2: \"go\" is nothing that a hub does"},
		{"DIR --no", "2: flag provided but not defined"},
		{"DIR add-host", "2: add-host takes names"},
		{"DIR list x", "2: list takes no names"},
		{"DIR config", "2: config needs --out and --name"},
		{"DIR add-host a b --out x", "2: --out takes the credentials of one name"},
		{"DIR add-host a --hosts b", "2: --hosts is for add-user"},
		{"DIR --out x", "2: --out is for add-host, add-user, config"},
		{"DIR list --listen :1", "2: --listen is for running the hub, config"},
		{"DIR --name a,https://b", "1: --name https://b: it is neither the name of a machine nor an address"},
		{"DIR --name a$b --unit", "2: \"a$b\" has a character that has no place in a unit"},
		{"DIR --unit --name hub.example.com,2001:db8::1", "0: # The hub of netql-fleet"},
		{"DIR config --out d --name a --cluster b/c", "1: --cluster b/c: a server is HOST or HOST:PORT"},
		{"DIR config --out d --name a --leaf-of b:x", "1: --leaf-of b:x: \"x\" is no port"},
		{"DIR --listen 4222", "1: --listen 4222: an address to listen on"},
		{"DIR --listen :http", "1: --listen :http: \"http\" is no port"},
		{"DIR add-host -oProxyCommand=x", "2: flag provided but not defined"},
		{"DIR add-host -- -oProxyCommand=x", "1: \"-oProxyCommand=x\": a name begins with a letter"},
		{"DIR add-host a*b", "1: \"a*b\": a name has letters"},
		{"DIR add-host a:b", "1: \"a:b\": a name has letters"},
		{"DIR add-user alice --hosts web1,>", "1: \">\": a name has letters"},
		{"DIR add-user alice --hosts=", "2: --hosts names no host"},
		{"DIR add-host web1", "0: web1.creds\n"},
		{"DIR remove-host web2", "1: web2: there is none of that name"},
		{"DIR add-host web1", "1: open web1.creds: file exists"},
		{"DIR add-host web1 --out again", "1: web1 has had credentials since "},
		{"DIR add-user web1 --hosts web1,web2 --out -",
			"0: warning: no host has these names yet: web2\n-----BEGIN NATS"},
		{"DIR add-host web3 web1 web4 -- web3", "1: web3.creds\nnetql-fleet hub: open web1.creds: file exists\n" +
			"web4.creds\nnetql-fleet hub: 1 of 3 names were left as they are\n"},
		{"DIR add-host @nowhere", "1: open nowhere: no such file"},
		{"DIR add-host @list --out x", "2: --out takes the credentials of one name; a directory (x/) takes"},
		{"DIR add-host @list web1 --out creds/", "1: creds/db1.creds\ncreds/db2.creds\nnetql-fleet hub: web1 has had " +
			"credentials since "},
		{"DIR add-user bob --hosts @list --out -", "0: -----BEGIN NATS USER JWT"},
		{"DIR remove-host web3 nobody web4", "1: nobody: there is none of that name\n" +
			"netql-fleet hub: 1 of 3 names were left as they are\n"},
		{"DIR remove-host @list", "0: "},
		{"DIR remove-user bob", "0: "},
		{"DIR list", "0: host web0 since "},
		{"DIR remove-user web1", "0: "},
		{"DIR remove-host web1 web0", "0: "},
		{"DIR list", "0: "},
	} {
		var out bytes.Buffer
		status := hub.Main(strings.Fields(strings.ReplaceAll(test.line, "DIR", dir)), &out, &out)
		got := string(rune('0'+status)) + ": " + strings.TrimPrefix(out.String(), "netql-fleet hub: ")
		got = strings.ReplaceAll(got, dir, "DIR")
		if !strings.HasPrefix(got, test.want) || test.want == "0: " && got != test.want {
			t.Errorf("%s: %.200s, want %s", test.line, got, test.want)
		}
	}
	if _, err := os.Stat("again"); err == nil {
		t.Error("a file is left that has no credentials")
	}
}

// TestWritable: a directory that others may write to is refused: they could make void credentials valid again.
func TestWritable(t *testing.T) {
	for _, below := range []string{".", "hosts", "users", "revoked"} {
		dir := filepath.Join(t.TempDir(), "hub")
		var out bytes.Buffer
		if status := hub.Main([]string{dir, "add-host", "web1", "--out", "-"}, &out, &out); status != 0 {
			t.Fatalf("%d: %s", status, &out)
		}
		if err := os.Chmod(filepath.Join(dir, below), 0o722); err != nil {
			t.Fatal(err)
		}
		out.Reset()
		status := hub.Main([]string{dir, "list"}, &out, &out)
		if status != 1 || !strings.Contains(out.String(), "others may write to it (-rwx-w--w-): chmod go-w") {
			t.Errorf("%s: %d: %s", below, status, &out)
		}
	}
}
