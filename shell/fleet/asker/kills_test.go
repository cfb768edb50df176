package asker

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"netql/shell/fleet/connect"
	"netql/shell/remote"
)

// manyThings are the rows of each host, which are several messages.
const manyThings = 10_000

// TestKills kills agents, the hub and another asker at random moments. No row and no host is lost without a word: the
// rows of a host that is said to be ok are all there, those of others are the first ones, and a warning says so.
func TestKills(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 0))
	dir, address := filepath.Join(t.TempDir(), "hub"), freeAddress(t)
	alice, bob := newMember(t, dir, "add-user", "alice"), newMember(t, dir, "add-user", "bob")
	hub := startPart(t, "hub", dir, address)
	var victims []*part
	for i := range 4 {
		creds := newMember(t, dir, "add-host", fmt.Sprint("web", i))
		victims = append(victims, startPart(t, "agent", creds, fmt.Sprint(manyThings), address))
	}
	victims = append(victims, startPart(t, "asker", bob, address))
	t.Cleanup(func() {
		for _, p := range append(victims, hub) {
			if t.Failed() {
				t.Logf("%q: %s", p.words, p.stderr)
			}
		}
	})
	f := openWhenThere(t, alice, address)
	states := map[string]int{}
	for range 12 {
		victim := victims[random.IntN(len(victims))]
		if random.IntN(6) == 0 { // which costs all of them their connections
			victim = hub
		}
		after := time.Duration(random.Int64N(int64(100 * time.Millisecond)))
		killed := make(chan bool)
		go func() {
			time.Sleep(after)
			victim.kill()
			close(killed)
		}()
		checkLaw(t, f, manyThings, states)
		<-killed
		victim.start(t)
		if victim == hub {
			awaitHosts(t, f, 2, manyThings)
		}
	}
	awaitHosts(t, f, len(f.Names), manyThings) // all come back by themselves
	t.Logf("seed %d: %v", seed, states)
}

// awaitHosts waits until so many hosts answer.
func awaitHosts(t testing.TB, f *Fleet, n, things int) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for states := map[string]int{}; checkLaw(t, f, things, states) < n; {
		if time.Now().After(deadline) {
			t.Fatalf("%d hosts have not come back: %v, connected: %t", n, states, f.client.IsConnected())
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// openWhenThere opens a fleet as soon as its hub listens.
func openWhenThere(t testing.TB, creds, address string) *Fleet {
	t.Helper()
	c, err := connect.ReadCredentials(creds)
	if err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		f, err := open(t.Context(), target{servers: []string{address}}, c)
		if err == nil {
			t.Cleanup(f.Close)
			return f
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
}

// checkLaw asks for all rows, and gives the number of hosts that are ok. It counts the states of hosts.
func checkLaw(t testing.TB, f *Fleet, things int, states map[string]int) (ok int) {
	t.Helper()
	hosts := remote.New(f.Names, f.Transport, remote.Options{Timeout: 10 * time.Second})
	defer hosts.Close()
	got := answerOf(t.Context(), hosts, "things | select host, n")
	if got.err != nil && len(got.rows) > 0 {
		t.Errorf("%d rows, and an error: %v", len(got.rows), got.err)
	}
	if got.err != nil {
		states["error"]++
		return 0
	}
	rows := map[string]int{}
	for _, row := range got.rows {
		host, n, _ := strings.Cut(row, " ")
		if n != fmt.Sprint(rows[host]) {
			t.Fatalf("%s: row %s comes after %d others", host, n, rows[host])
		}
		rows[host]++
	}
	listed := answerOf(t.Context(), hosts, "hosts | select host, status")
	if len(listed.rows) != len(f.Names) {
		t.Fatalf("the table hosts: %v", listed)
	}
	for _, row := range listed.rows {
		host, status, _ := strings.Cut(row, " ")
		if states[status]++; status == "ok" {
			ok++
		}
		// One that was killed behind its last row had all of them, and its end is missing.
		if rows[host] > things || status == "ok" && rows[host] < things {
			t.Errorf("%s is %s with %d rows", host, status, rows[host])
		}
	}
	if warned := len(got.warnings) > 0; warned == (ok == len(f.Names)) {
		t.Errorf("%d hosts are ok, warnings: %q", ok, got.warnings)
	}
	return ok
}
