package answer

import (
	"context"
	"errors"
	"io"
	"iter"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"netql/query"
	"netql/query/schema"
	"netql/shell/remote/frame"
)

// number is a row of the tables of tests.
type number struct{ n int }

// get has a fault.
func (r *number) get() int {
	if r.n < 0 {
		panic("a fault")
	}
	return r.n
}

// scan gives numbers from 1 on; 0 is no end. It tells a warning, and fails where it is to.
type scan struct {
	request query.Request
	last    int
	pause   time.Duration // before each
	err     error
	fault   bool
}

func (scan) String() string { return "made up" }

func (s scan) Rows(context.Context) iter.Seq2[*number, error] {
	return func(yield func(*number, error) bool) {
		s.request.Warn("made up")
		for n := 1; s.last == 0 || n <= s.last; n++ {
			time.Sleep(s.pause)
			if !yield(&number{n}, nil) {
				return
			}
		}
		if s.fault {
			yield(&number{-1}, nil)
		}
		if s.err != nil {
			yield(nil, s.err)
		}
	}
}

// happens is three events, and no more.
type happens struct{}

func (happens) String() string { return "made up" }

func (happens) Events(ctx context.Context) iter.Seq2[query.Event[number], error] {
	return func(yield func(query.Event[number], error) bool) {
		for n := range 3 {
			if !yield(query.Event[number]{Time: time.Now(), Kind: "new", Row: &number{n}}, nil) {
				return
			}
		}
		<-ctx.Done()
		yield(query.Event[number]{}, ctx.Err())
	}
}

type state struct{}

func (state) Port(string) (int, bool) { return 0, false }

func catalog() *query.Catalog {
	table := func(name string, s scan) query.Declaration {
		return query.Declaration{Name: name, Table: func() *query.Table {
			return query.Define(query.Spec[number]{
				Doc: "Numbers.", Key: []string{"n"}, Shown: []string{"n"},
				Columns: []query.Column[number]{query.Col("n", "", (*number).get)},
				Scan:    func(r query.Request) query.Scan[number] { s := s; s.request = r; return s },
				Follow:  func(query.Request) query.Follow[number] { return happens{} },
			})
		}}
	}
	return query.NewCatalog([]query.Declaration{
		table("five", scan{last: 5}), table("many", scan{last: 100_000}), table("endless", scan{}),
		table("slow", scan{pause: 3 * time.Millisecond}),
		table("failing", scan{last: 2, err: errors.New("no more")}), table("faulty", scan{last: 2, fault: true}),
	})
}

// asker is the other end of Serve.
type asker struct {
	t      *testing.T
	out    io.WriteCloser
	in     *frame.Reader
	output io.Closer // the other end of in
	ended  chan error
}

func serve(t *testing.T, host Host) *asker {
	host.Hello = func() frame.Hello { return frame.Hello{Proto: frame.Proto, Version: "v1", Host: "me"} }
	if host.Open == nil {
		host.Open = func(*frame.Ask) (Target, error) {
			return Target{Name: "me", Catalog: catalog().Limited(1 << 20),
				State: func() query.State { return state{} }}, nil
		}
	}
	theirIn, out := io.Pipe()
	in, theirOut := io.Pipe()
	a := &asker{t, out, frame.NewReader(in), in, make(chan error, 1)}
	go func() {
		err := host.Serve(context.Background(), theirIn, theirOut)
		theirOut.Close()
		a.ended <- err
	}()
	if f := a.next(); f.Kind != frame.KindHello {
		t.Fatalf("the first frame is %q", string(f.Kind))
	}
	return a
}

func (a *asker) next() frame.Frame {
	a.t.Helper()
	f, err := a.in.Next()
	if err != nil {
		a.t.Fatal(err)
	}
	return f
}

func (a *asker) send(f frame.Frame) {
	a.t.Helper()
	if _, err := a.out.Write(f.AppendTo(nil)); err != nil {
		a.t.Fatal(err)
	}
}

func (a *asker) ask(text string, credit int, change ...func(*frame.Ask)) {
	a.t.Helper()
	ask := frame.Ask{Proto: frame.Proto, Text: text, Columns: []string{"host", "n"}, Host: "web1", Credit: credit}
	for _, c := range change {
		c(&ask)
	}
	a.send(frame.Encode(7, &ask))
}

// close ends the input, and wants the host to end.
func (a *asker) close() {
	a.t.Helper()
	a.out.Close()
	go func() {
		for { // what was under way
			if _, err := a.in.Next(); err != nil {
				return
			}
		}
	}()
	if err := <-a.ended; err != nil {
		a.t.Error(err)
	}
}

// until reads frames up to one of a kind, and gives the numbers of the rows before it.
func (a *asker) until(kind frame.Kind) (numbers []int, last frame.Frame) {
	a.t.Helper()
	reader := frame.NewRowReader([]*schema.Column{{Type: schema.Of(schema.Text)}, {Type: schema.Of(schema.Int)}})
	for {
		f := a.next()
		if f.ID != 7 {
			a.t.Fatalf("a frame %q of ask %d", string(f.Kind), f.ID)
		}
		if f.Kind == frame.KindRows {
			err := reader.Each(f.Payload, func(row []schema.Scalar) bool {
				if row[0].Any() != "web1" {
					a.t.Errorf("host is %v", row[0].Any())
				}
				numbers = append(numbers, row[1].Any().(int))
				return true
			})
			if err != nil {
				a.t.Fatal(err)
			}
		}
		if f.Kind == kind {
			return numbers, f
		}
	}
}

func (a *asker) end() ([]int, frame.End) {
	a.t.Helper()
	numbers, f := a.until(frame.KindEnd)
	var end frame.End
	if err := frame.Decode(f, &end); err != nil {
		a.t.Fatal(err)
	}
	return numbers, end
}

const much = 1 << 30

// TestAnswers: how an answer ends is told with it, and its rows are those before.
func TestAnswers(t *testing.T) {
	limits := func(rows int, d time.Duration) func(*frame.Ask) {
		return func(a *frame.Ask) { a.Rows, a.Time = rows, d }
	}
	warned := []string{"made up"}
	for _, test := range []struct {
		text   string
		change func(*frame.Ask)
		rows   int // -1 for any number
		end    frame.End
	}{
		{"five", limits(0, 0), 5, frame.End{Rows: 5, Warnings: warned}},
		{"many", limits(0, 0), 100_000, frame.End{Rows: 100_000, Warnings: warned}},
		{"failing", limits(0, 0), 2, frame.End{Rows: 2, State: "failed", Error: "no more", Warnings: warned}},
		{"faulty", limits(0, 0), -1, frame.End{State: "failed", Error: "an internal error: a fault"}},
		{"many | sort -n | select n", limits(0, 0), 0, frame.End{State: "failed", Warnings: warned,
			Error: "it keeps more than 1 MB in memory (the limit there)"}},
		{"five | where n > 3", limits(0, 0), 2, frame.End{Rows: 2, Warnings: warned}},
		{"five host == web2", limits(0, 0), 0, frame.End{}},
		{"five", limits(3, 0), 3, frame.End{Rows: 3, State: "partial", Error: "stopped after 3 rows",
			Warnings: warned}},
		{"five", limits(5, 0), 5, frame.End{Rows: 5, Warnings: warned}},
		{"endless | where n < 0", limits(0, 50*time.Millisecond), 0,
			frame.End{State: "partial", Error: "stopped after 50ms"}},
		{"endless | where n < 0 | watch 1s", limits(0, 50*time.Millisecond), 0,
			frame.End{State: "partial", Error: "stopped after 50ms"}},
		{"endless | watch 1s", limits(3, 0), 3, frame.End{Rows: 3, State: "partial", Error: "stopped after 3 rows"}},
		{"nothing", limits(0, 0), 0, frame.End{State: "older"}},
		{"five | select nothing", limits(0, 0), 0, frame.End{State: "older"}},
		{"", limits(0, 0), 0, frame.End{}},
		{"five", func(a *frame.Ask) { a.Proto = frame.Proto + 1 }, 0, frame.End{State: "refused"}},
	} {
		a := serve(t, Host{})
		a.ask(test.text, much, test.change)
		numbers, end := a.end()
		if test.end.State == "older" || test.end.State == "refused" {
			if end.Error == "" {
				t.Errorf("%q: no reason", test.text)
			}
			end.Error = ""
		}
		if test.rows < 0 {
			end.Rows, end.Warnings = 0, nil
		} else if len(numbers) != test.rows {
			t.Errorf("%q: %d rows", test.text, len(numbers))
		}
		if strings.HasPrefix(test.text, "endless") {
			end.Warnings = nil
		}
		if end.Rows != test.end.Rows || end.State != test.end.State || end.Error != test.end.Error ||
			!slices.Equal(end.Warnings, test.end.Warnings) {
			t.Errorf("%q: %+v", test.text, end)
		}
		a.close()
	}
}

// TestCredit: no more is sent than there is credit for, and one chunk beyond; the host is at work meanwhile.
func TestCredit(t *testing.T) {
	a := serve(t, Host{})
	a.ask("many", 5000)
	left, bytes, rows := 5000, 0, 0
	taken := 0
	for f := a.next(); f.Kind != frame.KindEnd; f = a.next() {
		switch f.Kind {
		case frame.KindTaken:
			if taken++; taken == 2 { // it tells that it waits
				left += much
				a.send(frame.Encode(7, &frame.Credit{Bytes: much}))
			}
		case frame.KindRows:
			if left <= 0 {
				t.Fatalf("%d bytes are sent without credit", len(f.Payload))
			}
			left -= len(f.Payload)
			bytes += len(f.Payload)
			n, _ := frame.CountRows(f.Payload)
			rows += n
		}
	}
	if rows != 100_000 || taken < 2 {
		t.Errorf("%d rows, taken %d times", rows, taken)
	}
	a.close()
}

// TestCreditWait: an answer that nobody takes is ended where the host says so, and waits but once.
func TestCreditWait(t *testing.T) {
	var waits atomic.Int32
	a := serve(t, Host{CreditWait: 10 * time.Millisecond, Spare: func() bool {
		waits.Add(1)
		return false
	}})
	a.ask("endless", 1000)
	if _, end := a.end(); end.State != "late" || waits.Load() != 1 {
		t.Errorf("%+v after %d waits", end, waits.Load())
	}
	a.close()
}

// TestCancel: an answer ends when nothing more is wanted, and others go on.
func TestCancel(t *testing.T) {
	a := serve(t, Host{})
	a.ask("endless", 1000)
	a.until(frame.KindRows)
	a.send(frame.Encode(7, &frame.Cancel{}))
	a.end()
	a.ask("five", much) // with the same number
	if numbers, _ := a.end(); len(numbers) != 5 {
		t.Errorf("%v", numbers)
	}
	a.close()
}

// TestEndOfInput: the host ends when its input does, whatever it is at.
func TestEndOfInput(t *testing.T) {
	for _, text := range []string{"endless", "five | watch 1s", "five | follow", "endless | where n < 0"} {
		a := serve(t, Host{})
		a.ask(text, 1000)
		a.until(frame.KindTaken)
		a.close()
	}
}

// TestUnread: the host ends when nobody reads what it says, though its input has not ended.
func TestUnread(t *testing.T) {
	in, _ := io.Pipe()
	h := Host{Hello: func() frame.Hello { return frame.Hello{Proto: 1} }}
	if err := h.Serve(t.Context(), in, closed{}); !errors.Is(err, io.ErrClosedPipe) {
		t.Error(err)
	}
	a := serve(t, Host{})
	a.ask("five | watch 1s", much)
	a.until(frame.KindSample)
	a.output.Close() // it tells each second that it is at work
	if err := <-a.ended; !errors.Is(err, io.ErrClosedPipe) {
		t.Error(err)
	}
}

// closed is an output that nobody reads.
type closed struct{}

func (closed) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// TestWatch: a sample is taken each time that one is wanted, by one plan: rate() compares them. The limit of rows is
// that of a sample, so that a watch does not end by it after a while.
func TestWatch(t *testing.T) {
	a := serve(t, Host{Rows: 5})
	a.ask("five | select host, n = int(delta(n) ?? -1) | watch 1s", much)
	for i, want := range []int{-1, 0, 0} {
		numbers, f := a.until(frame.KindSample)
		var sample frame.Sample
		if err := frame.Decode(f, &sample); err != nil || sample.Rows != 5*(i+1) ||
			!slices.Equal(numbers, slices.Repeat([]int{want}, 5)) {
			t.Errorf("sample %d: %v, %+v, %v", i, numbers, sample, err)
		}
		if (len(sample.Warnings) > 0) != (i == 0) {
			t.Errorf("sample %d: %q", i, sample.Warnings)
		}
		a.send(frame.Encode(7, &frame.Credit{Samples: 1}))
	}
	a.close()
}

// TestEvents: events are sent as they happen, though there is no end, and however many there are.
func TestEvents(t *testing.T) {
	a := serve(t, Host{Rows: 2})
	a.ask("five | follow", much)
	var all []int
	for len(all) < 3 {
		numbers, _ := a.until(frame.KindRows)
		all = append(all, numbers...)
	}
	a.close()
}

// TestWrongInput: an asker that sends anything else is left, with a reason.
func TestWrongInput(t *testing.T) {
	for _, input := range []string{"GET / HTTP/1.1\r\n\r\n", "\x05A\x07abc", "\x03?\x07a"} {
		var out strings.Builder
		h := Host{Hello: func() frame.Hello { return frame.Hello{Proto: 1} }}
		err := h.Serve(t.Context(), strings.NewReader(input), &out)
		if !errors.Is(err, frame.ErrBroken) && !errors.Is(err, io.ErrUnexpectedEOF) && input[0] != 3 {
			t.Errorf("%q: %v", input, err)
		}
	}
}

// TestManyAsks: an asker that asks too much at a time is told so.
func TestManyAsks(t *testing.T) {
	a := serve(t, Host{})
	for i := range maxAnswers + 1 {
		a.send(frame.Encode(uint64(i), &frame.Ask{Proto: 1, Text: "endless", Columns: []string{"n"}, Credit: 1}))
	}
	for f := a.next(); ; f = a.next() {
		var end frame.End
		if f.Kind == frame.KindEnd {
			if err := frame.Decode(f, &end); err != nil || end.State != "busy" || f.ID != maxAnswers {
				t.Errorf("%d: %+v, %v", f.ID, end, err)
			}
			break
		}
	}
	a.close()
}
