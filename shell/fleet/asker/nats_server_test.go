package asker

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"netql/shell/fleet/agent"
	"netql/shell/fleet/connect"
	"netql/shell/fleet/fleettest"
	"netql/shell/fleet/hub"
)

// natsServer is a process of the machine's nats-server, such as Debian's.
type natsServer struct {
	configuration string
	process       *exec.Cmd
	log           *fleettest.Log
}

// startNATS starts a nats-server, until the test ends or kills it.
func startNATS(t *testing.T, configuration string) *natsServer {
	t.Helper()
	s := &natsServer{configuration: configuration}
	s.start(t)
	t.Cleanup(s.kill)
	return s
}

func (s *natsServer) start(t *testing.T) {
	t.Helper()
	path, err := exec.LookPath("nats-server")
	if err != nil {
		t.Skip("NOT TESTED: nats-server is not installed (apt-get install nats-server)")
	}
	s.process, s.log = exec.Command(path, "-c", s.configuration), new(fleettest.Log)
	s.process.Dir = filepath.Dir(s.configuration)
	s.process.Stdout, s.process.Stderr = s.log, s.log
	if err := s.process.Start(); err != nil {
		t.Fatal(err)
	}
	s.log.Await(t, "Server is ready")
}

// kill is kill -9.
func (s *natsServer) kill() {
	s.process.Process.Kill() // an error is that it has ended
	s.process.Wait()
}

// writeConfig writes what a nats-server on loopback needs.
func writeConfig(t *testing.T, dir, out string, more ...string) {
	t.Helper()
	words := append([]string{dir, "config", "--out", out, "--name"}, more...)
	if status := hub.Main(words, os.Stderr, os.Stderr); status != 0 {
		t.Fatalf("%q: status %d", words, status)
	}
}

// startAgent starts an agent with credentials, and waits until it is connected. It gives its log.
func startAgent(t *testing.T, creds string, things int, servers ...string) *fleettest.Log {
	t.Helper()
	c, err := connect.ReadCredentials(creds)
	if err != nil {
		t.Fatal(err)
	}
	log := new(fleettest.Log)
	a, err := agent.Start(agent.Config{Credentials: c, Servers: servers,
		Host: (&fleettest.Machine{Things: things}).Host(), Limits: agent.DefaultLimits(), Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Kill)
	log.Await(t, "is connected")
	return log
}

// rewrite replaces parts of a file.
func rewrite(t *testing.T, path string, replacements ...string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err == nil {
		err = os.WriteFile(path, []byte(strings.NewReplacer(replacements...).Replace(string(data))), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestNATSServer: a nats-server takes the hub's place with the credentials that the hub has made. Hosts that do not
// answer any more are still known.
func TestNATSServer(t *testing.T) {
	dir, out, address := filepath.Join(t.TempDir(), "hub"), t.TempDir(), freeAddress(t)
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	web1, web2 := newMember(t, dir, "add-host", "web1"), newMember(t, dir, "add-host", "web2.example.com")
	alice := newMember(t, dir, "add-user", "alice")
	writeConfig(t, dir, out, "127.0.0.1", "--listen", address)
	startNATS(t, filepath.Join(out, "nats-server.conf"))
	startAgent(t, web1, 1, address)
	startAgent(t, web2, 2, address)
	if err := remember("127.0.0.1", []string{"gone"}); err != nil {
		t.Fatal(err)
	}
	want := "no hub says which hosts there are: these are the 2 that answered within 2s, and 1 that did before "
	var f *Fleet
	for deadline := time.Now().Add(patience); ; { // 2s are little on a busy machine
		f = openWhenThere(t, alice, address)
		if notes := f.Notes(); len(notes) == 1 && strings.HasPrefix(notes[0], want) {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("hosts: %q, notes: %q, want %s", f.Names, f.Notes(), want)
		}
	}
	if got := strings.Join(f.Names, " "); got != "gone web1 web2.example.com" {
		t.Errorf("hosts: %s", got)
	}
	named := openFleetAt(t, alice, address, "gone", "web1", "web2.example.com")
	const answer = "3\nwarning: 1 of 3 hosts (gone): no answer: its agent is not connected"
	if got := ask(t.Context(), t, named, "things | count").String(); got != answer || named.Notes() != nil {
		t.Errorf("%s, want %s; notes %q", got, answer, named.Notes())
	}
	if known, _, err := remembered("127.0.0.1"); err != nil || len(known) != 3 {
		t.Errorf("remembered: %v, %v", known, err)
	}
}

// TestConfigurationOfDocs: the configuration in docs/fleet-nats.md lets hosts and users do what they must. Where one
// has the password of the other, which does not tell whose it is, that is said.
func TestConfigurationOfDocs(t *testing.T) {
	docs, err := os.ReadFile("../../../docs/fleet-nats.md")
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?s)```conf\n(.*?)```").FindSubmatch(docs)
	if block == nil {
		t.Fatal("there is no configuration in the docs")
	}
	dir, out, address := filepath.Join(t.TempDir(), "hub"), t.TempDir(), freeAddress(t)
	// For its certificate.
	writeConfig(t, dir, out, "127.0.0.1")
	paths := map[string]string{"web1": passwordFile(t, out, "web1", "a long secret"),
		"alice": passwordFile(t, out, "alice", "another long secret")}
	configuration := filepath.Join(out, "docs.conf")
	if err := os.WriteFile(configuration, block[1], 0o600); err != nil {
		t.Fatal(err)
	}
	rewrite(t, configuration, "127.0.0.1:4222", address)
	startNATS(t, configuration)
	startAgent(t, paths["web1"], 3, address)
	f := openFleetAt(t, paths["alice"], address, "web1")
	if got := ask(t.Context(), t, f, "things | count").String(); got != "3" {
		t.Errorf("%s", got)
	}
	log := startAgent(t, paths["alice"], 3, address)
	log.Await(t, "alice hears no questions, because the server does not let it")
	if lines := strings.Count(log.String(), "\n"); lines != 2 ||
		!strings.Contains(log.String(), "add-host NAME makes\n") {
		t.Errorf("%s", log)
	}
	c, err := connect.ReadCredentials(paths["web1"])
	if err != nil {
		t.Fatal(err)
	}
	_, err = open(t.Context(), target{servers: []string{address}}, c)
	if err == nil || !strings.HasPrefix(err.Error(), "web1 may not receive answers (") {
		t.Errorf("%v", err)
	}
}

// openFleetAt opens hosts by name at a server.
func openFleetAt(t *testing.T, creds, address string, hosts ...string) *Fleet {
	t.Helper()
	c, err := connect.ReadCredentials(creds)
	if err != nil {
		t.Fatal(err)
	}
	f, err := open(t.Context(), target{[]string{address}, hosts}, c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	return f
}
