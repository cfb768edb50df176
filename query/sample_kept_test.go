package query_test

import (
	"testing"
	"testing/synctest"
	"time"

	"netql/query"
)

// TestSamplesKeepValues: of a column the values are kept until the next sample, and of other expressions the rows.
// Here a row's queue is the number of its sample.
func TestSamplesKeepValues(t *testing.T) {
	for text, keepsRows := range map[string]bool{
		"links | select d = delta(bytes)":                   false,
		"links | select d = delta(bytes) ?? rate(bytes)":    false,
		"links | where bytes > 0 | select d = delta(bytes)": false,
		"links | select d = delta(bytes + bytes) / 2":       true,
		"links | select d = delta(costly)":                  true,
	} {
		synctest.Test(t, func(t *testing.T) {
			var readOf map[any]bool // the samples whose rows are read
			get := func(l *link) (int, bool) { readOf[l.queue] = true; return as[int](l.bytes) }
			samples := [][]link{{{name: "a", bytes: 1, queue: 1}}, {{name: "a", bytes: 3, queue: 2}}}
			plan, err := query.Compile(text+" | watch 1s", one("links", query.Define(query.Spec[link]{
				Doc: "Links.", Shown: []string{"name"}, Key: []string{"name"},
				Columns: []query.Column[link]{
					query.Col("name", "", func(l *link) string { return l.name }),
					query.Opt("bytes", "", get).Counter(),
					query.Opt("costly", "", get).Counter().Costly(),
				},
				Scan: func(query.Request) query.Scan[link] { return linkScan{&samples} },
			})), nil)
			if err != nil {
				t.Fatal(err)
			}
			readOf = map[any]bool{}
			sampleText(t, plan)
			time.Sleep(time.Second)
			readOf = map[any]bool{}
			if got := sampleText(t, plan); got != "2" || readOf[1] != keepsRows {
				t.Errorf("%s: %s, rows of the first sample are read: %v", text, got, readOf[1])
			}
		})
	}
}
