package remote

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"netql/query"
	"netql/query/schema"
	"netql/shell/remote/frame"
)

// script is what a made-up host does with an ask: it sends by send, and says how it ended.
type script func(ctx context.Context, ask frame.Ask, send func(frame.Frame), credit func() frame.Credit) (State, string)

// fake is a transport to made-up hosts.
type fake []script

func (t fake) Ask(ctx context.Context, ask frame.Ask, hosts []int, to Receiver) (Exchange, error) {
	e := &fakeExchange{stops: map[int]context.CancelFunc{}, credit: map[int]chan frame.Credit{}}
	e.ctx, e.cancel = context.WithCancel(ctx)
	for _, i := range hosts {
		var stopped context.Context
		stopped, e.stops[i] = context.WithCancel(e.ctx)
		e.credit[i] = make(chan frame.Credit, 1)
		e.running.Go(func() {
			to.Started(i)
			to.Asked(i)
			state, said := t[i](stopped, ask, func(f frame.Frame) {
				f.Payload = slices.Clone(f.Payload)
				to.Frame(i, f)
			}, func() frame.Credit {
				select {
				case c := <-e.credit[i]:
					return c
				case <-stopped.Done():
					return frame.Credit{}
				}
			})
			to.Ended(i, state, said)
		})
	}
	return e, nil
}

type fakeExchange struct {
	ctx     context.Context
	cancel  context.CancelFunc
	running sync.WaitGroup
	stops   map[int]context.CancelFunc
	credit  map[int]chan frame.Credit
}

func (e *fakeExchange) Stop(i int) { e.stops[i]() }

func (e *fakeExchange) Send(i int, f frame.Frame) {
	var c frame.Credit
	if frame.Decode(f, &c) != nil {
		panic("no credit")
	}
	select {
	case before := <-e.credit[i]:
		c = frame.Credit{Bytes: c.Bytes + before.Bytes, Samples: c.Samples + before.Samples}
	default:
	}
	e.credit[i] <- c
}

func (e *fakeExchange) Close() {
	e.cancel()
	e.running.Wait()
}

// local is a query of which the hosts' answers are a host and a number.
func local(whole bool, stages string) *query.Local {
	return &query.Local{Text: "sockets" + stages, Whole: whole, Hosts: []int{0}, Columns: []*schema.Column{
		{Name: "host", Type: schema.Of(schema.Text)}, {Name: "n", Type: schema.Of(schema.Int)},
	}}
}

// rowsOf is the frame of rows with some numbers. The host lies about its name.
func rowsOf(numbers ...int) frame.Frame {
	var w frame.RowWriter
	for _, n := range numbers {
		if w.Value(schema.OfText("somebody else")) != nil || w.Value(schema.OfInt(n)) != nil || w.EndRow() != nil {
			panic("a row cannot be written")
		}
	}
	payload, err := w.Take()
	if err != nil {
		panic(err)
	}
	return frame.Frame{Kind: frame.KindRows, ID: askID, Payload: payload}
}

// columnsOf is the frame of the columns of rows.
func columnsOf(kind schema.Kind, missing bool) frame.Frame {
	list := []frame.Column{{Name: "host", Kind: schema.Text}, {Name: "n", Kind: kind, Missing: missing}}
	return frame.Columns{List: list}.Frame(askID)
}

func message(m frame.Message) frame.Frame { return frame.Encode(askID, m) }

// sends is a host that sends these frames and ends so.
func sends(state State, said string, frames ...frame.Frame) script {
	return func(_ context.Context, _ frame.Ask, send func(frame.Frame), _ func() frame.Credit) (State, string) {
		for _, f := range frames {
			send(f)
		}
		return state, said
	}
}

// hangs sends these frames, and nothing more.
func hangs(frames ...frame.Frame) script {
	return func(ctx context.Context, _ frame.Ask, send func(frame.Frame), _ func() frame.Credit) (State, string) {
		for _, f := range frames {
			send(f)
		}
		<-ctx.Done()
		return Late, ""
	}
}

// soon is a time after which a host is given up, by a clock that stands still while another one has anything to do
// (testing/synctest).
const soon = 500 * time.Millisecond

// asked is what an Ask gave.
type asked struct {
	rows     []string
	warnings []string
	err      error
}

func ask(t testing.TB, h *Hosts, local *query.Local) (a asked) {
	t.Helper()
	for row, err := range h.Ask(t.Context(), local, func(w string) { a.warnings = append(a.warnings, w) }) {
		if err != nil {
			a.err = err
			continue
		}
		a.rows = append(a.rows, fmt.Sprintf("%v %v", row[0].Any(), row[1].Any()))
	}
	return a
}

func hostsOf(timeout time.Duration, hosts ...script) *Hosts {
	names := make([]string, len(hosts))
	for i := range names {
		names[i] = fmt.Sprintf("web%d", i+1)
	}
	return New(names, fake(hosts), Options{Timeout: timeout})
}

var (
	good    = sends("", "", message(&frame.Taken{Time: time.Now()}), rowsOf(1, 2), message(&frame.End{Rows: 2}))
	empty   = sends("", "", message(&frame.End{}))
	refuses = sends(Refused, "", message(&frame.End{State: "refused", Error: "not allowed"}))
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
			synctest.Test(t, func(t *testing.T) { got = ask(t, hostsOf(soon, good, test.host, empty), local(whole, "")) })
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

// TestFlood: a host that sends more than it may is given up, so that it does not fill our memory.
func TestFlood(t *testing.T) {
	flooded := make(chan struct{})
	waits := func(ctx context.Context, a frame.Ask, send func(frame.Frame), c func() frame.Credit) (State, string) {
		<-flooded
		return good(ctx, a, send, c)
	}
	frames := slices.Repeat([]frame.Frame{rowsOf(make([]int, 100)...)}, 1000)
	floods := func(ctx context.Context, a frame.Ask, send func(frame.Frame), c func() frame.Credit) (State, string) {
		defer close(flooded)
		return sends("", "", frames...)(ctx, a, send, c)
	}
	got := ask(t, hostsOf(time.Minute, waits, floods), local(true, ""))
	if len(got.rows) != 2 || len(got.warnings) != 1 || !strings.Contains(got.warnings[0], "rows beyond the credit") {
		t.Errorf("%d rows, %q", len(got.rows), got.warnings)
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

// TestBothSides: hosts are asked both sides of a join at the same time, and a host that gives nothing to one is not
// waited for on the other; what is the same about both is told once. Another run asks again.
func TestBothSides(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hostsOf(10*time.Second, good, hangs(), refuses, sends(Failed, "gone"))
		one, other := sidesOfJoin("")
		for run := range 2 {
			ctx, cancel := context.WithCancel(t.Context())
			start := time.Now()
			for side, l := range []*query.Local{one, other} {
				var told []string
				rows := 0
				for _, err := range h.Ask(ctx, l, func(w string) { told = append(told, w) }) {
					if rows++; err != nil {
						t.Error(err)
					}
				}
				if rows != 2 || len(told) != 3*(1-side) {
					t.Errorf("run %d, side %d: %d rows, %q", run, side, rows, told)
				}
			}
			cancel()
			if took := time.Since(start); took > 12*time.Second {
				t.Errorf("run %d: it took %v", run, took)
			}
			if state, said := h.last.result(1); state != NoAnswer || said != "nothing came for 10s" {
				t.Errorf("%s: %s", state, said)
			}
		}
		if len(h.beside) > 0 {
			t.Errorf("%d questions are left", len(h.beside))
		}
	})
}

// sidesOfJoin are the local queries of a join.
func sidesOfJoin(stages string) (one, other *query.Local) {
	one, other = local(true, stages), local(true, " | where 1 == 1"+stages)
	cut := &query.Cut{Locals: []*query.Local{one, other}}
	one.Cut, other.Cut = cut, cut
	return one, other
}

// TestBothSidesOfWatch: the next samples of both sides are asked for at the same time.
func TestBothSidesOfWatch(t *testing.T) {
	wanted := make(chan int, 100)
	samples := func(ctx context.Context, _ frame.Ask, send func(frame.Frame), credit func() frame.Credit) (State,
		string) {
		for n := 1; ctx.Err() == nil; n++ {
			wanted <- n
			send(rowsOf(n))
			send(message(&frame.Sample{Rows: n}))
			for more := 0; more == 0 && ctx.Err() == nil; {
				more = credit().Samples
			}
		}
		return Late, ""
	}
	h := hostsOf(time.Minute, samples)
	one, other := sidesOfJoin(" | watch 1s")
	for n := range 3 {
		if got := ask(t, h, one); got.err != nil || len(got.rows) != 1 {
			t.Errorf("sample %d: %+v", n, got)
		}
		if a, b := <-wanted, <-wanted; a != n+1 || b != n+1 { // of both, before the other one is read
			t.Errorf("sample %d: hosts took the samples %d and %d", n, a, b)
		}
		if got := ask(t, h, other); got.err != nil || len(got.rows) != 1 {
			t.Errorf("sample %d of the other side: %+v", n, got)
		}
	}
	h.Close()
}

// TestUnwantedSide: a side of a join that nobody wants any more, because no host has answered the other, is ended.
func TestUnwantedSide(t *testing.T) {
	h := hostsOf(time.Minute, refuses)
	one, _ := sidesOfJoin("")
	if got := ask(t, h, one); got.err == nil || len(h.beside) > 0 {
		t.Errorf("%+v, %d questions are left", got, len(h.beside))
	}
}

// TestWaitingHosts: hosts that wait for credit while another host is silent are given a little, on both sides, and so
// do not give up.
func TestWaitingHosts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hostsOf(20*time.Second, hangs(), alive(eager(20_000)))
		one, other := sidesOfJoin("")
		for _, l := range []*query.Local{one, other} {
			got := ask(t, h, l)
			if len(got.rows) != 20_000 || got.err != nil {
				t.Errorf("%d rows, %q, %v", len(got.rows), got.warnings, got.err)
			}
		}
	})
}

// eager is a host with so many rows, which gives up where it gets no credit for 9 seconds.
func eager(total int) script {
	return func(ctx context.Context, a frame.Ask, send func(frame.Frame), credit func() frame.Credit) (State,
		string) {
		left, rows := a.Credit, 0
		for ctx.Err() == nil && rows < total {
			for left <= 0 {
				waits := time.Now()
				if left += credit().Bytes; ctx.Err() != nil {
					return Late, ""
				}
				if time.Since(waits) > 9*time.Second {
					send(message(&frame.End{State: "late", Error: "nobody took the rows", Rows: rows}))
					return "", ""
				}
			}
			numbers := make([]int, 1000)
			for i := range numbers {
				numbers[i] = rand.Int()
			}
			f := rowsOf(numbers...)
			left -= len(f.Payload)
			rows += len(numbers)
			send(f)
		}
		send(message(&frame.End{Rows: rows}))
		return "", ""
	}
}

// alive is a host that says each second that it is at work.
func alive(s script) script {
	return func(ctx context.Context, a frame.Ask, send func(frame.Frame), credit func() frame.Credit) (State, string) {
		var sending sync.Mutex
		locked := func(f frame.Frame) {
			sending.Lock()
			defer sending.Unlock()
			send(f)
		}
		stop := make(chan struct{})
		var beats sync.WaitGroup
		beats.Go(func() {
			beat := time.NewTicker(time.Second)
			defer beat.Stop()
			for {
				select {
				case <-beat.C:
					locked(message(&frame.Taken{}))
				case <-stop:
					return
				}
			}
		})
		state, said := s(ctx, a, locked, credit)
		close(stop)
		beats.Wait()
		return state, said
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
