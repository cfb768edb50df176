package remote

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"netql/query/schema"
	"netql/shell/remote/frame"
)

// TestStates: each way in which a host does not answer in full is told in a warning of its own kind; what it has sent
// is there in rows, and left out where rows count together.
func TestStates(t *testing.T) {
	for _, test := range []struct {
		name  string
		host  script
		kept  bool // rows 7 of it are there where they count alone
		whole bool // and where they count together
		want  string
	}{
		{"good", sends("", "", rowsOf(7), message(&frame.End{Rows: 1})), true, true, ""},
		{"empty", empty, false, false, ""},
		{"gone", sends(Failed, "Connection refused"), false, false, "failed: Connection refused"},
		{"broken off", sends("", "", rowsOf(7)), true, false, "failed: the answer broke off"},
		{"killed", sends(Failed, "Killed", rowsOf(7)), true, false, "failed: Killed"},
		{"lost", sends("", "", rowsOf(7), message(&frame.End{Rows: 3})), true, false,
			"rows are lost: it sent 3 rows, and 1 came"},
		{"more than it says", sends("", "", rowsOf(7), message(&frame.End{})), true, false,
			"rows are lost: it sent 0 rows, and 1 came"},
		{"silent", hangs(), false, false, "no answer: nothing came for 500ms"},
		{"falls silent", hangs(rowsOf(7)), true, false, "no answer: nothing came for 500ms"},
		{"refuses", refuses, false, false, "refused: not allowed"},
		{"busy", sends("", "", message(&frame.End{State: "busy", Error: "x"})), false, false, "busy: x"},
		{"older", sends("", "", message(&frame.End{State: "older", Error: "unknown table"})), false, false,
			"of another version: unknown table"},
		{"of an older protocol", sends("", "", message(&frame.Hello{Version: "v0"}), rowsOf(7),
			message(&frame.End{Rows: 1})), false, false, "of another version: netql v0 there speaks protocol 0"},
		{"without a column", sends("", "", columnsOf(schema.Int, true), rowsOf(7), message(&frame.End{Rows: 1})),
			true, true, "of another version: netql  there has no column n, which is NULL"},
		{"with another type", sends("", "", columnsOf(schema.Float, false), rowsOf(7), message(&frame.End{Rows: 1})),
			false, false, "of another version: netql  there has another type of the column n"},
		{"with other columns", sends("", "", frame.Columns{}.Frame(askID), rowsOf(7), message(&frame.End{Rows: 1})),
			false, false, "failed: it sends what is no answer"},
		{"its own state", sends("", "", message(&frame.End{State: "ok", Error: "x"})), false, false, "failed: ok: x"},
		{"partial", sends("", "", rowsOf(7), message(&frame.End{Rows: 1, Warnings: []string{"some left out"}})),
			true, true, "partial: some left out"},
		{"at its limit", sends("", "", rowsOf(7), message(&frame.End{Rows: 1, State: "partial", Error: "stopped"})),
			true, false, "partial: stopped"},
		{"rubbish", sends("", "", frame.Frame{Kind: 'R', Payload: []byte{1, 0, 0xff}}, message(&frame.End{Rows: 1})),
			false, false, "failed: it sends what is no answer"},
		{"rubbish behind rows", sends("", "", rowsOf(7), frame.Frame{Kind: 'R', Payload: []byte{1, 9}},
			message(&frame.End{Rows: 2})), true, false, "failed: it sends what is no answer"},
		{"another type", sends("", "", frame.Frame{Kind: 'R', Payload: []byte{1, 0, 0x45, 0x45}},
			message(&frame.End{Rows: 1})), false, false, "a value that is no text"},
		{"a kind of frame that is none", sends("", "", frame.Frame{Kind: '?'}), false, false, "no answer"},
	} {
		for _, whole := range []bool{false, true} {
			var got asked
			synctest.Test(t, func(t *testing.T) {
				got = ask(t, hostsOf(soon, good, test.host, empty), local(whole, ""))
			})
			rows := []string{"web1 1", "web1 2"}
			if test.kept && !whole || test.whole && whole {
				rows = append(rows, "web2 7")
			}
			if got.err != nil || !slices.Equal(got.rows, rows) {
				t.Errorf("%s, whole %v: %v, %v", test.name, whole, got.rows, got.err)
			}
			told := strings.Join(got.warnings, "\n")
			if test.want == "" && told != "" || test.want != "" && (len(got.warnings) != 1 ||
				!strings.HasPrefix(told, "1 of 3 hosts (web2): ") || !strings.Contains(told, test.want)) {
				t.Errorf("%s, whole %v: %q", test.name, whole, told)
			}
			left := strings.Contains(told, "is left out")
			there := strings.Contains(told, "are there")
			if test.kept && !test.whole && (left != whole || there == whole) {
				t.Errorf("%s, whole %v: it does not say what is done with its rows: %q", test.name, whole, told)
			}
		}
	}
}

// TestBabble: a host that says without end that it is at work, and sends nothing else, is given up.
func TestBabble(t *testing.T) {
	for _, whole := range []bool{false, true} {
		for _, f := range []frame.Frame{message(&frame.Taken{}), message(&frame.Hello{Proto: frame.Proto}),
			columnsOf(schema.Int, false), message(&frame.Sample{})} {
			babbles := func(ctx context.Context, _ frame.Ask, send func(frame.Frame), _ func() frame.Credit) (State,
				string) {
				for ctx.Err() == nil {
					send(f)
				}
				return Late, ""
			}
			got := ask(t, hostsOf(time.Minute, babbles, good), local(whole, ""))
			if !slices.Equal(got.rows, []string{"web2 1", "web2 2"}) || len(got.warnings) != 1 ||
				!strings.HasPrefix(got.warnings[0], "1 of 2 hosts (web1): failed: it sends what is no answer") {
				t.Errorf("%s, whole %v: %+v", string(f.Kind), whole, got)
			}
		}
	}
}

// TestNobody: where no host has answered there is an error and nothing else, so that nothing is counted as 0.
func TestNobody(t *testing.T) {
	for _, whole := range []bool{false, true} {
		var got asked
		synctest.Test(t, func(t *testing.T) {
			got = ask(t, hostsOf(soon, refuses, hangs(), refuses, refuses, refuses), local(whole, ""))
		})
		const want = "no host has answered: 1 of 5 hosts (web2): no answer: nothing came for 500ms; " +
			"4 of 5 hosts (web1, web3, web4 ...): refused: not allowed"
		if len(got.rows) > 0 || len(got.warnings) > 0 || got.err == nil || got.err.Error() != want {
			t.Errorf("%+v", got)
		}
	}
}

// TestAlike: reasons that differ in the name of the host alone are one reason.
func TestAlike(t *testing.T) {
	for port, other := range map[string]bool{"22": false, "23": true} {
		got := ask(t, hostsOf(0, good, sends(Failed, "connect to host web2 port 22: refused"),
			sends(Failed, "connect to host web3 port "+port+": refused")), local(true, ""))
		want := "2 of 3 hosts (web2, web3): failed: connect to host web2 port 22: refused"
		if other {
			want += " (others otherwise: the table hosts has them)"
		}
		if !slices.Equal(got.warnings, []string{want}) {
			t.Errorf("%q", got.warnings)
		}
	}
}

// TestNothingIsLost: whatever hosts do at random moments, each row that is not there is of a host of which a warning
// tells, and no row is there twice or of another host.
func TestNothingIsLost(t *testing.T) {
	for seed := range uint64(25) {
		random := rand.New(rand.NewPCG(seed, 1))
		hosts, total := make([]script, 1+random.IntN(20)), make([]int, 20)
		for i := range hosts {
			hosts[i], total[i] = randomHost(random)
		}
		whole := seed%2 == 0
		got := ask(t, hostsOf(30*time.Millisecond, hosts...), local(whole, ""))
		there := map[string]int{}
		for _, row := range got.rows {
			name, _, _ := strings.Cut(row, " ")
			there[name]++
		}
		told := 0
		for _, w := range got.warnings {
			var n int
			if _, err := fmt.Sscanf(w, "%d of", &n); err != nil {
				t.Fatalf("%q: %v", w, err)
			}
			told += n
		}
		missing := 0
		for i := range hosts {
			rows := there[fmt.Sprintf("web%d", i+1)]
			if rows < total[i] {
				missing++
			}
			if rows > total[i] || whole && rows != 0 && rows != total[i] {
				t.Errorf("seed %d: web%d has %d rows, and sent %d", seed, i+1, rows, total[i])
			}
		}
		if got.err == nil && missing > told || got.err != nil && len(got.rows) > 0 {
			t.Errorf("seed %d: rows of %d hosts are missing: %+v", seed, missing, got)
		}
	}
}

// randomHost sends some rows, as credit allows, and may end or fall silent anywhere; total is how many it would send.
func randomHost(random *rand.Rand) (host script, total int) {
	total = random.IntN(10_000)
	breaks := -1
	if random.IntN(3) == 0 {
		breaks = random.IntN(total + 1)
	}
	how := random.IntN(3)
	chunk := 1 + random.IntN(3000)
	return func(ctx context.Context, a frame.Ask, send func(frame.Frame), credit func() frame.Credit) (State, string) {
		left := a.Credit
		for sent := 0; ; {
			if breaks >= 0 && sent >= breaks {
				switch how {
				case 0:
					return Failed, "killed"
				case 1:
					send(message(&frame.End{Rows: total}))
					return "", ""
				}
				<-ctx.Done()
				return Late, ""
			}
			if sent == total {
				send(message(&frame.End{Rows: total}))
				return "", ""
			}
			f := rowsOf(make([]int, min(chunk, total-sent))...)
			for left <= 0 && ctx.Err() == nil {
				left += credit().Bytes
			}
			if ctx.Err() != nil {
				return Late, ""
			}
			left -= len(f.Payload)
			send(f)
			sent += min(chunk, total-sent)
		}
	}, total
}

// TestEnough: a consumer that wants no more ends all hosts, and nothing is told of those that had not ended.
func TestEnough(t *testing.T) {
	h := hostsOf(time.Minute, good, hangs(), refuses, good)
	for range h.Ask(t.Context(), local(false, ""), func(w string) {
		if !strings.Contains(w, "refused") {
			t.Errorf("a warning: %s", w)
		}
	}) {
		break
	}
	if _, said := h.last.local.Lacking["web2"]; said {
		t.Errorf("%v lack rows", h.last.local.Lacking)
	}
	for i, want := range []State{1: Stopped, 2: Refused} {
		if state, _ := h.last.result(i); want != "" && want != state && state != Stopped {
			t.Errorf("host %d is %s", i, state)
		}
	}
}

// TestLate: where the context ends, what has come by then is there, also of hosts behind one that has not answered; the
// hosts whose answers have not ended are told, and those that have failed, too.
func TestLate(t *testing.T) {
	for _, whole := range []bool{false, true} {
		ctx, cancel := context.WithCancel(t.Context())
		begun := make(chan struct{}, 2)
		begins := func(s script) script {
			return func(ctx context.Context, a frame.Ask, send func(frame.Frame), c func() frame.Credit) (State,
				string) {
				state, said := s(ctx, a, func(f frame.Frame) {
					if send(f); f.Kind == frame.KindRows {
						begun <- struct{}{}
					}
				}, c)
				if ctx.Err() != nil {
					return Failed, ctx.Err().Error() // as some transport may say it
				}
				return state, said
			}
		}
		gone := make(chan struct{})
		fails := func(context.Context, frame.Ask, func(frame.Frame), func() frame.Credit) (State, string) {
			defer close(gone)
			return Failed, "gone"
		}
		h := New([]string{"a", "b", "c", "d"}, fake{hangs(), begins(hangs(rowsOf(7))), begins(good), fails},
			Options{})
		go func() {
			<-begun
			<-begun
			<-gone
			for h.Awaited() != "2 of 4 hosts done, 3 rows, waiting for a, b ..." {
				time.Sleep(time.Millisecond)
			}
			cancel()
		}()
		var got asked
		for row, err := range h.Ask(ctx, local(whole, ""), func(w string) { got.warnings = append(got.warnings, w) }) {
			if got.err = err; err == nil {
				got.rows = append(got.rows, fmt.Sprint(row[0].Any(), " ", row[1].Any()))
			}
		}
		rows, end := []string{"b 7", "c 1", "c 2"}, "the rows that came are there"
		if whole {
			rows, end = rows[1:], "what came of them is left out"
		}
		if got.err != nil || !slices.Equal(got.rows, rows) || !slices.Equal(got.warnings, []string{
			"1 of 4 hosts (d): failed: gone", "2 of 4 hosts (a, b): too late: its answer had not ended; " + end}) {
			t.Errorf("whole %v: %+v", whole, got)
		}
	}
}

// TestNobodyInTime: where the context ends before any host has answered, they are told, and the end is the error.
func TestNobodyInTime(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var told []string
	for _, err := range hostsOf(0, hangs(), hangs()).Ask(ctx, local(true, ""),
		func(w string) { told = append(told, w) }) {
		if err != context.Canceled {
			t.Error(err)
		}
	}
	if !slices.Equal(told, []string{"2 of 2 hosts (web1, web2): too late: its answer had not ended"}) {
		t.Errorf("%q", told)
	}
}

// TestSamples: a watch asks each host for one sample after the other; one whose answer has ended is told at each, and
// its last sample is not taken for another.
func TestSamples(t *testing.T) {
	samples := func(n int) script {
		return func(ctx context.Context, _ frame.Ask, send func(frame.Frame), credit func() frame.Credit) (State,
			string) {
			for i := range n {
				send(rowsOf(i))
				send(message(&frame.Sample{Rows: i + 1}))
				for wanted := 0; wanted == 0 && ctx.Err() == nil; {
					wanted = credit().Samples
				}
			}
			return Failed, "killed"
		}
	}
	h := New([]string{"web1", "web2"}, fake{samples(100), samples(2)}, Options{Timeout: time.Minute})
	watched := local(true, " | watch 1s")
	for i, want := range [][]string{{"web1 0", "web2 0"}, {"web1 1", "web2 1"}, {"web1 2"}, {"web1 3"}} {
		got := ask(t, h, watched)
		if !slices.Equal(got.rows, want) || got.err != nil || (len(got.warnings) > 0) != (i > 1) {
			t.Errorf("sample %d: %+v", i, got)
		}
	}
	h.Close()
}

// TestEvents: events of all hosts come as they happen, and a host that ends is told; where none is left that is the
// end.
func TestEvents(t *testing.T) {
	first := make(chan struct{})
	h := New([]string{"web1", "web2"}, fake{
		func(_ context.Context, _ frame.Ask, send func(frame.Frame), _ func() frame.Credit) (State, string) {
			<-first
			send(rowsOf(2))
			return Failed, "killed"
		},
		func(_ context.Context, _ frame.Ask, send func(frame.Frame), _ func() frame.Credit) (State, string) {
			send(rowsOf(1))
			<-first
			return Failed, "killed"
		},
	}, Options{Timeout: time.Minute})
	var got []string
	told := 0 // hosts: both at once, or one after the other
	for row, err := range h.Ask(t.Context(), local(false, " | follow"), func(w string) {
		var n int
		if _, err := fmt.Sscanf(w, "%d of 2 hosts", &n); err != nil {
			t.Error(err)
		}
		told += n
	}) {
		if err != nil {
			if err != errNoneLeft || len(got) != 2 {
				t.Errorf("%v after %q", err, got)
			}
			continue
		}
		if got = append(got, fmt.Sprintf("%v %v", row[0].Any(), row[1].Any())); len(got) == 1 {
			close(first)
		}
	}
	if !slices.Equal(got, []string{"web2 1", "web1 2"}) || told != 2 {
		t.Errorf("%q, %d hosts are told", got, told)
	}
}
