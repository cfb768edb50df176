package tables_test

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"netql/query"
	"netql/query/schema"
	"netql/sources"
	"netql/sources/capture"
	"netql/sources/lab"
	"netql/sources/netlink"
	"netql/tables"
)

// handWritten are conditions that a plan may easily get wrong.
var handWritten = []string{
	"not (rport <= 1000)",
	"not (raddr in 10.0.0.0/8) and state == LISTEN",
	"rport != 80", "rport == nil", "rport != nil", "not (rport == nil)",
	"state == LISTEN and state == ESTAB",
	"state != nil", "state == nil", "not (state != nil)",
	"proto == udp and state == LISTEN",
	"proto != tcp or state == TIME_WAIT",
	"family == inet and raddr == 127.0.0.1", "family == inet6 and laddr == 127.0.0.1", "laddr in 127.0.0.0/8",
	"not (proto in [tcp, udp] and family == inet)",
	"(state == LISTEN) == (proto == tcp)",
	"state == LISTEN ? family == inet : proto == udp",
	"state in [LISTEN, CLOSED, UNCONN]", "not (state in [LISTEN, UNCONN])",
	`lower(state) == "listen"`, `state contains "WAIT"`, `state matches "^FIN" or proto startsWith "udp"`,
	"any([state], # == 'LISTEN')",
	"true", "false", "state == LISTEN or true", "not true and proto == udp",
	"inode == nil and state != TIME_WAIT", "owner_status == unaccepted", "pid == nil and family == inet6",
}

// handWrittenStages follow the table.
var handWrittenStages = []string{
	"| extend s = state | where s == LISTEN", "| extend state = proto | where state == 'tcp'",
	"| select proto, f = family, state, local, remote, inode, cookie | where f == inet6 and state != LISTEN",
	"| limit 7 | where state == LISTEN", "| sort inode | limit 20 | where proto == udp",
	"| top 20 by inode | where family == inet",
	"| count by state | where state == LISTEN", "| count by state, proto | where proto == udp or count > 5",
	"| group by k = (state == LISTEN): n = count() | where k", "| stats count() | where count > 0",
	"| distinct state, proto | where state == LISTEN or proto == raw",
	"| where state == LISTEN | limit 3 | where proto == tcp | count",
	"state == LISTEN | drop state | where lport != nil",
	"| group by proto: lports = list(lport), any(state) | where proto != tcp",
}

// leaves are what the generator makes conditions of.
var leaves = map[string][]string{
	"state": {"LISTEN", "ESTAB", "TIME_WAIT", "UNCONN", "CLOSED", "SYN_SENT", "SYN_RECEIVED", "CLOSE_WAIT",
		"FIN_WAIT_2", "nil"},
	"proto":        {"tcp", "udp", "udplite", "raw", "icmp", "mptcp", "sctp", "nil"},
	"family":       {"inet", "inet6"},
	"lport":        {"22", "253", "1024", "40000", "nil"},
	"rport":        {"53", "1000", "50000", "nil"},
	"raddr":        {"127.0.0.1", "::1", "fe80::1%lab0", "nil"},
	"laddr":        {"127.0.0.1", "::1", "0.0.0.0", "::"},
	"interface":    {"'lo'", "'lab0'", "nil"},
	"v6only":       {"true", "false", "nil"},
	"accept_queue": {"0", "1", "nil"},
	"recv_queue":   {"0", "1000", "nil"},
	"timer":        {"probe", "keepalive", "nil"},
	"congestion":   {"'reno'", "nil"},
	"owner_status": {"ok", "partial", "orphan", "unaccepted"},
	"mark":         {"42"},
}

var leafNames = []string{"state", "state", "state", "proto", "proto", "family", "lport", "rport", "raddr", "laddr",
	"interface", "v6only", "accept_queue", "recv_queue", "timer", "congestion", "owner_status", "mark"}

// condition makes a condition of a depth, the same ones in every run.
func condition(r *rand.Rand, depth int) string {
	if depth == 0 {
		return leaf(r)
	}
	a, b := condition(r, r.IntN(depth)), condition(r, r.IntN(depth))
	switch r.IntN(5) {
	case 0:
		return "not (" + a + ")"
	case 1:
		return "(" + a + " or " + b + ")"
	case 2:
		return "(" + a + " ? " + b + " : " + condition(r, r.IntN(depth)) + ")"
	}
	return "(" + a + " and " + b + ")"
}

func leaf(r *rand.Rand) string {
	name := leafNames[r.IntN(len(leafNames))]
	values := leaves[name]
	value := func() string { return values[r.IntN(len(values))] }
	switch r.IntN(5) {
	case 0:
		return name + " != " + value()
	case 1:
		if list := value(); list != "nil" && !strings.Contains(list, "::") {
			return fmt.Sprintf("%s in [%s, %s]", name, list, list)
		}
	case 2:
		if strings.HasSuffix(name, "port") || strings.HasSuffix(name, "queue") {
			return name + " >= " + strings.Replace(value(), "nil", "500", 1)
		}
	}
	return name + " == " + value()
}

// handAsked is what the conditions written by hand are asked for.
var handAsked = selection{"sockets",
	[]string{"proto", "family", "state", "local", "remote", "inode", "cookie", "owner_status"}}

// TestHintsChangeNothing: what a scan learns of the conditions saves work, and never a row. BOUND_INACTIVE is not among
// the states: such sockets are listed only where the conditions name them.
func TestHintsChangeNothing(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.AllStates(t)
		conditions := slices.Clone(handWritten)
		r := rand.New(rand.NewPCG(1, 2))
		for range 300 {
			conditions = append(conditions, condition(r, r.IntN(4)))
		}
		system := remembered(t)
		found := 0
		for i, plain := range handAsked.unhinted(t, system, conditions) {
			if len(plain) > 0 {
				found++
			}
			if !slices.Equal(handAsked.hinted(t, system, conditions[i]), plain) {
				agreesUnhinted(t, system, handAsked.text(conditions[i]))
			}
		}
		for _, stages := range handWrittenStages {
			if agreesUnhinted(t, system, "sockets "+stages) > 0 {
				found++
			}
		}
		if all := len(conditions) + len(handWrittenStages); found < all/2 {
			t.Errorf("only %d of %d queries find something", found, all)
		}
	})
}

func compareHints(t *testing.T, system *sources.System, text string) (hinted, plain []string) {
	t.Helper()
	a, err := run(t.Context(), system, query.Compile, text)
	b, otherErr := run(t.Context(), system, query.CompileUnhinted, text)
	if err != nil || otherErr != nil || a.err != nil || b.err != nil ||
		len(unusual(a.warnings))+len(unusual(b.warnings)) > 0 {
		t.Fatalf("%s: %v %v %v %v %q %q", text, err, otherErr, a.err, b.err, a.warnings, b.warnings)
	}
	return lines(a.rows), lines(b.rows)
}

// remembering asks the kernel everything once, so that nothing changes between two queries.
type remembering struct {
	kernel  netlink.Transport
	answers map[string][]netlink.Message
}

func (m remembering) Dump(ctx context.Context, r netlink.Request) iter.Seq2[netlink.Message, error] {
	return func(yield func(netlink.Message, error) bool) {
		key := fmt.Sprint(r)
		if _, known := m.answers[key]; !known {
			m.answers[key] = nil
			for message, err := range m.kernel.Dump(ctx, r) {
				if err != nil {
					delete(m.answers, key)
					yield(netlink.Message{}, err)
					return
				}
				message.Data = append([]byte(nil), message.Data...)
				m.answers[key] = append(m.answers[key], message)
			}
		}
		for _, message := range m.answers[key] {
			if !yield(message, nil) {
				return
			}
		}
	}
}

// TestHintsChangeNothingElsewhere holds the same for every other table: conditions on its columns, with the values that
// they have, alone and joined at random.
func TestHintsChangeNothingElsewhere(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		populate(t)
		live, r := remembered(t), rand.New(rand.NewPCG(3, 4))
		once := *live
		// As a capture, of which there is one sample: some thousand waits for a second one are too long.
		once.Live = false
		joined, found := 0, 0
		for _, table := range tables.Catalog().Listing() {
			if table.Name == "sockets" {
				continue // TestHintsChangeNothing
			}
			system := live
			if table.Waits {
				system = &once
			}
			columns := valuesOfColumns(t, system, table)
			conditions := tried(table, equalities(columns))
			alone := len(conditions)
			var random []string
			for range 40 {
				random = append(random, conditionOn(r, columns, 1+r.IntN(3)))
			}
			conditions = append(conditions, tried(table, random)...)
			joined += len(conditions) - alone
			asked := identityOf(table)
			plain := asked.unhinted(t, system, conditions)
			for i, condition := range conditions {
				if len(plain[i]) > 0 && i >= alone {
					found++
				}
				if !slices.Equal(asked.hinted(t, system, condition), plain[i]) {
					agreesUnhinted(t, system, asked.text(condition))
				}
			}
		}
		if found < joined/3 {
			t.Errorf("only %d of %d joined conditions find something", found, joined)
		}
	})
}

// columnValues are a few of a column's values, as a query spells them.
type columnValues struct {
	column string
	values []string
}

// conditionOn makes a condition of a depth on columns of a table.
func conditionOn(r *rand.Rand, columns []columnValues, depth int) string {
	if depth == 0 {
		return leafOn(r, columns)
	}
	a, b := conditionOn(r, columns, r.IntN(depth)), conditionOn(r, columns, r.IntN(depth))
	switch r.IntN(5) {
	case 0:
		return "not (" + a + ")"
	case 1, 2:
		return "(" + a + " or " + b + ")"
	}
	return "(" + a + " and " + b + ")"
}

// leafOn prefers the first columns of a table, which identify its rows.
func leafOn(r *rand.Rand, columns []columnValues) string {
	c := columns[r.IntN(1+r.IntN(len(columns)))]
	value := func() string { return c.values[r.IntN(len(c.values))] }
	switch a, b := value(), value(); {
	case r.IntN(3) == 0:
		return "`" + c.column + "` != " + a
	case r.IntN(2) == 0 && a != "nil" && b != "nil" && !strings.Contains(a+b, "::"):
		return fmt.Sprintf("`%s` in [%s, %s]", c.column, a, b)
	default:
		return "`" + c.column + "` == " + a
	}
}

// agreesUnhinted compares a query with and without hints, again where they differ: what the kernel does by itself, such
// as finding out about IPv6 addresses or ending TIME_WAIT, goes on between two questions. It gives the number of rows.
func agreesUnhinted(t *testing.T, system *sources.System, text string) int {
	t.Helper()
	for try := 0; ; try++ {
		hinted, plain := compareHints(t, system, text)
		if slices.Equal(hinted, plain) {
			return len(hinted)
		}
		if try == 10 {
			t.Errorf("%s: only with hints\n%s\nonly without\n%s", text, strings.Join(missing(hinted, plain), "\n"),
				strings.Join(missing(plain, hinted), "\n"))
			return len(hinted)
		}
		time.Sleep(200 * time.Millisecond)
		again := remembered(t)
		again.Live = system.Live
		system = again
	}
}

// remembered is the running kernel, which is asked everything once: by netlink as each query asks it, and for files and
// owners as a recorder, which reads the same for all.
func remembered(t *testing.T) *sources.System {
	system, recorder := sources.Live(), capture.NewRecorder(t.Context(), sources.Live())
	system.Netlink = remembering{system.Netlink, map[string][]netlink.Message{}}
	system.Files, system.Owners = recorder.System().Files, recorder.System().Owners
	return system
}

// someValues are a few of a column's values as a query spells them, where it can, and NULL. Only what does not change
// between two queries is of use.
func someValues(c *schema.Column, rows []row) []string {
	values := []string{"nil"}
	for _, r := range rows {
		var text string
		switch value := r[c.Name].(type) {
		case string:
			text = strconv.Quote(value)
			if !utf8.ValidString(value) {
				continue
			}
		case netip.Addr, netip.Prefix, bool, schema.HardwareAddr:
			text = schema.Format(value)
		case int:
			if c.Change != schema.Static || c.Unit != schema.None {
				continue
			}
			text = strconv.Itoa(value)
		default:
			continue
		}
		if !slices.Contains(values, text) {
			values = append(values, text)
		}
		if len(values) == 6 {
			break
		}
	}
	return values
}
