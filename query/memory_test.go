package query_test

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"netql/query"
	"netql/query/expression"
	"netql/query/stop"
)

// memoryLimit is that of the tests here, in bytes.
const memoryLimit = 256 << 10

// measured is an endless table that ends, and measures the memory in use while its rows are read.
type measured struct {
	endless
	early, late uint64 // bytes of the heap in use, after some rows and after many
}

// The rows after which memory is measured.
const earlyRows, lateRows = 2_000, 42_000

// members is how many members there are in everywhere.
const members = 6

func newMeasured() *measured {
	m := &measured{}
	m.rows, m.padding = lateRows+1, 300
	m.at = func(n int) {
		switch n {
		case earlyRows:
			m.early = heapInUse()
		case lateRows:
			m.late = heapInUse()
		}
	}
	return m
}

func heapInUse() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// keepingQueries are queries that keep what grows with the rows, beside the examples of the stages.
func keepingQueries() (texts []string) {
	for _, f := range expression.AggregateFunctions {
		argument := "pid"
		if f.Parameter != nil {
			argument += ", " + f.Parameter.Example
		}
		texts = append(texts, fmt.Sprintf("sockets | stats x = %s(%s)", f.Name, argument))
	}
	return append(texts,
		"services | join sockets on port == lport",
		"services | join (sockets | where pid > 1) on port == lport",
		"services | join (sockets | group by pid: n = count()) on port == n",
		"sockets | join services on lport == port | sort pid",
		"sockets | join left services on lport == port | sort pid",
		"sockets | select d = delta(pid)", "sockets | select s = spark(pid) | watch 1s",
		"sockets | group by pid: s = rate(sum(rtt))",
		"sockets | sort string(pid) + ''", "sockets | sort [pid]", "sockets | sort pid | sort process",
		"sockets | sort pid | limit 100000", "sockets | top 100000 by [pid]",
		"sockets | group by pid: list(process)", "sockets | histogram rtt by pid", "sockets | distinct pid",
		"sockets | watch 1s until p95(rtt) < 0s")
}

// TestEveryStageKeepsLittle: a query keeps no more memory than it may, whatever its stages are: it ends with an error,
// or the memory in use does not grow with the rows. A stage or aggregate that is added is held to it by its example.
func TestEveryStageKeepsLittle(t *testing.T) {
	texts := keepingQueries()
	for _, stage := range query.Language {
		texts = append(texts, stage.Example)
	}
	for _, text := range texts {
		for name, of := range map[string]func(*measured) *query.Catalog{
			"": func(m *measured) *query.Catalog { return m.catalog() },
			"of all members: ": func(m *measured) *query.Catalog {
				m.rows = lateRows/members + 1
				return m.everywhere()
			},
		} {
			m := newMeasured()
			ended := m.run(t, text, of(m))
			var tooMuch *stop.MemoryError
			const tolerated = 2 * memoryLimit
			switch grown := int64(m.late) - int64(m.early); {
			case errors.As(ended, &tooMuch):
			case ended != nil:
				t.Errorf("%s%s: %v", name, text, ended)
			case m.late == 0 && !strings.Contains(text, "limit 10"):
				t.Errorf("%s%s: has not read all rows, and ended with no error", name, text)
			case grown > tolerated:
				t.Errorf("%s%s: %d bytes more in use after %d rows than after %d; where it keeps rows or values it "+
					"must count them (stop.Keeper)", name, text, grown, lateRows, earlyRows)
			}
		}
	}
}

// run runs a query to its end, in samples where it watches, and gives its error.
func (m *measured) run(t *testing.T, text string, catalog *query.Catalog) (err error) {
	t.Helper()
	catalog.Memory = func() int64 { return memoryLimit }
	plan, err := query.Compile(text, catalog, someState{})
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	m.plan = plan
	var ending *query.Ending
	if watch := plan.Watch(); watch != nil {
		ending = watch.Ending()
	}
	for row, err := range plan.Rows(t.Context()) {
		if err != nil {
			return err
		}
		if ending != nil {
			ending.Add(row)
		}
	}
	return nil
}
