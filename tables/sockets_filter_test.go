package tables_test

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"

	"netql/query"
	"netql/query/querytest"
	"netql/query/schema"
	"netql/sources"
	"netql/sources/capture"
	"netql/sources/lab"
	"netql/tables"
)

// endConditions makes conditions on the ports and addresses of sockets, of values that are there and some that are not.
type endConditions struct {
	*rand.Rand
	ports, addrs, endpoints, prefixes []string
}

// newEndConditions takes the values of the sockets.
func newEndConditions(r *rand.Rand, rows []row) *endConditions {
	c := &endConditions{
		Rand:  r,
		ports: []string{"0", "1", "22", "53", "1000", "1023.5", "32768", "65535", "70000"},
		addrs: []string{"0.0.0.0", "::", "10.0.0.1", "::ffff:127.0.0.1", "fe80::1", "fe80::1%lab0",
			"fe80::1%other"},
		endpoints: []string{`"127.0.0.1:22"`, `"[::1]:53"`, `"0.0.0.0:0"`, `"[::]:0"`, `"[fe80::1%lab0]:22"`},
		prefixes: []string{"0.0.0.0/0", "0.0.0.0/32", "127.0.0.0/8", "127.0.0.1/32", "::/0", "::/128", "::1/128",
			"fe80::/10", "::ffff:127.0.0.0/104", "::ffff:0:0/90", "::/96", "128.0.0.0/1"},
	}
	add := func(list *[]string, text string) {
		if !slices.Contains(*list, text) {
			*list = append(*list, text)
		}
	}
	for _, socket := range rows {
		for _, value := range socket {
			switch value := value.(type) {
			case int:
				add(&c.ports, strconv.Itoa(value))
			case netip.Addr:
				add(&c.addrs, schema.Format(value))
			case netip.AddrPort:
				add(&c.endpoints, strconv.Quote(schema.Format(value)))
			}
		}
	}
	return c
}

func (c *endConditions) pick(list []string) string { return list[c.IntN(len(list))] }

// condition makes a condition of a depth.
func (c *endConditions) condition(depth int) string {
	if depth == 0 {
		return c.leaf()
	}
	a, b := c.condition(c.IntN(depth)), c.condition(c.IntN(depth))
	switch c.IntN(6) {
	case 0, 1:
		return "not (" + a + ")"
	case 2, 3:
		return "(" + a + " or " + b + ")"
	case 4:
		return "(" + a + " ? " + b + " : " + c.condition(c.IntN(depth)) + ")"
	}
	return "(" + a + " and " + b + ")"
}

func (c *endConditions) leaf() string {
	switch c.IntN(9) {
	case 0, 1, 2:
		return c.portLeaf()
	case 3, 4, 5:
		return c.addressLeaf()
	case 6:
		return c.pick([]string{"local", "remote"}) + c.compared(c.endpoints)
	case 7:
		return "state" + c.compared([]string{"LISTEN", "ESTAB", "TIME_WAIT", "SYN_SENT", "SYN_RECEIVED", "UNCONN"})
	}
	return c.pick([]string{"family == inet", "family == inet6", "proto == tcp", "proto != udp", "inode == nil", "true",
		"uid == 0", "interface == 'lab0'", "string(lport) matches '5'", "recv_queue >= lport", "rport == lport",
		"v6only", "timer == keepalive"})
}

// compared is an operator and a value, or a list of them.
func (c *endConditions) compared(values []string) string {
	switch c.IntN(6) {
	case 0:
		return " != " + c.pick(values)
	case 1, 2:
		return " in [" + c.pick(values) + ", " + c.pick(values) + ", " + c.pick(values) + "]"
	case 3:
		return c.pick([]string{" == nil", " != nil"})
	}
	return " == " + c.pick(values)
}

func (c *endConditions) portLeaf() string {
	column := c.pick([]string{"lport", "rport"})
	switch c.IntN(3) {
	case 0:
		return column + c.pick([]string{" < ", " <= ", " > ", " >= "}) + c.pick(c.ports)
	case 1:
		low, high := c.IntN(70000), c.IntN(70000)
		return fmt.Sprintf("%s in [%d..%d, %s]", column, min(low, high), max(low, high), c.pick(c.ports))
	}
	return column + c.compared(c.ports)
}

func (c *endConditions) addressLeaf() string {
	column := c.pick([]string{"laddr", "raddr"})
	switch c.IntN(4) {
	case 0:
		return column + c.pick([]string{" in ", " == ", " != ", " not in "}) + c.pick(c.prefixes)
	case 1:
		return column + " in [" + c.pick(c.addrs) + ", " + c.pick(c.prefixes) + "]"
	case 2:
		return column + c.pick([]string{" < ", " >= "}) + c.pick(c.addrs)
	}
	return column + c.compared(c.addrs)
}

// trapConditions are conditions for which the kernel's view and the columns' differ: it has port 0 and unspecified
// addresses where these are NULL, v4-mapped addresses, and no zones.
var trapConditions = []string{
	"not (rport <= 1000)", "rport != 80", "rport == nil", "rport != nil", "not (rport in 1..65535)", "rport >= 0",
	"lport < 0", "lport in [1..1023, 40000]", "lport == 70000", "lport != 70000", "rport > 1023.5", "rport == lport",
	"not (raddr in 0.0.0.0/0)", "raddr in ::/0", "not (raddr in ::/0)", "raddr != ::", "raddr == 0.0.0.0",
	"raddr == nil", "not (raddr == nil)", "laddr == nil", "laddr != nil", "laddr == 0.0.0.0", "laddr == ::",
	"remote == nil", `remote != "0.0.0.0:0"`, `local == "0.0.0.0:0"`,
	"laddr == 127.0.0.1 and family == inet6", "laddr in 127.0.0.0/8", "not (laddr in 127.0.0.0/8)",
	"laddr in ::/0", "laddr != ::/0", "laddr == ::ffff:127.0.0.1", "laddr in ::ffff:127.0.0.0/104",
	"laddr in ::ffff:0:0/90", "laddr < 127.0.0.2",
	"laddr == fe80::1", "laddr == fe80::1%lab0", "laddr != fe80::1%lab0", "laddr != fe80::1%other",
	"laddr in fe80::/10", "not (laddr in [fe80::1%other, 127.0.0.1])", `local != "[fe80::1%other]:22"`,
	"state == SYN_RECEIVED and rport != 1", "state == TIME_WAIT and not (rport < 9)", "state == LISTEN and rport != 1",
}

// TestKernelFilters: the kernel filters sockets as the conditions do. NETQL_RANDOM_QUERIES says how many conditions are
// tried, and NETQL_RANDOM_SEED which.
func TestKernelFilters(t *testing.T) {
	n, seed := querytest.FromEnvironment(t, "NETQL_RANDOM_QUERIES", 250),
		querytest.FromEnvironment(t, "NETQL_RANDOM_SEED", 1)
	lab.Isolate(t, func(t *testing.T) {
		lab.AllStates(t)
		system := remembered(t)
		everyone := ask(t, system, "sockets | select lport, rport, laddr, raddr, local, remote").rows
		conditions := newEndConditions(rand.New(rand.NewPCG(seed, 2)), everyone)
		found, filtered := 0, 0
		for i := range n + uint64(len(trapConditions)) {
			condition := conditions.condition(conditions.IntN(4))
			if i < uint64(len(trapConditions)) {
				condition = trapConditions[i]
			}
			text := "sockets proto in [tcp, udp, udplite] and " + condition +
				" | select proto, family, state, local, remote, inode, cookie"
			rows := agreesUnhinted(t, system, text)
			if t.Failed() {
				return
			}
			if kernelFilters(t, text) {
				filtered++
			}
			if rows > 0 && rows < len(everyone)/2 {
				found++
			}
		}
		t.Logf("%d conditions: the kernel filters by %d, and %d find some sockets", n, filtered, found)
		if uint64(filtered) < n/2 || uint64(found) < n/3 {
			t.Errorf("of %d conditions only %d are filtered by the kernel, and %d find some", n, filtered, found)
		}
	})
}

// TestFiltersOnCapture: a recorder answers a narrow question and keeps what answers every other.
func TestFiltersOnCapture(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.AllStates(t)
		everyone := ask(t, sources.Live(), "sockets | select lport, rport, laddr, raddr, local, remote").rows
		conditions := newEndConditions(rand.New(rand.NewPCG(5, 6)), everyone)
		recorder := capture.NewRecorder(t.Context(), sources.Live())
		const shown = " | select proto, family, state, local, remote, inode, cookie"
		ask(t, recorder.System(), "sockets proto in [tcp, udp] and lport == 1 and raddr in 10.0.0.0/8"+shown)
		found := 0
		for range 60 {
			text := "sockets proto in [tcp, udp] and " + conditions.condition(conditions.IntN(4)) + shown
			hinted, plain := compareHints(t, recorder.System(), text)
			if !slices.Equal(hinted, plain) {
				t.Errorf("%s: %q, want %q", text, hinted, plain)
			}
			found += len(hinted)
		}
		if found == 0 {
			t.Error("no socket was found")
		}
	})
}

// TestKernelFiltersOfBoundSockets: they are listed only where a condition names them. A condition behind limit is not
// pushed.
func TestKernelFiltersOfBoundSockets(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.AllStates(t)
		system := sources.Live()
		const bound = "sockets state == BOUND_INACTIVE"
		everyone := ask(t, system, bound+" | select lport, rport, laddr, raddr, local, remote").rows
		conditions := newEndConditions(rand.New(rand.NewPCG(3, 4)), everyone)
		found := 0
		for range 40 {
			condition, shown := conditions.condition(conditions.IntN(3)), " | select local, inode, cookie"
			pushed := lines(ask(t, system, bound+" and "+condition+shown).rows)
			plain := lines(ask(t, system, bound+" | limit 1000 | where "+condition+shown).rows)
			if !slices.Equal(pushed, plain) {
				t.Errorf("%s: %q, want %q", condition, pushed, plain)
			}
			found += len(pushed)
		}
		if found == 0 {
			t.Errorf("none of %d sockets was found", len(everyone))
		}
	})
}

func kernelFilters(t *testing.T, text string) bool {
	t.Helper()
	plan, err := query.Compile(text, tables.Catalog(), tables.Ask(sources.Live()))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Contains(plan.Explain(), "the kernel filters")
}
