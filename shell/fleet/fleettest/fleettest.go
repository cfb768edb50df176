// Package fleettest is help for tests: a hub, and clients of it.
package fleettest

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"netql/shell/fleet/connect"
	"netql/shell/fleet/hub"
)

// Log collects what is logged; any goroutine may write to it.
type Log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// Hub is a hub in a test, which ends with it.
type Hub struct {
	*hub.Hub
	Dir    string
	Log    *Log
	Server string // its address

	t     testing.TB
	creds string // directory
}

// NewHub starts a hub on loopback.
func NewHub(t testing.TB) *Hub { return NewHubOn(t, "127.0.0.1:0") }

// NewHubOn starts a hub that listens on an address.
func NewHubOn(t testing.TB, listen string) *Hub {
	t.Helper()
	h := &Hub{Dir: filepath.Join(t.TempDir(), "hub"), Log: new(Log), t: t, creds: t.TempDir()}
	h.Start(listen)
	t.Cleanup(func() { h.Close() })
	return h
}

// Start starts the hub again, where it was closed.
func (h *Hub) Start(listen string) {
	h.t.Helper()
	started, err := hub.Start(h.Dir, hub.Config{Listen: listen, Log: h.Log})
	if err != nil {
		h.t.Fatal(err)
	}
	h.Hub, h.Server = started, started.Address().String()
}

// Command runs a command line of the hub's directory, as a user does.
func (h *Hub) Command(args ...string) {
	h.t.Helper()
	var out bytes.Buffer
	if status := hub.Main(append([]string{h.Dir}, args...), &out, &out); status != 0 {
		h.t.Fatalf("%q: status %d: %s", args, status, &out)
	}
}

// Add makes credentials, by add-host or add-user, and gives the path of their file.
func (h *Hub) Add(verb, name string, more ...string) string {
	h.t.Helper()
	path := filepath.Join(h.creds, verb+"-"+name)
	h.Command(append([]string{verb, name, "--out", path}, more...)...)
	return path
}

// Credentials are those of a file.
func (h *Hub) Credentials(path string) *connect.Credentials {
	h.t.Helper()
	c, err := connect.ReadCredentials(path)
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

// Connect connects a client, until the test ends.
func (h *Hub) Connect(path string, options ...nats.Option) *nats.Conn {
	h.t.Helper()
	quiet := nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {})
	client, err := h.Credentials(path).Dial([]string{h.Server}, append([]nats.Option{quiet}, options...)...)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(client.Close)
	return client
}

// Files are the contents of all files of the hub's directory by their paths in it.
func (h *Hub) Files() map[string]string {
	h.t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(h.Dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		found[path[len(h.Dir)+1:]] = string(data)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return found
}

// Creds is the path of a file of credentials that is not there yet.
func (h *Hub) Creds(name string) string { return filepath.Join(h.creds, name) }

// Await waits until the log has a text.
func (l *Log) Await(t testing.TB, text string) {
	t.Helper()
	for deadline := time.Now().Add(patience); !strings.Contains(l.String(), text); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the log has no %q: %s", text, l)
		}
	}
}

// Forget takes a text out of the log, once.
func (l *Log) Forget(text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	rest := strings.Replace(l.text.String(), text, "", 1)
	l.text.Reset()
	l.text.WriteString(rest)
}

// patience is how long a test waits for what must come.
const patience = time.Minute

// AddAll is Add for many names, by one command.
func (h *Hub) AddAll(verb string, names []string) []string {
	h.t.Helper()
	dir := h.t.TempDir()
	h.Command(append([]string{verb, "--out", dir}, names...)...)
	paths := make([]string, len(names))
	for i, name := range names {
		paths[i] = filepath.Join(dir, name+".creds")
	}
	return paths
}
