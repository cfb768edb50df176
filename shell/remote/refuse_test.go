package remote

import (
	"context"
	"errors"
	"iter"
	"strings"
	"testing"
	"time"

	"netql/query"
	"netql/query/stop"
	"netql/shell/remote/frame"
)

type nobodysState struct{}

func (nobodysState) Port(string) (int, bool) { return 0, false }

// numbersScan is of a table that nobody reads here.
type numbersScan struct{}

func (numbersScan) String() string { return "nothing" }

func (numbersScan) Rows(context.Context) iter.Seq2[*int, error] {
	return func(func(*int, error) bool) {}
}

// numbersCatalog is a catalogue of a table sockets with numbers.
func numbersCatalog() *query.Catalog {
	return query.NewCatalog([]query.Declaration{{Name: "sockets", Table: func() *query.Table {
		return query.Define(query.Spec[int]{Doc: "Numbers.", Key: []string{"n"}, Shown: []string{"n"},
			Columns: []query.Column[int]{query.Opt("n", "", func(n *int) (int, bool) { return *n, true })},
			Scan:    func(query.Request) query.Scan[int] { return numbersScan{} }})
	}}})
}

// run runs a query over hosts, with a limit of memory, and gives the number of its rows and its error.
func run(t *testing.T, h *Hosts, text string) (rows int, warnings []string, err error) {
	t.Helper()
	catalog := h.Catalog(numbersCatalog())
	const limit = 1e6
	catalog.Memory = func() int64 { return limit }
	plan, err := query.CompileCut(text, catalog, nobodysState{}, h.Ask)
	if err != nil {
		t.Fatal(err)
	}
	for _, err = range plan.Rows(t.Context()) {
		if err == nil {
			rows++
		}
	}
	return rows, plan.Warnings(), err
}

// TestTooManyRows: a query that would keep more rows of hosts than fit is refused when these have told how many there
// are, and not before it is certain.
func TestTooManyRows(t *testing.T) {
	tells := func(totals ...frame.Taken) script { // and then nothing more
		var frames []frame.Frame
		for _, total := range totals {
			frames = append(frames, message(&total))
		}
		return hangs(frames...)
	}
	ends := func(total frame.Taken) script {
		return sends("", "", message(&total), rowsOf(1), message(&frame.End{Rows: 1}))
	}
	const sorts, median = "sockets | sort n", "sockets | stats p50(n)"
	for name, test := range map[string]struct {
		text  string
		hosts []script
		want  string // what the error begins with; "" for none
	}{
		"one": {sorts, []script{tells(frame.Taken{Total: 9000})}, "too many rows for sort n: at least "},
		"together": {sorts, []script{tells(frame.Taken{Total: 6000}), tells(frame.Taken{Total: 5000})},
			"too many rows"},
		"later":   {sorts, []script{good, tells(frame.Taken{Total: 5}, frame.Taken{Total: 20_000})}, "too many rows"},
		"few":     {sorts, []script{ends(frame.Taken{Total: 5000}), good}, ""},
		"fewer":   {sorts, []script{ends(frame.Taken{Total: 50_000, Limit: 1000}), good}, ""},
		"counted": {"sockets | count", []script{sends("", "", message(&frame.Taken{Total: 1 << 40}))}, "no host has"},
		"median":  {median, []script{tells(frame.Taken{Total: 30_000})}, "too many rows for stats p50(n): at least "},
		"left out": {median, []script{sends("", "", message(&frame.Taken{Total: 90_000, Limit: 50_000}),
			message(&frame.End{}))}, ""},
		"of none": {sorts, []script{tells(frame.Taken{Total: -1 << 62}, frame.Taken{Total: 1 << 62})}, "too many rows"},
	} {
		start := time.Now()
		rows, warnings, err := run(t, hostsOf(time.Minute, test.hosts...), test.text)
		switch {
		case test.want == "" && (err != nil || rows == 0):
			t.Errorf("%s: %d rows, %q, %v", name, rows, warnings, err)
		case test.want != "" && (err == nil || !strings.HasPrefix(err.Error(), test.want) || len(warnings) > 0):
			t.Errorf("%s: %v, %q", name, err, warnings)
		}
		if time.Since(start) > time.Minute/2 {
			t.Errorf("%s: it waits for hosts all the same", name)
		}
	}
}

// TestTooManyRowsTold: the error tells whose rows they are, and the table hosts that they were not wanted.
func TestTooManyRowsTold(t *testing.T) {
	told := make(chan struct{})
	first := func(ctx context.Context, _ frame.Ask, send func(frame.Frame), _ func() frame.Credit) (State, string) {
		send(message(&frame.Taken{Total: 5000}))
		close(told)
		<-ctx.Done()
		return Late, ""
	}
	much := hangs(message(&frame.Taken{Total: 1_000_000})) // by itself too many, and told when the first has told
	second := func(ctx context.Context, a frame.Ask, send func(frame.Frame), c func() frame.Credit) (State, string) {
		<-told
		return much(ctx, a, send, c)
	}
	h := hostsOf(time.Minute, first, good, second)
	_, _, err := run(t, h, "sockets | sort n")
	tooMany, ok := errors.AsType[*query.TooManyRowsError](err)
	if !ok || !strings.Contains(err.Error(), " of web3)") || !strings.Contains(err.Error(), "the limit is 1 MB") ||
		!strings.HasPrefix(tooMany.Hint(), "sockets | sort n | limit 100; or group or filter first; or allow more: ") {
		t.Error(err)
	}
	if state, said := h.last.result(2); state != Stopped || said != "" {
		t.Errorf("%s: %s", state, said)
	}
}

// TestAsksForTotals: hosts are asked to count their rows where the merging part keeps them.
func TestAsksForTotals(t *testing.T) {
	for text, present := range map[string]string{"sockets | sort n": "", "sockets | stats p50(n)": "n",
		"sockets | count": "none", "sockets": "none"} {
		var got frame.Ask
		host := func(_ context.Context, a frame.Ask, send func(frame.Frame), _ func() frame.Credit) (State, string) {
			got = a
			send(message(&frame.End{}))
			return "", ""
		}
		run(t, hostsOf(time.Minute, host), text)
		if (got.Most == 0) != (present == "none") || got.Most > 0 && strings.Join(got.Present, " ") != present {
			t.Errorf("%s: %+v", text, got)
		}
	}
}

// TestHeldRowsAreCounted: what is held back until an answer is whole is memory, too.
func TestHeldRowsAreCounted(t *testing.T) {
	_, _, err := run(t, hostsOf(time.Minute, eager(1_000_000)), "sockets | stats p50(n)")
	if _, ok := errors.AsType[*stop.MemoryError](err); !ok || !strings.Contains(err.Error(), "not whole yet") {
		t.Error(err)
	}
}
