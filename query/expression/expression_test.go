package expression

import (
	"errors"
	"fmt"
	"math"
	"net/netip"
	"strings"
	"testing"
	"time"

	"netql/query/schema"
	"netql/query/syntax"
)

// record is a row of the tests: its values by column.
type record map[string]any

var (
	states = schema.NewVocabulary(
		schema.Word{Name: "LISTEN", Aliases: []string{"LISTENING"}},
		schema.Word{Name: "ESTABLISHED", Aliases: []string{"ESTAB"}},
		schema.Word{Name: "TIME_WAIT", Aliases: []string{"TIMED_WAIT"}},
	)
	linkFlags = schema.Words("UP", "BROADCAST", "LOOPBACK", "RTT_DOWN", "RTT_IS_UP")
	owner     = []schema.Field{{Name: "pid", Type: schema.Of(schema.Int)},
		{Name: "process", Type: schema.Of(schema.Text)}}
)

func columns() []*schema.Column {
	column := func(name string, typ schema.Type, unit schema.Unit) *schema.Column {
		return &schema.Column{Name: name, Type: typ, Unit: unit,
			Value: schema.Boxing(func(r schema.Row) any { return (*r.(*record))[name] })}
	}
	return []*schema.Column{
		column("state", schema.Type{Kind: schema.Enum, Words: states}, ""),
		column("flags", schema.Type{Kind: schema.Flags, Words: linkFlags}, ""),
		column("lport", schema.Of(schema.Port), ""),
		column("rport", schema.Of(schema.Port), ""),
		column("raddr", schema.Of(schema.Address), ""),
		column("dst", schema.Of(schema.Prefix), ""),
		column("local", schema.Of(schema.Endpoint), ""),
		column("mac", schema.Of(schema.MAC), ""),
		column("process", schema.Of(schema.Text), ""),
		column("pid", schema.Of(schema.Int), ""),
		column("rtt", schema.Of(schema.Duration), ""),
		column("recv_queue", schema.Of(schema.Int), schema.Bytes),
		column("send_queue", schema.Of(schema.Int), schema.Bytes),
		column("pacing_rate", schema.Of(schema.Int), schema.BitsPerSecond),
		column("retrans", schema.Of(schema.Int), schema.Segments),
		column("segs_out", schema.Of(schema.Int), schema.Segments),
		column("v6only", schema.Of(schema.Bool), ""),
		column("started", schema.Of(schema.Time), ""),
		column("owners", schema.ListOf(schema.Type{Kind: schema.Object, Fields: owner}), ""),
	}
}

func scope() Scope {
	return Scope{
		Schema: schema.Schema{Source: "sockets", Columns: columns()},
		Ports: func(name string) (int, bool) {
			port, ok := map[string]int{"ssh": 22, "http": 80}[name]
			return port, ok
		},
	}
}

// expressionOf is the condition of the query "t | where CONDITION".
func expressionOf(t testing.TB, text string) syntax.Expression {
	t.Helper()
	condition, err := parse("t | where " + text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return condition
}

// parse reads a query whose only stage is where, and gives its condition.
func parse(text string) (syntax.Expression, error) {
	where := func(p *syntax.Parser) (syntax.Node, *syntax.Error) {
		condition, err := p.Condition("where lport == 22", false)
		return condition, err
	}
	q, err := syntax.Language{{Name: "where", Filter: true, Parse: where}}.Parse(text)
	if err != nil {
		return nil, err
	}
	return q.Stages[0].Node.(syntax.Expression), nil
}

var row = record{
	"state": "ESTABLISHED", "flags": []string{"UP", "LOOPBACK"}, "lport": 22, "rport": 443,
	"raddr": netip.MustParseAddr("10.1.2.3"), "dst": netip.MustParsePrefix("10.0.0.0/8"),
	"local": netip.MustParseAddrPort("10.0.0.1:22"), "mac": schema.HardwareAddr("\x02\x00\x00\x00\x00\x01"),
	"process": "nginx", "pid": 4321, "rtt": 5 * time.Millisecond, "recv_queue": 1 << 20, "send_queue": 0,
	"pacing_rate": 100_000_000, "retrans": 3, "segs_out": 12, "v6only": true,
	"started": time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
	"owners": []any{
		schema.Record{Fields: owner, Values: []any{1, "init"}},
		schema.Record{Fields: owner, Values: []any{4321, "nginx"}},
	},
}

func eval(t *testing.T, text string, r record) any {
	t.Helper()
	e, err := Compile(expressionOf(t, text), scope())
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return e.Eval(&r)
}

func TestValues(t *testing.T) {
	for text, want := range map[string]any{
		`state == LISTEN`: false, `state == estab`: true, `state == "established"`: true, `State != time-wait`: true,
		`ESTAB == state`: true, `state in [LISTEN, ESTAB]`: true, `state not in [timed_wait]`: true,
		`flags contains up`: true, `flags contains "BROADCAST"`: false, `loopback in flags`: true,
		`lport == ssh`: true, `lport == "http"`: false, `lport in [80, ssh]`: true, `lport in 1..1023`: true,
		`lport < 22`:  false,
		`22 >= lport`: true, `rport > lport`: true, `lport == rport`: false,
		`raddr == 10.0.0.0/8`: true, `raddr in 10.1.2.0/24`: true, `raddr != 10.0.0.0/8`: false,
		`raddr in [127.0.0.1, 10.0.0.0/8]`: true,
		`raddr == "10.1.2.3"`:              true, `raddr in dst`: true, `raddr == dst`: true, `raddr < 10.1.2.4`: true,
		`raddr in 10.1.2.0..10.1.2.9`: true,
		`dst == 10.0.0.0/8`:           true, `dst in 10.0.0.0/7`: true, `local == "10.0.0.1:22"`: true,
		`mac == 02:00:00:00:00:01`: true,
		`process == "nginx"`:       true, `process matches "(?i)^(NGINX|envoy)"`: true, `process contains "gin"`: true,
		`process startsWith "ng" and process endsWith "x"`: true, `not (process contains "x")`: false,
		`process in ["a", "nginx"]`: true,
		`rtt > 4ms`:                 true, `rtt == 5ms`: true, `rtt in 1ms..5ms`: true,
		`rtt * 2`: 10 * time.Millisecond, `rtt + 1s`: 1005 * time.Millisecond,
		`rtt / 5ms`: 1.0, `rtt > 0`: true, `-rtt`: -5 * time.Millisecond,
		`recv_queue > 64KiB`: true, `recv_queue == 1MiB`: true, `recv_queue / 1KiB`: 1024.0,
		`recv_queue / 1s > 8Mbit`: true, `recv_queue / 1s`: 8388608.0, `pacing_rate * 2s`: 25_000_000.0,
		`pacing_rate * 2s == 25MB`: true, `20ms * pacing_rate`: 250_000.0, `pacing_rate == 100Mbit`: true,
		`recv_queue + 1`: 1<<20 + 1, `retrans / segs_out`: 0.25, `retrans / send_queue`: nil, `retrans % 2`: 1,
		`2 ** 3`: 8.0, `7 % 0`: nil,
		`100.0 * retrans / segs_out`: 25.0, `retrans + 0.5`: 3.5, `9223372036854775807 + retrans`: 9223372036854775807,
		`v6only`: true, `not v6only`: false, `v6only and lport == 22`: true, `started > "2026-01-01T00:00:00Z"`: true,
		`(process | upper() | hasPrefix("NG")) and lport == 22`: true, `len(process)`: 5, `lower("ABC")`: "abc",
		`string(rtt)`: "0.005",
		`len(owners)`: 2, `any(owners, .process == "nginx")`: true, `all(owners, .pid > 1)`: false, `owners[0].pid`: 1,
		`owners[-1].process`: "nginx", `owners[7].pid`: nil,
		`count(owners, .pid > 1)`: 1, `len(filter(owners, .pid == 1))`: 1, `first(owners).process`: "init",
		`process[0:2]`: "ng", `process[-1:]`: "x",
		`lport < 1024 ? "system" : "user"`: "system", `process ?? "none"`: "nginx", `max(lport, rport)`: 443,
		`min(3, 2.5)`: 2.5, `abs(-3)`: 3,
		`1 < retrans < 5`: true, `true AND NOT (lport IN [80])`: true, `int("0x1f")`: 31, `int("061")`: 61,
		`float(rtt)`: 0.005, `join(map(owners, .process), ",")`: "init,nginx",
		`1h30m`: 90 * time.Minute, `10k`: 10000, `1.5KiB`: 1536, `1_000`: 1000, `0x1f`: 31,
		`1e3`: 1000.0, `"a" + 'b'`: "ab", `"\x1b\u00e9"`: "\x1bé",
		"`lport` == 22": true, `pid == nil`: false, `pid != null`: true, `process == nil or true`: true,

		`not lport == 22`: false, `! lport == 22`: false, `not lport in [22]`: false,
		`not v6only == false and lport == 22`: true, `not not lport == 22`: true,
		`not process contains "x" or lport == 22`: true, `v6only == (not false)`: true, `!v6only`: false,
		`-pid == 0 - pid`:     true,
		`segs_out > 7 % 1000`: true, `segs_out < 2 ** 10`: true, `recv_queue % 4096 == 0B`: true,
		// though rtt is a column
		`flags contains rtt-is-up`: false, `rtt-down not in flags`: true, `RTT-IS-UP in flags`: false,

		// a part that cannot be computed is NULL, and says nothing about the rest
		`int(process) > 5 or lport == 22`: true, `not (int(process) > 5)`: true,
		`process matches process + "("`: false, `int("NaN")`: nil, `float("inf")`: nil, `int("9e99")`: math.MaxInt,
		// one Go type for each kind, whichever way a value comes
		`lport < 1024 ? 1 : 2.5`: 1.0, `max(3, 2.5)`: 3.0, `min(lport, 0.5)`: 0.5, `pid ?? 0.5`: 4321.0,
		`v6only ? (v6only ? 1 : "a") : 5`: 1,
		`max(rtt, 1s)`:                    time.Second, `max(state, "ZZZ")`: "ZZZ", `first(flags) == UP`: true,
		`any([10.0.0.0/8, 127.0.0.1], # == raddr)`: true,
		// values of different kinds have no order, and are not equal
		`(v6only ? rtt : "x") > 5`: false, `(v6only ? "0.5" : 1) == 0.5`: false,
		`(v6only ? raddr : "x") == 10.0.0.0/8`: true, `(v6only ? lport : "x") > 5`: true,
		`lower(v6only ? 1 : "x")`:      nil,
		`raddr == ::ffff:10.0.0.0/104`: true, `raddr in ["::ffff:10.0.0.0/104"]`: true,
		`local == "[::ffff:10.0.0.1]:22"`: true, `dst == "10.0.0.0/8"`: true,
		`rtt in [0, 5ms]`: true, `rtt in [5ms, 0]`: true, `rtt in 0..5ms`: true, `rtt >= 0`: true,
		`raddr in [dst, 1.1.1.1]`: true, `lport in [pid, 22]`: true, `lport in [rport, pid]`: false,
		`state != time-wait and 7-5 == 2`: true, `state in [time-wait, estab]`: true, `pid-1 == 4320`: true,
		`filter(flags, # == UP) contains UP`: true, `flags[0:1] contains LOOPBACK`: false,
		`map(owners, .pid) contains 4321`: true, `2 in map(owners, .pid)`: false,
		`[raddr] contains "10.1.2.3"`: true, `[raddr] contains 10.0.0.0/8`: true, `[dst] contains 10.1.2.3`: true,
		`11.1.2.3 in [dst]`:         false,
		`[dst] contains "10.1.2.3"`: true, `dst contains 10.1.2.3`: true, `dst contains raddr`: true,
		`dst contains 11.0.0.0/16`: false, `not (dst contains 10.1.0.0/16)`: false, `[dst] contains raddr`: true,
		`[dst] contains 10.0.0.0/8`: true, `[dst] contains 10.0.0.0/16`: false,
		`filter([dst], true) contains 10.1.2.3`: true, `"10.1.2.3" in filter([dst], true)`: true,
		`[lport] contains ssh`: true, `lport in map(owners, .pid)`: false,
		`indexOf("aé-b", "-")`: 2, `"é\xffx"[1:]`: "\xffx", `process[1:-1]`: "gin", `process[3:1]`: "",
		`owners[1:][0].pid`: 4321, `len("é\xff")`: 2,
		`1 + 2 * 3 ** 2 - 4 / 2`: 17.0, `-2 ** 2`: -4.0, `10 - 3 - 2`: 5, `2 ** 3 ** 2`: 512.0,
		`not v6only or v6only`: true, `v6only or v6only and false`: true,
		`-9223372036854775807 - 2`: math.MinInt, `9223372036854775807 * -2`: math.MinInt,
		`0 - (-9223372036854775807 - 1)`: math.MaxInt, `(-9223372036854775807 - 1) % -1`: 0,
		`rtt * 1e300`: time.Duration(math.MaxInt), `rtt / 0`: nil, `0 / 0`: nil, `0.0 / 0`: nil, `2 ** 9999`: nil,
		`5 % 0.0`: nil,
	} {
		if got := eval(t, text, row); schema.Key(got) != schema.Key(want) {
			t.Errorf("%s = %v (%T), want %v (%T)", text, got, got, want, want)
		}
	}
}

// TestNull holds the NULL rule against a row in which everything is NULL.
func TestNull(t *testing.T) {
	for text, want := range map[string]any{
		`pid > 5`: false, `pid <= 5`: false, `pid == 5`: false, `pid != 5`: true, `pid == nil`: true,
		`pid != nil`: false, `not (pid > 5)`: true,
		`pid + 1`: nil, `-pid`: nil, `len(process)`: nil, `lower(process)`: nil, `process == "x"`: false,
		`process != "x"`:      true,
		`process matches "x"`: false, `process contains process`: false, `raddr in 10.0.0.0/8`: false,
		`raddr not in 10.0.0.0/8`: true,
		`lport in [1, 2]`:         false, `lport in 1..5`: false, `lport == rport`: false, `lport != rport`: true,
		`v6only`: nil, `v6only and true`: false, `not v6only`: true,
		`v6only ? 1 : 2`: 2, `any(owners, .pid > 0)`: nil, `any(owners, .pid > 0) or false`: false,
		`owners[0].pid`: nil, `flags contains UP`: false,
		`pid ?? 7`: 7, `rtt / 2`: nil, `rtt > 0`: false, `max(pid, 1)`: nil, `pid == nil ? "none" : "some"`: "none",
		`1 / 0`: nil,
	} {
		if got := eval(t, text, record{}); got != want {
			t.Errorf("%s = %v (%T), want %v", text, got, got, want)
		}
	}
}

func TestCompileErrors(t *testing.T) {
	for text, want := range map[string][2]string{ // text: the place, the message or hint
		`lprt == 22`:                {"lprt", `did you mean "lport"?`},
		`state == ESTABLISH`:        {"ESTABLISH", "did you mean ESTABLISHED?"},
		`state == 5`:                {"5", "state is an enum"},
		`process == proces`:         {"proces", `did you mean "process"? A text that is spelt so needs quotes`},
		`proces.x == 5`:             {"proces", `did you mean "process"`},
		`pid == nginx`:              {"nginx", `unknown column "nginx"`},
		`process == 5`:              {"5", "text needs quotes"},
		`lport == "80"`:             {`"80"`, "without quotes"},
		`lport == nosuch`:           {"nosuch", `no service is called "nosuch"`},
		`rtt > 100`:                 {"100", "100ms, 100s"},
		`rtt > 5MB`:                 {"5MB", "rtt is a duration"},
		`recv_queue > 5ms`:          {"5ms", "recv_queue is an int"},
		`recv_queue > 10Mbit`:       {"10Mbit", "recv_queue is in bytes"},
		`retrans > 10MB`:            {"10MB", "counts segments"},
		`raddr == 5`:                {"5", "raddr is an address"},
		`raddr == "10.0.0.300"`:     {`"10.0.0.300"`, "10.0.0.1, 10.0.0.0/8"},
		`lport in [80, "443"]`:      {`"443"`, "mixes kinds"},
		`lport in [80, nil]`:        {"nil", "lport == nil"},
		`lport in 5..1`:             {"lport in 5..1", "empty"},
		`not lport`:                 {"lport", "a condition is needed"},
		`! (process)`:               {"process", "a condition is needed"},
		`pid-foo == 1`:              {"foo", `unknown column "foo"`},
		`flags contains rtt-dwn`:    {"rtt-dwn", "did you mean RTT_DOWN?"},
		`map(owners, sum(#)) == 1`:  {"sum", "needs a group"},
		`lport`:                     {"lport", "a condition is needed"},
		`process and lport == 1`:    {"process", "a condition is needed"},
		`foo(lport)`:                {"foo", `unknown function "foo"`},
		`lower(lport)`:              {"lport", "lower takes text"},
		`lower()`:                   {"lower", "lower(text)"},
		`sum(retrans) > 5`:          {"sum", "needs a group"},
		`process matches "("`:       {`"("`, "no regular expression"},
		`lport ==`:                  {"", "ends too early"},
		`lport rport`:               {"rport", "unexpected rport"},
		`state < LISTEN`:            {"state", "cannot be compared with <"},
		`raddr < 10.0.0.0/8`:        {"10.0.0.0/8", "no limit"},
		`pid < nil`:                 {"nil", "NULL is neither"},
		`rtt + 5 > 1ms`:             {"+", "5ms, 5s"},
		`process + 1 == "a"`:        {"+", "process is text, and 1 is an int"},
		`.pid == 5`:                 {".", "inside any()"},
		`# == 5`:                    {"#", "inside any()"},
		`any(owners, .nope == 1)`:   {"nope", "its parts: pid, process"},
		`1..5`:                      {"..", "only after in"},
		`{a: 1}`:                    {"", "no maps"},
		`lport in 5`:                {"5", "in needs a list"},
		`dst contains 5`:            {"5", "raddr in 10.0.0.0/8"},
		`"a" in process`:            {"process", "process contains"},
		`flags contains NOPE`:       {"NOPE", `flags is never "NOPE"`},
		`raddr == process`:          {"raddr == process", "never equal"},
		`lport == 22 | lport == 23`: {"", ""},
		`pid ?? 1 == 1`:             {"==", "(pid ?? 0) == 0"},
		`rtt > 0B`:                  {"0B", "rtt is a duration"},
		`rtt > 5M`:                  {"5M", "minutes are 5m"},
		`rtt > 10k`:                 {"10k", "10ms, 10s"},
		`rtt in [1ms, 5]`:           {"5", "mixes kinds"},
		`recv_queue > 5m`:           {"5m", "mega is 5M"},
		`rtt > 5 ms`:                {"ms", "a unit sticks to its number"},
		`local == 10.0.0.1:22`:      {"10.0.0.1:22", `it is written "10.0.0.1:22"`},
		`flags contains nil`:        {"nil", "a flag must be a word"},
		`lower(process) and v6only`: {"lower(process)", "lower(process) is text"},
		`owners contains 5`:         {"owners", "any(owners, .pid == 1)"},
		`pid in owners`:             {"pid in owners", "never equal"},
		`raddr < dst`:               {"raddr < dst", "write raddr in dst"},
		`bitand(1.5, 2) == 1`:       {"1.5", "bitand takes int or port"},
		`max(lport, process) == 1`:  {"process", "values of one kind"},
		`state contains WAIT`:       {"WAIT", `text needs quotes: "WAIT"`},
		`process["a":] == "b"`:      {`"a"`, "a position is a number"},
		`state == time-wai`:         {"time-wai", "did you mean TIME_WAIT?"},
		`[1, "a"] == nil`:           {`"a"`, "mixes kinds"},
		`recv_queue + 1Mbit > 5`:    {"1Mbit", "recv_queue is in bytes"},
		`1MB + pacing_rate > 5`:     {"1MB", "pacing_rate is in bits per second"},
	} {
		condition, err := parse("t | where " + text)
		if err == nil {
			_, err = CompileCondition(condition, scope())
		}
		var e *syntax.Error
		if !errors.As(err, &e) {
			t.Errorf("%s: error %v, want one with %q", text, err, want)
			continue
		}
		full := "t | where " + text
		if want[0] != "" && full[e.Range.Start:e.Range.End] != want[0] {
			t.Errorf("%s: place %q, want %q (%s)", text, full[e.Range.Start:e.Range.End], want[0], e.Message)
		}
		if !strings.Contains(e.Message+"\n"+e.Hint, want[1]) {
			t.Errorf("%s: %q hint %q lacks %q", text, e.Message, e.Hint, want[1])
		}
	}
}

func TestPredicate(t *testing.T) {
	condition := func(text string) Predicate {
		e, err := CompileCondition(expressionOf(t, text), scope())
		if err != nil {
			t.Fatal(err)
		}
		return e.Condition
	}
	may := func(text, column string, value any) bool {
		return condition(text).May(func(c string) (any, bool) { return value, c == column })
	}
	for _, c := range []struct {
		text, column string
		value        any
		want         bool
	}{
		{`state == LISTEN and lport == 22`, "state", "LISTEN", true},
		{`state == LISTEN and lport == 22`, "state", "ESTABLISHED", false},
		{`state == LISTEN or lport == 22`, "state", "ESTABLISHED", true},
		{`not (state == LISTEN)`, "state", "LISTEN", false},
		{`not (state == LISTEN and lport == 22)`, "state", "LISTEN", true},
		{`state in [LISTEN]`, "state", "TIME_WAIT", false},
		{`not (rport <= 1000)`, "rport", nil, true},
		{`rport <= 1000`, "rport", nil, false},
		{`len(process) > 3 and state == LISTEN`, "state", "TIME_WAIT", false},
		{`(lport < 5 ? true : false) or state == LISTEN`, "state", "TIME_WAIT", true},
		{`false`, "state", nil, false},
		{`true and 1 > 2`, "state", "LISTEN", false},
		{`not true or lport == 22`, "state", "LISTEN", true},
		{`nil == 5 or state == LISTEN`, "state", "TIME_WAIT", false},
		{`not false`, "state", nil, true},
	} {
		if got := may(c.text, c.column, c.value); got != c.want {
			t.Errorf("%s with %s = %v: may %v, want %v", c.text, c.column, c.value, got, c.want)
		}
	}
	if p := condition(`not (state in [LISTEN, ESTAB]) and lport == 22`); !p.Mentions("state", "LISTEN") ||
		p.Mentions("state", "TIME_WAIT") {
		t.Errorf("Names is wrong for %s", p)
	}
	p := condition(`not (state in [LISTEN, ESTAB]) and lport == 22 or state == TIME_WAIT`)
	if got := fmt.Sprint(p.Values("state"), p.Values("rport")); got != "[LISTEN ESTABLISHED TIME_WAIT] []" {
		t.Errorf("Values of %s: %s", p, got)
	}
}

// TestCostlyLast: what is costly is evaluated only where the cheap condition left it open.
func TestCostlyLast(t *testing.T) {
	s := scope()
	reads := 0
	s.Schema.Columns = append(s.Schema.Columns, &schema.Column{
		Name: "slow", Type: schema.Of(schema.Text), Costly: true,
		Value: schema.Boxing(func(schema.Row) any { reads++; return "x" }),
	})
	e, err := CompileCondition(expressionOf(t, `slow == "x" and v6only and (slow != "y" or lport == 22)`), s)
	if err != nil {
		t.Fatal(err)
	}
	if e.True(&record{"v6only": false}) || reads != 0 {
		t.Errorf("the costly column was read %d times", reads)
	}
}

func BenchmarkFilterThreeTerms(b *testing.B) {
	e, err := CompileCondition(expressionOf(b, `state == ESTAB and rport == 443 and rtt > 1ms`), scope())
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if !e.True(&row) {
			b.Fatal("false")
		}
	}
}
