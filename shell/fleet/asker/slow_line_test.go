package asker

import (
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"netql/query"
	"netql/shell/fleet/agent"
	"netql/shell/fleet/fleettest"
	"netql/shell/remote"
	"netql/sources/lab"
)

// hubsEnd and askersEnd are the addresses of the ends of the line between the hub and the asker.
const hubsEnd, askersEnd = "10.9.0.1", "10.9.0.2"

// slowLine joins the hub's network namespace and a new one, named asker, to which no more than 2 Mbit are sent in a
// second: tc-tbf(8). Others than the asker reach the hub as fast as ever.
func slowLine(t *testing.T) {
	t.Helper()
	lab.Need(t, "ip", "tc")
	lab.NameNamespaces(t, "hub", "asker")
	lab.Tool(t, "link add line0 type veth peer name line1 netns asker\naddress add "+hubsEnd+"/24 dev line0\n"+
		"link set line0 up\n", "ip", "-batch", "-")
	lab.In(t, "asker", func() {
		lab.Tool(t, "address add "+askersEnd+"/24 dev line1\nlink set line1 up\n", "ip", "-batch", "-")
	})
	shape := "qdisc add dev line0 root tbf rate 2mbit burst 10kb latency 300ms"
	if output, err := exec.Command("tc", strings.Fields(shape)...).CombinedOutput(); err != nil {
		lab.Cannot(t, fmt.Sprintf("tc %s: %v: %s", shape, err, output))
	}
}

// heldBack is how often the line had to make packets wait.
func heldBack(t *testing.T) int {
	t.Helper()
	text := lab.Tool(t, "", "tc", "-s", "qdisc", "show", "dev", "line0")
	found := regexp.MustCompile(`overlimits (\d+)`).FindStringSubmatch(text)
	if found == nil {
		t.Fatal(text)
	}
	n, err := strconv.Atoi(found[1])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestSlowLine: over a line that takes seconds for the answer all hosts and all rows arrive, those of hosts that send
// more than they may unasked, too, though nobody takes these for longer than an agent waits where others want the
// place, and another ask is answered meanwhile. The server does not take the asker for one that has stopped reading.
// NETQL_FLEET_AGENTS=700 takes half a minute, longer than a server waits by default.
func TestSlowLine(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		slowLine(t)
		h := fleettest.NewHubOn(t, hubsEnd+":0")
		hosts := fleetSize(t, 30)
		const large, few, many, length = 3, 10, 120, 1000 // a large one sends 90 KB, others 8 KB
		things := func(i int) int {
			if i < large {
				return many
			}
			return few
		}
		startAgents(t, h, hosts, func(i int) *fleettest.Machine {
			return &fleettest.Machine{Things: things(i), Text: length}
		}, func(c *agent.Config) { c.Limits.CreditWait = time.Millisecond })
		f := openFarFleet(t, h, h.Add("add-user", "alice"))
		count, start := make(chan answer, 1), time.Now()
		rows := textsByHost(t, f, length, func() {
			go func() { count <- ask(t.Context(), t, f, "things | count") }()
		})
		t.Logf("the last row came after %v", time.Since(start))
		for i, name := range f.Names {
			if rows[name] != things(i) {
				t.Errorf("%s: %d rows, want %d", name, rows[name], things(i))
			}
		}
		if got := (<-count).String(); got != fmt.Sprint(large*many+(hosts-large)*few) {
			t.Errorf("count: %s", got)
		}
		if log := h.Log.String(); heldBack(t) == 0 || strings.Contains(log, "Slow Consumer") {
			t.Errorf("held back %d times: %s", heldBack(t), log)
		}
	})
}

// openFarFleet opens the hosts of a hub from the far end of the line.
func openFarFleet(t *testing.T, h *fleettest.Hub, creds string) (f *Fleet) {
	t.Helper()
	lab.In(t, "asker", func() { f = openFleet(t, h, creds) })
	if ip, err := f.client.GetClientIP(); err != nil || ip.String() != askersEnd {
		t.Fatalf("the asker connects from %v: %v", ip, err)
	}
	return f
}

// textsByHost asks for the texts of all things, and gives the number of rows by host. Each has a text of that length.
// It calls begun at the first row.
func textsByHost(t *testing.T, f *Fleet, length int, begun func()) map[string]int {
	t.Helper()
	hosts := remote.New(f.Names, f.Transport, remote.Options{Timeout: 10 * time.Second}) // as by default
	defer hosts.Close()
	plan, err := query.CompileCut("things | select host, text", hosts.Catalog(fleettest.Catalog()),
		&fleettest.Machine{}, hosts.Ask)
	if err != nil {
		t.Fatal(err)
	}
	columns, rows := plan.Schema().Columns, map[string]int{}
	for row, err := range plan.Rows(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) == 0 {
			begun()
		}
		host, text := fmt.Sprint(columns[0].Value(row).Any()), fmt.Sprint(columns[1].Value(row).Any())
		if rows[host]++; len(text) != length {
			t.Errorf("%s: %d bytes of text", host, len(text))
		}
	}
	if warnings := plan.Warnings(); len(warnings) > 0 {
		t.Error(warnings)
	}
	return rows
}
