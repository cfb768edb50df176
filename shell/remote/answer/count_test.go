package answer

import (
	"testing"
	"testing/synctest"
	"time"

	"netql/query"
	"netql/shell/remote/frame"
)

// totals asks for many rows with credit for a few, and gives the number of rows that the host tells there are, and the
// limit, when it has counted all that it wants to. It wants no rows afterwards.
func totals(t *testing.T, host Host, text string, most int, present ...string) (total, limit int) {
	a := serve(t, host)
	defer a.close()
	const few = 100
	a.ask(text, few, func(ask *frame.Ask) { ask.Most, ask.Present = most, present })
	for before := 0; ; {
		_, f := a.until(frame.KindTaken)
		var taken frame.Taken
		if err := frame.Decode(f, &taken); err != nil {
			t.Fatal(err)
		}
		if taken.Total < before {
			t.Errorf("%d rows after %d", taken.Total, before)
		}
		if before = taken.Total; before > 0 && before != firstTold && before != 2*firstTold && before != 4*firstTold {
			a.send(frame.Encode(7, &frame.Cancel{}))
			return taken.Total, taken.Limit
		}
	}
}

// TestTotal: an asker that has to keep all rows is told how many there are while it has some of them, and no more than
// makes a difference.
func TestTotal(t *testing.T) {
	for _, test := range []struct {
		text        string
		limit, most int
		want        int
		present     []string
	}{
		{"many", 0, 1_000_000, 100_000, nil},
		{"many", 0, 50_000, 50_001, nil},
		{"many", 60_000, 1_000_000, 60_001, nil},
		{"many | where n > 99000", 0, 1_000_000, 1000, nil},
		{"many | extend h = n > 99500 ? n : nil | select host, n, h", 0, 1_000_000, 500, []string{"h"}},
		{"many | watch 1s", 0, 1_000_000, 100_000, nil},
	} {
		total, limit := totals(t, Host{Rows: test.limit}, test.text, test.most, test.present...)
		if total != test.want || limit != test.limit {
			t.Errorf("%s: %d rows, limit %d", test.text, total, limit)
		}
	}
}

// TestNegativeLimits: no number of an asker takes a limit of the host away.
func TestNegativeLimits(t *testing.T) {
	a := serve(t, Host{Rows: 3, Time: time.Hour})
	defer a.close()
	a.ask("many", much, func(ask *frame.Ask) { ask.Rows, ask.Time, ask.Most = -1, -1, -1 })
	if numbers, end := a.end(); len(numbers) != 3 || end.Error != "stopped after 3 rows" {
		t.Errorf("%d rows: %+v", len(numbers), end)
	}
}

// TestCountingLimits: counting takes a part of the time and of the memory that the answer may take, also while the
// answer waits for credit, which is no time of its work.
func TestCountingLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := serve(t, Host{Time: 3200 * time.Millisecond})
		a.ask("slow", 100, func(ask *frame.Ask) { ask.Most = maxCredit })
		for total := 0; total == 0; { // it tells where it ends
			_, f := a.until(frame.KindTaken)
			var taken frame.Taken
			if err := frame.Decode(f, &taken); err != nil {
				t.Fatal(err)
			}
			if total = taken.Total; total != 0 && total != 66 { // a row each 3 ms, in 200 ms
				t.Errorf("%d rows are counted", total)
			}
		}
		a.close()
		c := counter{answer: &Answer{}, target: Target{Catalog: catalog().Limited(16 << 20)}}
		if limit := c.catalog().Memory(); limit != 1<<20 {
			t.Errorf("it may keep %d bytes", limit)
		}
	})
}

// TestNoTotal: rows are not counted where these are few, or nobody wants to know: what is read is read once.
func TestNoTotal(t *testing.T) {
	for _, test := range []struct {
		text         string
		credit, most int
		opened       int // states are made for: one is that of the answer
	}{
		{"five", 1 << 20, 1000, 1}, {"many", 1 << 20, 0, 1}, {"many", 100, 1_000_000, 2},
		{"five | follow", 10, 1000, 1},
	} {
		opened := make(chan struct{}, 10)
		host := Host{Open: func(*frame.Ask) (Target, error) {
			return Target{Name: "me", Catalog: catalog(), State: func() query.State {
				opened <- struct{}{}
				return state{}
			}}, nil
		}}
		a := serve(t, host)
		a.ask(test.text, test.credit, func(ask *frame.Ask) { ask.Most = test.most })
		a.until(frame.KindRows)
		a.send(frame.Encode(7, &frame.Credit{Bytes: 1 << 30}))
		if test.text != "five | follow" {
			a.end()
		}
		a.close()
		if close(opened); len(opened) != 2*test.opened { // of the answer's catalogue, and of the host in it
			t.Errorf("%s: opened %d times", test.text, len(opened))
		}
	}
}
