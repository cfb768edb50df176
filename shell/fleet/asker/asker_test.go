package asker

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"netql/query"
	"netql/query/schema"
	"netql/shell/fleet/agent"
	"netql/shell/fleet/connect"
	"netql/shell/fleet/fleettest"
	"netql/shell/fleet/hub"
	"netql/shell/remote"
)

// patience is how long a test waits for what must come.
const patience = 60 * time.Second

// openFleet opens the hosts of a hub, all or those that are named.
func openFleet(t testing.TB, h *fleettest.Hub, creds string, hosts ...string) *Fleet {
	t.Helper()
	c, err := connect.ReadCredentials(creds)
	if err != nil {
		t.Fatal(err)
	}
	// The hub follows its files, so that it knows members a moment after they are added.
	added, err := os.ReadDir(filepath.Join(h.Dir, "hosts"))
	if err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		f, err := open(t.Context(), target{[]string{h.Server}, hosts}, c)
		if err == nil && (f.Transport.(*transport).each || len(f.Names) == len(added)) {
			t.Cleanup(f.Close)
			return f
		}
		if err == nil {
			f.Close()
		}
		if time.Now().After(deadline) {
			t.Fatalf("not all hosts are known: %v", err)
		}
	}
}

// answer is what a query gives: rows as text, warnings, and the error.
type answer struct {
	rows     []string
	warnings []string
	err      error
}

func (a answer) String() string {
	text := strings.Join(a.rows, "\n")
	for _, w := range a.warnings {
		text += "\nwarning: " + w
	}
	if a.err != nil {
		text += "\nerror: " + a.err.Error()
	}
	return strings.TrimPrefix(text, "\n")
}

// ask asks the hosts of a fleet a query about things.
func ask(ctx context.Context, t testing.TB, f *Fleet, text string) answer {
	t.Helper()
	hosts := remote.New(f.Names, f.Transport, remote.Options{Timeout: patience, Notes: f.Notes})
	defer hosts.Close()
	return answerOf(ctx, hosts, text)
}

// answerOf asks hosts a query about things.
func answerOf(ctx context.Context, hosts *remote.Hosts, text string) (a answer) {
	plan, err := query.CompileCut(text, hosts.Catalog(fleettest.Catalog()), &fleettest.Machine{}, hosts.Ask)
	if err != nil {
		return answer{err: err}
	}
	columns := plan.Schema().Columns
	for row, err := range plan.Rows(ctx) {
		if err != nil {
			a.err = err
			break
		}
		var values []string
		for _, c := range columns {
			values = append(values, schema.Visible(fmt.Sprint(c.Value(row).Any())))
		}
		a.rows = append(a.rows, strings.Join(values, " "))
	}
	a.warnings = plan.Warnings()
	return a
}

// TestAsk: a query is answered by all hosts, and those that do not answer are named, each with why.
func TestAsk(t *testing.T) {
	h := fleettest.NewHub(t)
	for i, name := range []string{"web1", "web2.example.com", "web3"} {
		h.Agent(h.Add("add-host", name), &fleettest.Machine{Things: i + 1}, nil)
	}
	h.Add("add-host", "gone")
	f := openFleet(t, h, h.Add("add-user", "alice"))
	const gone = "\nwarning: 1 of 4 hosts (gone): no answer: its agent is not connected"
	for text, want := range map[string]string{
		"things | count":          "6" + gone,
		"things | count by kind":  "kind0 3\nkind1 2\nkind2 1" + gone,
		"things | select host, n": "web1 0\nweb2.example.com 0\nweb2.example.com 1\nweb3 0\nweb3 1\nweb3 2" + gone,
	} {
		if got := ask(t.Context(), t, f, text).String(); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
	some := openFleet(t, h, h.Add("add-user", "carol", "--hosts", "web1,web3"))
	if got := ask(t.Context(), t, some, "things | count by host").String(); got != "web3 3\nweb1 1" {
		t.Errorf("a user who may ask some hosts: %s", got)
	}
	named := openFleet(t, h, h.Add("add-user", "bob"), "web3", "nowhere")
	want := "3\nwarning: 1 of 2 hosts (nowhere): no answer: the hub knows no host of this name"
	if got := ask(t.Context(), t, named, "things | count").String(); got != want &&
		got != strings.Replace(want, notThere, notConnected, 1) {
		t.Errorf("hosts by name: %s", got)
	}
}

// TestNobody: no host, no count.
func TestNobody(t *testing.T) {
	h := fleettest.NewHub(t)
	h.Add("add-host", "web1")
	f := openFleet(t, h, h.Add("add-user", "alice"))
	if got := ask(t.Context(), t, f, "things | count"); len(got.rows) != 0 || got.err == nil {
		t.Errorf("%v", got)
	}
}

// TestBusy: an agent answers so many asks at a time, has so many wait, and says that it is busy to all others.
func TestBusy(t *testing.T) {
	h := fleettest.NewHub(t)
	wait, began := make(chan struct{}), make(chan struct{}, 8)
	h.Agent(h.Add("add-host", "web1"), &fleettest.Machine{Things: 1, Wait: wait, Began: began},
		func(c *agent.Config) { c.Limits.Active, c.Limits.Waiting = 2, 1 })
	f := openFleet(t, h, h.Add("add-user", "alice"))
	answers := make(chan answer, 4)
	for range 4 {
		go func() { answers <- ask(t.Context(), t, f, "things | count") }()
	}
	const busy = "busy: 3 questions are answered or wait"
	if first := <-answers; !strings.Contains(first.String(), busy) {
		t.Errorf("%v", first)
	}
	<-began
	<-began
	close(wait)
	for range 3 {
		if got := (<-answers).String(); got != "1" {
			t.Errorf("%s", got)
		}
	}
	for range 4 { // each ask has its line, which is written when its answer was sent
		h.Log.Await(t, "ask user=alice")
		h.Log.Forget("ask user=alice")
	}
}

// TestAskerGone: an agent does not work for an asker who says nothing any more, and an asker whose connection breaks is
// told so.
func TestAskerGone(t *testing.T) {
	h := fleettest.NewHub(t)
	began := make(chan struct{}, 1)
	endless := func(began chan<- struct{}) *fleettest.Machine {
		return &fleettest.Machine{Things: 1, Wait: make(chan struct{}), Began: began}
	}
	h.Agent(h.Add("add-host", "web1"), endless(began), nil)
	h.Agent(h.Add("add-host", "web2"), endless(nil), func(c *agent.Config) { c.Limits.Silence = time.Millisecond })
	creds := h.Add("add-user", "alice")
	const gone = "nothing was heard of the asker any more"
	if got := ask(t.Context(), t, openFleet(t, h, creds, "web2"), "things | count"); got.err == nil ||
		!strings.Contains(got.String(), "(web2): failed: "+gone) {
		t.Errorf("%v", got)
	}
	h.Log.Await(t, "because=\""+gone+"\"")
	f, ended := openFleet(t, h, creds, "web1"), make(chan answer, 1)
	go func() { ended <- ask(t.Context(), t, f, "things | count") }()
	<-began
	f.Close()
	if got := <-ended; got.err == nil || !strings.Contains(got.String(), "the connection to the server broke") {
		t.Errorf("%v", got)
	}
}

// TestAgentsRestart: an asker learns that an agent was stopped, killed or started again. The hub, which is not asked
// for the last one, would say that the agent is not connected, if it is before the new one is.
func TestAgentsRestart(t *testing.T) {
	for name, end := range map[string]struct {
		end      func(t *testing.T, h *fleettest.Hub, a *agent.Agent, creds string)
		want     string
		unlisted bool
	}{
		"stopped": {func(t *testing.T, _ *fleettest.Hub, a *agent.Agent, _ string) { a.Stop(t.Context()) },
			"failed: the agent was stopped", false},
		"killed": {func(_ *testing.T, _ *fleettest.Hub, a *agent.Agent, _ string) { a.Kill() },
			"no answer: its agent is not connected", false},
		"started again": {func(_ *testing.T, h *fleettest.Hub, a *agent.Agent, creds string) {
			a.Kill()
			h.Agent(creds, &fleettest.Machine{}, nil)
		}, "failed: the agent has started again meanwhile", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := fleettest.NewHub(t)
			began := make(chan struct{}, 1)
			creds := h.Add("add-host", "web1")
			a := h.Agent(creds, &fleettest.Machine{Things: 1, Wait: make(chan struct{}), Began: began}, nil)
			h.Agent(h.Add("add-host", "web2"), &fleettest.Machine{Things: 2}, nil)
			f := openFleet(t, h, h.Add("add-user", "alice"))
			if end.unlisted {
				f.Transport.(*transport).listed = false
			}
			ended := make(chan answer, 1)
			go func() { ended <- ask(t.Context(), t, f, "things | count") }()
			<-began
			end.end(t, h, a, creds)
			want := "2\nwarning: 1 of 2 hosts (web1): " + end.want
			if got := (<-ended).String(); got != want {
				t.Errorf("%s, want %s", got, want)
			}
		})
	}
}

// TestAudit: a line tells who asked what, and how it went; a query cannot forge one. To want no more is no failure.
func TestAudit(t *testing.T) {
	h := fleettest.NewHub(t)
	h.Agent(h.Add("add-host", "web1"), &fleettest.Machine{Things: 3}, nil)
	f := openFleet(t, h, h.Add("add-user", "alice"))
	ask(t.Context(), t, f, "things kind != 'a\nask user=bob'")
	h.Log.Await(t, "ask user=alice ")
	watchSamples(t, f, "things | count | watch 1s", 1)
	h.Log.Await(t, `result=stopped rows=1 bytes=`)
	lines := strings.Split(h.Log.String(), "\n")
	lines = slices.DeleteFunc(lines, func(line string) bool { return !strings.Contains(line, "ask user=") })
	if len(lines) != 2 || !strings.Contains(lines[0], "result=ok rows=3 bytes=") ||
		!strings.Contains(lines[0], `query="things kind != \"a\\nask user=bob\"`) {
		t.Errorf("%q", lines)
	}
}

// TestRestricted: a host tells nothing of tables that may not be asked, and no command lines.
func TestRestricted(t *testing.T) {
	h := fleettest.NewHub(t)
	restricted := func(tables []string, commandLines bool) func(*agent.Config) {
		return func(c *agent.Config) {
			var err error
			if c.Host, err = agent.Restrict(c.Host, tables, commandLines); err != nil {
				t.Fatal(err)
			}
		}
	}
	h.Agent(h.Add("add-host", "open"), &fleettest.Machine{Things: 1}, restricted(nil, true))
	h.Agent(h.Add("add-host", "hidden"), &fleettest.Machine{Things: 1}, restricted([]string{"things"}, false))
	h.Agent(h.Add("add-host", "shut"), &fleettest.Machine{Things: 1}, restricted([]string{}, false))
	f := openFleet(t, h, h.Add("add-user", "alice"))
	const shut = "\nwarning: 1 of 3 hosts (shut): refused: this host does not answer about things (--tables of its " +
		"agent)"
	for text, want := range map[string]string{
		"things | select host, cmdline":                "hidden <nil>\nopen secret0" + shut,
		"things cmdline == 'secret0' | select host, n": "open 0" + shut,
		"things | count by cmdline":                    "secret0 1\n<nil> 1" + shut,
		"things | join others on host, n, cmdline | count by host": "open 1" + strings.Replace(
			strings.Replace(shut, "1 of 3 hosts (shut)", "2 of 3 hosts (hidden, shut)", 1),
			"about things (--tables of its agent)", "about others (--tables of its agent) (others otherwise: the "+
				"table hosts has them)", 1),
	} {
		if got := ask(t.Context(), t, f, text).String(); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

// TestHostsOfUser: a user may be given many hosts by their names, and more than fit are refused when they are given.
func TestHostsOfUser(t *testing.T) {
	h := fleettest.NewHub(t)
	h.Agent(h.Add("add-host", "web1"), &fleettest.Machine{Things: 2}, nil)
	names := []string{"web1"}
	for n := range 1000 {
		names = append(names, fmt.Sprintf("host%d.dc1.example.com", n))
	}
	f := openFleet(t, h, h.Add("add-user", "alice", "--hosts", strings.Join(names, ",")), "web1")
	if got := ask(t.Context(), t, f, "things | count").String(); got != "2" {
		t.Error(got)
	}
	for n := range 5000 {
		names = append(names, fmt.Sprintf("host%d.dc2.example.com", n))
	}
	var out bytes.Buffer
	status := hub.Main([]string{h.Dir, "add-user", "bob", "--out", "-", "--hosts", strings.Join(names, ",")}, &out,
		&out)
	if status != 1 || !strings.Contains(out.String(), "bob may ask too many hosts by their names (6001)") {
		t.Errorf("%d: %.300s", status, &out)
	}
}

// TestHostsAdded: hosts that are added while somebody asks are told, because they are not asked.
func TestHostsAdded(t *testing.T) {
	h := fleettest.NewHub(t)
	h.Agent(h.Add("add-host", "web1"), &fleettest.Machine{Things: 2}, nil)
	f := openFleet(t, h, h.Add("add-user", "alice"))
	if got := ask(t.Context(), t, f, "things | count").String(); got != "2" {
		t.Error(got)
	}
	h.Add("add-host", "web2")
	const want = "2\nwarning: hosts were added to the hub that are not asked yet (1: web2): `use hosts` again, or " +
		"ask anew"
	var got string
	for deadline := time.Now().Add(patience); got != want && time.Now().Before(deadline); {
		got = ask(t.Context(), t, f, "things | count").String() // the hub follows its files a moment later
	}
	if got != want {
		t.Error(got)
	}
}

// TestMemory: an answer that keeps more than the agent gives it is none, and says so.
func TestMemory(t *testing.T) {
	h := fleettest.NewHub(t)
	h.Agent(h.Add("add-host", "small"), &fleettest.Machine{Things: 20_000},
		func(c *agent.Config) { c.Limits.Memory = 1 << 20 })
	h.Agent(h.Add("add-host", "large"), &fleettest.Machine{Things: 2}, nil)
	f := openFleet(t, h, h.Add("add-user", "alice"))
	got := ask(t.Context(), t, f, "things | group by n: c = count() | count").String()
	const want = "2\nwarning: 1 of 2 hosts (small): failed: it keeps more than 1 MB in memory (the limit there)"
	if !strings.HasPrefix(got, want) {
		t.Error(got)
	}
}

// TestWatch: each sample of a watch has all hosts, no oftener than agents allow.
func TestWatch(t *testing.T) {
	h := fleettest.NewHub(t)
	h.Agent(h.Add("add-host", "web1"), &fleettest.Machine{Things: 2},
		func(c *agent.Config) { c.Limits.Interval = 200 * time.Millisecond })
	f := openFleet(t, h, h.Add("add-user", "alice"))
	start := time.Now()
	if got := ask(t.Context(), t, f, "things | count").String(); got != "2" {
		t.Fatal(got)
	}
	samples := watchSamples(t, f, "things | count | watch 100ms", 3)
	if took := time.Since(start); took < 300*time.Millisecond {
		t.Errorf("3 samples in %v: %v", took, samples)
	}
	for _, sample := range samples {
		if sample != "2" {
			t.Errorf("a sample: %s", sample)
		}
	}
}

// watchSamples are the first samples of a watch, as the shell takes them.
func watchSamples(t *testing.T, f *Fleet, text string, n int) (samples []string) {
	t.Helper()
	hosts := remote.New(f.Names, f.Transport, remote.Options{Timeout: patience})
	defer hosts.Close()
	plan, err := query.CompileCut(text, hosts.Catalog(fleettest.Catalog()), &fleettest.Machine{}, hosts.Ask)
	if err != nil {
		t.Fatal(err)
	}
	column := plan.Schema().Columns[0]
	for range n {
		for row, err := range plan.Rows(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			samples = append(samples, fmt.Sprint(column.Value(row).Any()))
		}
	}
	return samples
}

// countRows asks hosts a query about things, and counts the rows without keeping them.
func countRows(ctx context.Context, hosts *remote.Hosts, text string) (n int, warnings []string, err error) {
	plan, err := query.CompileCut(text, hosts.Catalog(fleettest.Catalog()), &fleettest.Machine{}, hosts.Ask)
	if err != nil {
		return 0, nil, err
	}
	for _, err := range plan.RowsInTurn(ctx) {
		if err != nil {
			return n, plan.Warnings(), err
		}
		n++
	}
	return n, plan.Warnings(), nil
}
