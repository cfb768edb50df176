package watch

import (
	"context"
	"iter"
	"strings"
	"testing"
	"time"

	"netql/query"
	"netql/shell/render"
)

// restarting is a host that does not answer its second and third sample.
type restarting struct{ samples *int }

func (restarting) String() string { return "made up" }

func (r restarting) Rows(context.Context) iter.Seq2[*number, error] {
	return func(yield func(*number, error) bool) {
		if *r.samples++; *r.samples == 2 || *r.samples == 3 {
			yield(nil, &query.Unanswered{Since: time.Unix(0, 0)})
			return
		}
		yield(&number{*r.samples}, nil)
	}
}

func (restarting) Port(string) (int, bool) { return 0, false }

// TestAppendWithoutHosts: samples that no host answers are left out, and meet no condition; the watch goes on.
func TestAppendWithoutHosts(t *testing.T) {
	table := func() *query.Table {
		return query.Define(query.Spec[number]{
			Columns: []query.Column[number]{query.Col("n", "", func(r *number) int { return r.n })},
			Shown:   []string{"n"}, Key: []string{"n"},
			Scan: func(r query.Request) query.Scan[number] { return r.State.(restarting) },
		})
	}
	catalog := query.NewCatalog([]query.Declaration{{Name: "numbers", Table: table}})
	plan, err := query.Compile("numbers | watch 10ms until count() == 0 or max(n) == 5", catalog,
		restarting{new(int)})
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	plain := func(text string) { t.Log(text) }
	rows, err := Append(t.Context(), &out, []*query.Plan{plan}, 0, render.Options{Format: "csv"}, plain, plain)
	var numbers []string
	for line := range strings.Lines(out.String()) {
		_, n, _ := strings.Cut(strings.TrimSpace(line), ",")
		numbers = append(numbers, n)
	}
	if got := strings.Join(numbers, " "); got != "n 1 4 5" || rows != 1 || err != nil {
		t.Errorf("%d rows, %v: %s", rows, err, got)
	}
}
