package watch

import (
	"context"
	"errors"
	"iter"
	"testing"

	"netql/query"
	stopping "netql/query/stop"
)

// number is a row of a table that has as many as are wanted.
type number struct{ n int }

type numbers int

func (numbers) String() string { return "made up" }

func (n numbers) Rows(context.Context) iter.Seq2[*number, error] {
	return func(yield func(*number, error) bool) {
		for i := range int(n) {
			if !yield(&number{i}, nil) {
				return
			}
		}
	}
}

func (numbers) Port(string) (int, bool) { return 0, false }

// TestSamplesKeepLittle: a sample of too many rows is not whole, whether it is compared with the one before or not; of
// fewer rows there may be any number of samples.
func TestSamplesKeepLittle(t *testing.T) {
	table := func() *query.Table {
		return query.Define(query.Spec[number]{
			Columns: []query.Column[number]{query.Col("n", "", func(r *number) int { return r.n })},
			Shown:   []string{"n"}, Key: []string{"n"},
			Scan: func(r query.Request) query.Scan[number] { return r.State.(numbers) },
		})
	}
	catalog := query.NewCatalog([]query.Declaration{{Name: "numbers", Table: table}})
	catalog.Memory = func() int64 { return 1e6 }
	for rows, whole := range map[numbers]bool{1000: true, 100_000: false} {
		plan, err := query.Compile("numbers | watch 1s", catalog, rows)
		if err != nil {
			t.Fatal(err)
		}
		for range 20 {
			for _, ids := range []identities{nil, {}} {
				s := take(t.Context(), plan, ids)
				_, tooMuch := errors.AsType[*stopping.MemoryError](s.err)
				if tooMuch == whole || len(s.rows) > 20_000 {
					t.Fatalf("of %d rows %d were read, then: %v", rows, len(s.rows), s.err)
				}
			}
		}
	}
}
