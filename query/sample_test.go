package query_test

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"netql/query"
	"netql/query/schema"
)

// link is a row of a table whose rows differ from sample to sample.
type link struct {
	name         string
	bytes, queue any
	busy         time.Duration
}

type linkScan struct{ samples *[][]link }

func (linkScan) String() string { return "links" }

// Rows gives the next sample; the last one stays.
func (s linkScan) Rows(context.Context) iter.Seq2[*link, error] {
	rows := (*s.samples)[0]
	if len(*s.samples) > 1 {
		*s.samples = (*s.samples)[1:]
	}
	return func(yield func(*link, error) bool) {
		for _, row := range rows {
			if !yield(&row, nil) {
				return
			}
		}
	}
}

// changeOf says that the value of a row called level may fall.
func changeOf(l *link) schema.Change {
	if l.name == "level" {
		return schema.Gauge
	}
	return schema.Counter
}

func linkCatalog(samples ...[]link) *query.Catalog {
	return one("links", query.Define(query.Spec[link]{
		Doc: "Links.", Shown: []string{"name"}, Key: []string{"name"},
		Columns: []query.Column[link]{
			query.Col("name", "", func(l *link) string { return l.name }),
			query.Opt("bytes", "", func(l *link) (int, bool) { return as[int](l.bytes) }).In(schema.Bytes).Counter(),
			query.Opt("queue", "", func(l *link) (int, bool) { return as[int](l.queue) }).Gauge(),
			query.Opt("value", "", func(l *link) (int, bool) { return as[int](l.bytes) }).Counter().ChangesAs(changeOf),
			query.Col("busy", "", func(l *link) time.Duration { return l.busy }).Counter(),
		},
		Scan: func(query.Request) query.Scan[link] { return linkScan{&samples} },
	}))
}

// sampleText is one sample as text: rows behind each other, values by blanks.
func sampleText(t *testing.T, plan *query.Plan) string {
	t.Helper()
	var rows []string
	for row, err := range plan.Rows(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		var cells []string
		for _, c := range plan.Schema().Visible() {
			if v := c.Get(row); v != nil {
				cells = append(cells, schema.Format(v))
			} else {
				cells = append(cells, "-")
			}
		}
		rows = append(rows, strings.Join(cells, " "))
	}
	return strings.Join(rows, "; ")
}

// TestSamples: what functions of two samples give, two seconds between one and the next.
func TestSamples(t *testing.T) {
	for name, test := range map[string]struct {
		query   string
		samples [][]link
		want    []string
	}{
		"rate": {"links | select name, r = rate(bytes)",
			[][]link{{{name: "a", bytes: 100}}, {{name: "a", bytes: 300}}, {{name: "a", bytes: 300}}},
			[]string{"a -", "a 800", "a 0"}},
		"delta finds its row by the key": {"links | select name, delta(bytes)",
			[][]link{{{name: "a", bytes: 1}, {name: "b", bytes: 5}},
				{{name: "b", bytes: 7}, {name: "c", bytes: 9}, {name: "a", bytes: 2}}},
			[]string{"a -; b -", "b 2; c -; a 1"}},
		"a counter of 32 bits wraps": {"links | select delta(bytes)", [][]link{{{bytes: 1<<32 - 10}}, {{bytes: 5}}},
			[]string{"-", "15"}},
		"a counter starts again": {"links | select delta(bytes), rate(bytes)",
			[][]link{{{bytes: 1000}}, {{bytes: 5}}, {{bytes: 7}}}, []string{"- -", "- -", "2 8"}},
		"a level may fall": {"links | select delta(queue), rate(queue)", [][]link{{{queue: 10}}, {{queue: 4}}},
			[]string{"- -", "-6 -3"}},
		"some rows' may fall": {"links | select delta(value)",
			[][]link{{{name: "a", bytes: 9}, {name: "level", bytes: 9}},
				{{name: "a", bytes: 5}, {name: "level", bytes: 5}}}, []string{"-; -", "-; -4"}},
		"and behind a join": {"links | join links on name | extend d = delta(value_2) | select d",
			[][]link{{{name: "level", bytes: 9}}, {{name: "level", bytes: 9}}, {{name: "level", bytes: 5}},
				{{name: "level", bytes: 5}}}, []string{"-", "-4"}},
		"a difference of counters may fall": {"links | select delta(value * 2 - bytes * 3), rate(value - 2 * value)",
			[][]link{{{bytes: 8}}, {{bytes: 12}}}, []string{"- -", "-4 -2"}},
		"a difference is no counter of 32 bits": {"links | select d = delta(queue + bytes - 10)",
			[][]link{{{bytes: 1<<32 - 10, queue: 0}}, {{bytes: 5, queue: 0}}}, []string{"-", "-4294967281"}},
		"a sum of counters that falls": {
			"links | select delta(bytes + value), delta(bytes * 2 + 1), delta(2 * bytes / 1)",
			[][]link{{{bytes: 1<<31 - 5}}, {{bytes: 5}}, {{bytes: 7}}}, []string{"- - -", "- - -", "4 4 4"}},
		"a negative counter may fall": {"links | select delta(bytes * -1), delta(0 - bytes), delta(-bytes)",
			[][]link{{{bytes: 5}}, {{bytes: 9}}}, []string{"- - -", "-4 -4 -4"}},
		"rounding stays a counter": {"links | select delta(round(bytes)), delta(int(bytes / 2))",
			[][]link{{{bytes: 10}}, {{bytes: 4}}, {{bytes: 8}}}, []string{"- -", "- -", "4 2"}},
		"NULL has no difference": {"links | select delta(queue)",
			[][]link{{{queue: nil}}, {{queue: 4}}, {{queue: nil}}}, []string{"-", "-", "-"}},
		"a duration's rate is its share": {"links | select rate(busy), delta(busy)",
			[][]link{{{busy: time.Second}}, {{busy: 2 * time.Second}}},
			[]string{"- -", "0.5 1"}},
		"of an expression": {"links | select delta(bytes + queue * 2)",
			[][]link{{{bytes: 1, queue: 1}}, {{bytes: 2, queue: 2}}}, []string{"-", "3"}},
		"in a filter": {"links delta(bytes) > 1 | select name, bytes",
			[][]link{{{name: "a", bytes: 1}, {name: "b", bytes: 1}}, {{name: "a", bytes: 2}, {name: "b", bytes: 9}}},
			[]string{"", "b 9"}},
		"behind a limit": {"links | sort bytes desc | limit 1 | select name, delta(bytes)",
			[][]link{{{name: "a", bytes: 5}, {name: "b", bytes: 1}}, {{name: "a", bytes: 6}, {name: "b", bytes: 9}}},
			[]string{"a -", "b 8"}},
		"sum of rates": {"links | stats sum(rate(bytes))",
			[][]link{{{name: "a", bytes: 1}, {name: "b", bytes: 1}}, {{name: "a", bytes: 2}, {name: "b", bytes: 4}}},
			[]string{"-", "16"}},
		"rate of a sum": {"links | group name: n = delta(sum(bytes)), count()",
			[][]link{{{name: "a", bytes: 1}, {name: "a", bytes: 2}}, {{name: "a", bytes: 5}, {name: "b", bytes: 4}}},
			[]string{"a - 2", "a 2 1; b - 1"}},
		"after a group": {"links | group name: n = sum(bytes) | extend d = delta(n)",
			[][]link{{{name: "a", bytes: 1}}, {{name: "a", bytes: 5}}}, []string{"a 1 -", "a 5 4"}},
		"of a join": {"links | join links on name | extend d = delta(bytes_2) | select name, d",
			[][]link{{{name: "a", bytes: 1}}, {{name: "a", bytes: 1}}, {{name: "a", bytes: 5}},
				{{name: "a", bytes: 5}}}, []string{"a -", "a 4"}},
		"spark": {"links | select spark(queue)",
			[][]link{{{queue: 1}}, {{queue: 3}}, {{queue: nil}}, {{queue: 2}}},
			[]string{"[1]", "[1,3]", "[1,3]", "[1,3,2]"}},
		"spark of a rate": {"links | select s = spark(rate(bytes))",
			[][]link{{{bytes: 0}}, {{bytes: 2}}, {{bytes: 6}}}, []string{"-", "[8]", "[8,16]"}},
		"with a default": {"links | select delta(bytes) ?? bytes", [][]link{{{bytes: 7}}, {{bytes: 9}}},
			[]string{"7", "2"}},
		"under another name": {"links | select x = bytes | select delta(x)", [][]link{{{bytes: 7}}, {{bytes: 9}}},
			[]string{"-", "2"}},
		"renamed key": {"links | extend name = 'same' | extend d = delta(bytes) | select name, d",
			[][]link{{{name: "a", bytes: 1}, {name: "b", bytes: 5}}, {{name: "b", bytes: 7}, {name: "a", bytes: 2}}},
			[]string{"same -; same -", "same 2; same 1"}},
		"a filter comes later": {"links | extend d = delta(bytes) | where bytes > 1 | select name, d",
			[][]link{{{name: "a", bytes: 1}}, {{name: "a", bytes: 5}}}, []string{"", "a 4"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				plan, err := query.Compile(test.query+" | watch 2s", linkCatalog(test.samples...), someState{})
				if err != nil {
					t.Fatal(show(err, test.query))
				}
				for i, want := range test.want {
					if i > 0 {
						time.Sleep(2 * time.Second)
					}
					if got := sampleText(t, plan); got != want {
						t.Errorf("sample %d of %s: %q, want %q", i, test.query, got, want)
					}
				}
			})
		})
	}
}

// TestTwoSamples: a query that compares samples and does not watch takes two.
func TestTwoSamples(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		plan, err := query.Compile("links | select name, rate(bytes)",
			linkCatalog([]link{{name: "a", bytes: 1}}, []link{{name: "a", bytes: 3}}), someState{})
		if err != nil {
			t.Fatal(err)
		}
		if got := sampleText(t, plan); got != "a 16" || time.Since(start) != time.Second {
			t.Errorf("%q after %v", got, time.Since(start))
		}
		ctx, cancel := context.WithCancelCause(t.Context())
		reason := fmt.Errorf("enough")
		time.AfterFunc(time.Second/2, func() { cancel(reason) })
		for _, err := range plan.Rows(ctx) {
			if err != reason {
				t.Errorf("cancelled between the samples: %v", err)
			}
		}
	})
}

// TestUntil: a watch ends by a condition about a row, or about all of them.
func TestUntil(t *testing.T) {
	rows := []link{{name: "a", bytes: 1}, {name: "b", bytes: 5}}
	for condition, want := range map[string]bool{
		"count() == 0": false, "count() == 2": true, "sum(bytes) > 5 and min(bytes) == 1": true,
		"bytes == 5": true, "bytes == 6": false, "name == 'b' and bytes == 1": false,
	} {
		plan, err := query.Compile("links | watch until "+condition, linkCatalog(rows), someState{})
		if err != nil {
			t.Fatal(show(err, condition))
		}
		for range 2 {
			ending := plan.Watch().Ending()
			for row := range plan.Rows(t.Context()) {
				ending.Add(row)
			}
			if got := ending.Reached(); got != want {
				t.Errorf("until %s: %v", condition, got)
			}
		}
	}
}

// TestComparingErrors: what cannot be compared is refused, with the reason.
func TestComparingErrors(t *testing.T) {
	for text, want := range map[string]string{
		"links | select rate(name)":                                        "rate takes",
		"links | select rate()":                                            "rate takes one argument",
		"links | select rate(rate(bytes))":                                 "compares samples already",
		"links | extend r = delta(bytes) | select delta(r)":                "compares samples already",
		"links | watch until rate(bytes) > 1":                              "only one",
		"links | select any([1], rate(bytes) > 1)":                         "not about the elements",
		"links | watch 5":                                                  "5 of what?",
		"links | watch 1ms":                                                "too short",
		"links | watch 1s | limit 1":                                       "watch must be the last stage",
		"links | watch until bytes":                                        "bytes is an int",
		"links | watch until nosuch == 1":                                  `unknown column "nosuch" in links`,
		"links | watch until sum(nosuch) > 1":                              `unknown column "nosuch" in links`,
		"links | watch until":                                              "a condition is missing",
		"links | bars":                                                     "bars needs a label",
		"links | select name, n = 1 | bars | limit 1":                      "bars must be the last stage",
		"links | follow":                                                   "no events of links",
		"links | sort name | follow":                                       "right after the table",
		"links | follow | sort name":                                       "events have no end",
		"links | follow | watch 1s":                                        "events are not watched",
		"links | group name: n = count() | watch 1s until name == count()": "is one value for each row",
	} {
		_, err := query.Compile(text, linkCatalog(nil), someState{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

// slowLinks takes its time for each row, and for the first one of each sample another time.
type slowLinks struct{ waits *[]time.Duration }

func (slowLinks) String() string { return "slow links" }

func (s slowLinks) Rows(context.Context) iter.Seq2[*link, error] {
	return func(yield func(*link, error) bool) {
		for n, name := range []string{"a", "b"} {
			time.Sleep((*s.waits)[n])
			if !yield(&link{name: name, bytes: int(time.Now().UnixMilli())}, nil) {
				return
			}
		}
		*s.waits = (*s.waits)[2:]
	}
}

// TestRatesOfSlowSamples: a rate is over the time between the readings of the row, not between the samples. What
// happens to the rows afterwards is not part of that time.
func TestRatesOfSlowSamples(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		waits := []time.Duration{0, 0, 300 * time.Millisecond, 500 * time.Millisecond, 0, 100 * time.Millisecond}
		table := query.Define(query.Spec[link]{
			Doc: "Links.", Shown: []string{"name"}, Key: []string{"name"},
			Columns: []query.Column[link]{
				query.Col("name", "x.", func(l *link) string { return l.name }),
				query.Col("ms", "x.", func(l *link) int { return l.bytes.(int) }).Counter(),
			},
			Scan: func(query.Request) query.Scan[link] { return slowLinks{&waits} },
		})
		const text = "slow | select rate(ms), delta(ms) | watch 1s"
		plan, err := query.Compile(text, one("slow", table), someState{})
		if err != nil {
			t.Fatal(show(err, text))
		}
		for i, want := range []string{"- -; - -", "1000 1300; 1000 1800", "1000 1500; 1000 1100"} {
			if i > 0 {
				time.Sleep(time.Second)
			}
			if got := sampleText(t, plan); got != want {
				t.Errorf("sample %d: %q, want %q", i, got, want)
			}
		}
	})
}
