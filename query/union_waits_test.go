package query_test

import (
	"context"
	"iter"
	"sync"
	"testing"
	"time"

	"netql/query"
)

// meeting is a scan that ends when as many scans have begun as shall meet.
type meeting struct{ begun *sync.WaitGroup }

func (meeting) String() string { return "a meeting" }

func (m meeting) Rows(ctx context.Context) iter.Seq2[*int, error] {
	return func(yield func(*int, error) bool) {
		m.begun.Done()
		met := make(chan struct{})
		go func() {
			m.begun.Wait()
			close(met)
		}()
		select {
		case <-met:
			one := 1
			yield(&one, nil)
		case <-ctx.Done():
			yield(nil, context.Cause(ctx))
		}
	}
}

// TestWaiting: of a table whose scans wait, more members are read at a time than of others, so that the waits are one.
func TestWaiting(t *testing.T) {
	const members = 30
	begun := &sync.WaitGroup{}
	begun.Add(members)
	table := query.Define(query.Spec[int]{
		Doc: "x.", Columns: []query.Column[int]{query.Col("n", "", func(n *int) int { return *n })},
		Shown: []string{"n"}, Key: []string{"n"}, Waits: true,
		Scan: func(query.Request) query.Scan[int] { return meeting{begun} },
	})
	union := &query.Union{Name: "all", Members: func(context.Context, query.State, func(string)) (list []query.Member,
		err error) {
		for range members {
			list = append(list, query.Member{Open: func() (query.State, error) { return someState{}, nil }})
		}
		return list, nil
	}}
	catalog := union.Catalog(query.NewCatalog([]query.Declaration{declare("meetings", table)}))
	plan, err := query.Compile("meetings", catalog, someState{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // if they do not meet
	defer cancel()
	n := 0
	for _, err := range plan.Rows(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != members {
		t.Errorf("%d members answered", n)
	}
}
