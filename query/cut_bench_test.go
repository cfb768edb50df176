package query_test

import (
	"context"
	"iter"
	"testing"

	"netql/query"
	"netql/query/schema"
)

// BenchmarkAnswers: what the asker does with each row that hosts answer, where rows pass, where they are kept, and
// where they are groups of hosts.
func BenchmarkAnswers(b *testing.B) {
	const rows = 100_000
	for _, text := range []string{"conns", "conns | sort id", "conns | count by raddr"} {
		b.Run(text, func(b *testing.B) {
			all := machines()
			ask := func(_ context.Context, l *query.Local, _ func(string)) iter.Seq2[[]schema.Scalar, error] {
				return func(yield func([]schema.Scalar, error) bool) {
					values := make([]schema.Scalar, len(l.Columns))
					for n := range rows {
						for i := range values {
							if values[i] = schema.OfInt(n); l.Columns[i].Type.Kind == schema.Text {
								values[i] = schema.OfText("web1")
							}
						}
						if !yield(values, nil) {
							return
						}
					}
				}
			}
			plan, err := query.CompileCut(text, catalogOf(all), someState{}, ask)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				n := 0
				for _, err := range plan.RowsInTurn(b.Context()) {
					if n++; err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rows, "ns/row")
		})
	}
}
