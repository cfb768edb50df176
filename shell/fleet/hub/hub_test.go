package hub_test

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"netql/shell/fleet/fleettest"
	"netql/shell/fleet/hub"
	"netql/shell/fleet/subject"
)

// patience is how long a test waits for what must come.
const patience = 30 * time.Second

// roster is what the hub tells a user.
func roster(t *testing.T, client *nats.Conn, user string) (text string) {
	t.Helper()
	sub, err := client.SubscribeSync(subject.HubAnswer(user, "*"))
	if err != nil {
		t.Fatal(err)
	}
	defer sub.Unsubscribe()
	if err := client.PublishRequest(subject.AskHosts(user), subject.HubAnswer(user, "1"), nil); err != nil {
		t.Fatal(err)
	}
	var hosts []hub.RosterHost
	for {
		m, err := sub.NextMsg(patience)
		if err != nil {
			t.Fatal(err)
		}
		var part hub.Roster
		if err := json.Unmarshal(m.Data, &part); err != nil {
			t.Fatal(err)
		}
		if hosts = append(hosts, part.Hosts...); len(hosts) == part.Total {
			return fmt.Sprint(hosts, part.Restricted)
		}
	}
}

// eventually waits until a function gives a text.
func eventually(t *testing.T, want string, get func() string) {
	t.Helper()
	got := ""
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if got = get(); got == want {
			return
		}
	}
	t.Fatalf("%s, want %s", got, want)
}

// TestRoster: a user learns which hosts have credentials, of those that he may ask, and which are connected.
func TestRoster(t *testing.T) {
	h := fleettest.NewHub(t)
	alice := h.Connect(h.Add("add-user", "alice"))
	carol := h.Connect(h.Add("add-user", "carol", "--hosts", "web2,web3"))
	eventually(t, "[] false", func() string { return roster(t, alice, "alice") })
	web1 := h.Add("add-host", "web1")
	h.Add("add-host", "web2.example.com")
	h.Add("add-host", "web3")
	eventually(t, "[{web1 0} {web2.example.com 0} {web3 0}] false",
		func() string { return roster(t, alice, "alice") })
	host := h.Connect(web1, nats.NoReconnect())
	for _, s := range subject.HostRights("web1").Subscribe {
		if _, err := host.Subscribe(s, func(*nats.Msg) {}); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, "[{web1 1} {web2.example.com 0} {web3 0}] false",
		func() string { return roster(t, alice, "alice") })
	eventually(t, "[{web3 0}] true", func() string { return roster(t, carol, "carol") })
	host.Close()
	h.Command("remove-host", "web3")
	eventually(t, "[{web1 0} {web2.example.com 0}] false",
		func() string { return roster(t, alice, "alice") })
}

// TestRemove: void credentials end their connection, and make no other; a new member of the name is another one.
func TestRemove(t *testing.T) {
	h := fleettest.NewHub(t)
	old := h.Add("add-host", "web1")
	closed := make(chan bool, 1)
	h.Connect(old, nats.MaxReconnects(2), nats.ReconnectWait(time.Millisecond),
		nats.ClosedHandler(func(*nats.Conn) { closed <- true }))
	h.Command("remove-host", "web1")
	select {
	case <-closed:
	case <-time.After(patience):
		t.Fatal("the connection of a removed host stays")
	}
	again := h.Creds("web1-again")
	h.Command("add-host", "web1", "--out", again)
	h.Connect(again)
	h.Close()
	h.Start("127.0.0.1:0")
	h.Connect(again)
	if _, err := h.Credentials(old).Dial([]string{h.Server}); !errors.Is(err, nats.ErrAuthorization) {
		t.Errorf("void credentials after a restart: %v", err)
	}
}

// TestRestart: what a hub made on its first start serves ever after, and is secret.
func TestRestart(t *testing.T) {
	h := fleettest.NewHub(t)
	web1 := h.Add("add-host", "web1")
	before := h.Files()
	h.Close()
	h.Start("127.0.0.1:0")
	if after := h.Files(); !maps.Equal(before, after) {
		t.Errorf("files: %v, were %v", slices.Sorted(maps.Keys(after)), slices.Sorted(maps.Keys(before)))
	}
	h.Connect(web1)
	creds, err := os.ReadFile(web1)
	if err != nil {
		t.Fatal(err)
	}
	for path, text := range before {
		info, err := os.Stat(filepath.Join(h.Dir, path))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
		if path == "keys.json" {
			continue
		}
		if found := seed.FindString(text); found != "" {
			t.Errorf("%s has a seed", path)
		}
	}
	if seed.FindString(before["keys.json"]) == "" || seed.FindString(string(creds)) == "" {
		t.Error("seeds have another form")
	}
	if seed.FindString(h.Log.String()) != "" {
		t.Error("the log has a seed")
	}
}

// seed is the secret half of a key of NATS: of an account, an operator or a user.
var seed = regexp.MustCompile(`\bS[AOU][A-Z2-7]{56}\b`)

// TestTwoHubs: a second hub on a directory is refused, and told which process has it; commands go on.
func TestTwoHubs(t *testing.T) {
	h := fleettest.NewHub(t)
	second, err := hub.Start(h.Dir, hub.Config{Listen: "127.0.0.1:0", Log: h.Log})
	if err == nil {
		second.Close()
	}
	if want := fmt.Sprintf("%s: a hub runs on it already (process %d)", h.Dir, os.Getpid()); err == nil ||
		err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	h.Add("add-host", "web1")
}

// TestUnsafeDirectory: keys that others can read are not used.
func TestUnsafeDirectory(t *testing.T) {
	h := fleettest.NewHub(t)
	h.Close()
	if err := os.Chmod(filepath.Join(h.Dir, "keys.json"), 0o644); err != nil {
		t.Fatal(err)
	}
	started, err := hub.Start(h.Dir, hub.Config{Listen: "127.0.0.1:0", Log: h.Log})
	if err == nil {
		started.Close()
	}
	if err == nil || !strings.Contains(err.Error(), "others may read it") {
		t.Errorf("%v", err)
	}
}

// TestStrangers: without credentials of this hub nobody gets in, and no client gives its own to another server.
func TestStrangers(t *testing.T) {
	h, other := fleettest.NewHub(t), fleettest.NewHub(t)
	mine, theirs := h.Credentials(h.Add("add-host", "web1")), other.Credentials(other.Add("add-host", "web1"))
	if _, err := mine.Dial([]string{other.Server}); err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("a server of another authority: %v", err)
	}
	insecure := nats.Secure(&tls.Config{InsecureSkipVerify: true})
	for _, test := range []struct {
		what    string
		options []nats.Option
		want    error
	}{
		{"nobody", []nats.Option{insecure}, nats.ErrAuthorization},
		{"a password", []nats.Option{insecure, nats.UserInfo("web1", "web1")}, nats.ErrAuthorization},
		{"credentials of another hub", []nats.Option{insecure, theirs.Proof()}, nats.ErrAuthorization},
	} {
		options := append(test.options, nats.Timeout(patience))
		if _, err := nats.Connect("tls://"+h.Server, options...); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", test.what, err, test.want)
		}
	}
}

// TestPlainText: who speaks no TLS gets no further than the server's greeting.
func TestPlainText(t *testing.T) {
	h := fleettest.NewHub(t)
	conn, err := net.Dial("tcp", h.Server)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(patience))
	fmt.Fprint(conn, "CONNECT {\"verbose\":false}\r\nPING\r\n")
	var answer bytes.Buffer
	answer.ReadFrom(conn) // an error is an end, too
	if text := answer.String(); !strings.Contains(text, `"tls_required":true`) || strings.Contains(text, "PONG") {
		t.Errorf("%q", text)
	}
}
