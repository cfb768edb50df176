package expression

import (
	"math"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"
	"time"

	"netql/query/schema"
)

// pool are values of each column, the extreme ones first; NULL belongs to all.
var pool = map[string][]any{
	"state": {nil, "LISTEN", "ESTABLISHED", "TIME_WAIT"},
	"flags": {nil, []string{}, []string{"UP"}, []string{"UP", "BROADCAST", "LOOPBACK"}},
	"lport": {nil, 0, 22, 80, 65535},
	"rport": {nil, 0, 22, 443},
	"raddr": {nil, netip.IPv6Unspecified(), netip.MustParseAddr("10.1.2.3"), netip.MustParseAddr("fe80::1%eth0"),
		netip.MustParseAddr("255.255.255.255")},
	"dst": {nil, netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("10.0.0.0/8"),
		netip.MustParsePrefix("::/0"), netip.MustParsePrefix("2001:db8::/128")},
	"local":   {nil, netip.MustParseAddrPort("10.0.0.1:22"), netip.MustParseAddrPort("[fe80::1%eth0]:65535")},
	"mac":     {nil, schema.HardwareAddr(""), schema.HardwareAddr("\x02\x00\x00\x00\x00\x01")},
	"process": {nil, "", "nginx", "\xff\x1b[31m\n", strings.Repeat("a", 300), "-5", "0x1f"},
	"pid":     {nil, math.MinInt, math.MaxInt, -1, 0, 1, 4321},
	"rtt": {nil, time.Duration(math.MinInt64), time.Duration(math.MaxInt64), time.Duration(0),
		time.Millisecond},
	"recv_queue":  {nil, 0, math.MaxInt, 1 << 20},
	"send_queue":  {nil, 0, math.MinInt, 65536},
	"pacing_rate": {nil, 0, math.MaxInt, 100_000_000},
	"retrans":     {nil, 0, 3, math.MaxInt},
	"segs_out":    {nil, 0, 12, math.MinInt},
	"v6only":      {nil, true, false},
	"started":     {nil, time.Time{}, time.Unix(1<<40, 0).UTC(), time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)},
	"owners": {nil, []any{}, []any{schema.Record{Fields: owner, Values: []any{nil, nil}}},
		[]any{schema.Record{Fields: owner, Values: []any{1, "init"}},
			schema.Record{Fields: owner, Values: []any{math.MaxInt, ""}}}},
}

// testRows are a row of NULLs, a row of the first, second ... value of each column, and random ones.
func testRows(random *rand.Rand, n int) []record {
	rows := make([]record, n)
	for i := range rows {
		rows[i] = record{}
		for name, values := range pool {
			rows[i][name] = values[min(i, len(values)-1)]
			if i > 6 {
				rows[i][name] = values[random.IntN(len(values))]
			}
		}
	}
	return rows
}

// fits says whether a value has the Go type of its kind.
func fits(v any, t schema.Type) bool {
	kind := goKind(v)
	switch t.Kind {
	case schema.Any:
		return true
	case schema.Port:
		return v == nil || kind == schema.Int
	case schema.Enum:
		return v == nil || kind == schema.Text
	case schema.List:
		for _, element := range elements(v) {
			if t.Elem != nil && !fits(element, *t.Elem) {
				return false
			}
		}
	}
	return v == nil || kind == t.Kind
}

// checkCondition: a condition is true or false, and what it tells a scan never loses a row, or lets one pass.
func checkCondition(t *testing.T, text string, e *Expression, r record, random *rand.Rand) {
	t.Helper()
	if _, ok := e.Eval(&r).(bool); !ok {
		t.Fatalf("%s gives %v for %v", text, e.Eval(&r), r)
	}
	known := map[string]bool{}
	for name := range pool {
		known[name] = random.IntN(2) == 0
	}
	if !e.True(&r) {
		if e.Condition.Certain(func(column string) (any, bool) { return r[column], known[column] }) {
			t.Fatalf("%s is false for %v, but certain where %v are known: %s", text, r, known, e.Condition)
		}
		return
	}
	if !e.Condition.May(func(column string) (any, bool) { return r[column], true }) {
		t.Fatalf("%s is true for %v, but the predicate %s is not", text, r, e.Condition)
	}
	if !e.Condition.May(func(column string) (any, bool) { return r[column], known[column] }) {
		t.Fatalf("%s is true for %v, but the predicate %s is not where %v are known", text, r, e.Condition, known)
	}
}

// FuzzEval: compiling and evaluating never panics; the value has the Go type of its kind; a condition is never NULL.
func FuzzEval(f *testing.F) {
	for _, text := range atoms {
		f.Add(text)
	}
	for _, text := range []string{
		`flags contains nil`, `1 - 1 - 1 - 1`, `any(owners, any(owners, .pid > # .pid))`, `(v6only ? rtt : 1) * 2`,
		`[nil, 1.5, 2][pid]`, `-(pid ?? 0.5)`,
		`lower(first([1, "a"]))`, `{a: 1}.a`, `owners?.pid`, `max(nil, 1)`, `split("", "")[0]`,
		`string(owners) matches process`, `10.0.0.0/8 == 10.0.0.1`,
		`time-wait == state`, `b"x"`, `let x`, `not not nil`, `nil.nil`, `count(.pid)`, `host(raddr)`, `if (x) {}`,
		`#index`, `x ?: y`, `-state`,
	} {
		f.Add(text)
	}
	random := rand.New(rand.NewPCG(1, 2))
	rows := testRows(random, 12)
	f.Fuzz(func(t *testing.T, text string) {
		where, err := parse("t | where " + text)
		if err != nil {
			return
		}
		if e, err := Compile(where, scope()); err == nil {
			for _, r := range rows {
				if v := e.Eval(&r); !fits(v, e.Type) {
					t.Fatalf("%s gives %v (%T), which is no %s", text, v, v, e.Type)
				}
			}
		}
		if e, err := CompileCondition(where, scope()); err == nil {
			for _, r := range rows {
				checkCondition(t, text, e, r, random)
			}
		}
	})
}

// atoms are what random conditions are made of.
var atoms = []string{
	`state == LISTEN`, `state != estab`, `state in [LISTEN, time-wait]`, `state == nil`, `flags contains UP`,
	`UP not in flags`, `lport == ssh`,
	`lport < 1024`, `lport in 1..100`, `lport in [22, rport]`, `rport != 443`, `rport <= 1000`, `rport == nil`,
	`22 > lport`, `lport == rport`, `lport != rport`,
	`raddr == 10.0.0.0/8`, `raddr != 10.0.0.0/8`, `raddr in [fe80::1, 10.0.0.0/8]`, `raddr in dst`, `raddr == fe80::1`,
	`raddr > 10.0.0.0`, `dst == ::/0`, `raddr != nil`,
	`process == "nginx"`, `process contains "n"`, `process matches "^n"`, `process startsWith process`,
	`int(process) > 0`, `len(process) > 3`,
	`pid > 5`, `pid + 1 > 5`, `-pid < 0`, `pid % 2 == 0`, `(pid ?? 1) == 1`, `rtt > 0`, `rtt * 2 > 1ms`,
	`rtt in 0..5ms`, `recv_queue / 1s > 8Mbit`,
	`retrans / segs_out > 0.1`, `100 * retrans > segs_out`, `v6only`, `not v6only`, `v6only == false`,
	`v6only ? true : lport == 22`, `started > "2026-01-01T00:00:00Z"`,
	`any(owners, .pid == 1)`, `all(owners, .process != nil)`, `owners == nil`, `owners[0].pid > 0`, `len(owners) == 0`,
	`local == "10.0.0.1:22"`, `mac == 02:00:00:00:00:01`,
	`1 < retrans < 5`, `true`, `false`, `process in ["nginx", nil ?? "x"]`, `(process ?? "") == ""`,
}

// condition makes a random condition.
func condition(random *rand.Rand, depth int) string {
	if depth == 0 || random.IntN(4) == 0 {
		return atoms[random.IntN(len(atoms))]
	}
	one, other := condition(random, depth-1), condition(random, depth-1)
	switch random.IntN(5) {
	case 0:
		return "not (" + one + ")"
	case 1:
		return "((" + one + ") ? (" + other + ") : " + condition(random, depth-1) + ")"
	case 2:
		return "(" + one + ") or (" + other + ")"
	}
	return "(" + one + ") and (" + other + ")"
}

// TestPredicateLosesNoRow: for random conditions and rows, and whatever columns a scan knows, a row that satisfies the
// condition may satisfy the predicate.
func TestPredicateLosesNoRow(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	rows := testRows(random, 60)
	held := 0
	for range 400 {
		text := condition(random, 3)
		e, err := CompileCondition(expressionOf(t, text), scope())
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		for _, r := range rows {
			checkCondition(t, text, e, r, random)
			if e.True(&r) {
				held++
			}
		}
	}
	if held < 1000 {
		t.Errorf("only %d rows satisfied their condition", held)
	}
}
