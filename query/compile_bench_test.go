package query_test

import (
	"testing"

	"netql/query"
)

// BenchmarkCompile: from text to a plan, for a query as people write it.
func BenchmarkCompile(b *testing.B) {
	catalog := catalog(&scanned{})
	for b.Loop() {
		const text = `conns state in [ESTAB, time-wait] and rtt > 1ms` +
			` | group by process: n = count(), p95(rtt) | where n > 2 | sort n desc`
		if _, err := query.Compile(text, catalog, someState{}); err != nil {
			b.Fatal(err)
		}
	}
}
