package query_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"

	"netql/query"
	"netql/query/expression"
	"netql/query/schema"
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

// TestUnderTheLimit: a query that keeps less than it may has the same answer, however often it runs.
func TestUnderTheLimit(t *testing.T) {
	const runs = 60
	for _, text := range keepingQueries() {
		answer := func(limit func() int64) (rows string) {
			e := &endless{rows: 40}
			catalog := e.catalog()
			catalog.Memory = limit
			plan, err := query.Compile(text, catalog, someState{})
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			for range runs {
				e.pulled.Store(0)
				rows = rowsOf(t, plan, nil)
			}
			return rows
		}
		synctest.Test(t, func(t *testing.T) {
			whole, limited := answer(nil), answer(func() int64 { return memoryLimit })
			if limited != whole {
				t.Errorf("%s: %s\nwithout a limit\n%s", text, limited, whole)
			}
		})
	}
}

// TestNothingOfAPart: what needs all rows gives none where they are too many, and the error names the stage that keeps
// the most. What is true by itself is given.
func TestNothingOfAPart(t *testing.T) {
	for text, want := range map[string]struct {
		rows bool
		most string
	}{
		"sockets | sort pid desc | limit 100000":                    {false, "sort pid desc"},
		"sockets | group by pid: list(process) | sort pid":          {false, "group by pid: list(process)"},
		"sockets | distinct pid":                                    {true, "distinct pid"},
		"services | join sockets on port == lport | sort port":      {false, "join sockets on port == lport"},
		"services | join (sockets | sort pid) on port == lport":     {false, "sort pid"},
		"sockets | distinct proto | sort proto":                     {false, ""},
		"sockets | where pid % 10 == 0 | top 1000000 by raddr, pid": {false, "top 1000000 by raddr, pid"},
	} {
		m := &measured{}
		m.rows, m.padding = lateRows, 300
		catalog := m.catalog()
		catalog.Memory = func() int64 { return memoryLimit }
		plan, err := query.Compile(text, catalog, someState{})
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		rows := 0
		var last error
		for _, err := range plan.Rows(t.Context()) {
			if last = err; err == nil {
				rows++
			}
		}
		tooMuch, ok := errors.AsType[*stop.MemoryError](last)
		switch {
		case want.most == "":
			if last != nil || rows != 1 {
				t.Errorf("%s: %d rows, then %v", text, rows, last)
			}
		case !ok || tooMuch.What != want.most || tooMuch.Limit != memoryLimit || rows > 0 != want.rows:
			t.Errorf("%s: %d rows, then %v", text, rows, last)
		}
	}
}

// TestDiffKeepsLittle: a comparison ends where the rows of one side, or those that differ, are too many.
func TestDiffKeepsLittle(t *testing.T) {
	many := make(items, 20_000)
	for i := range many {
		many[i] = item{id: i, name: fmt.Sprint("item ", i)}
	}
	catalog := itemCatalog()
	catalog.Memory = func() int64 { return memoryLimit }
	for name, sides := range map[string][2]items{
		"old": {many, nil}, "new": {nil, many}, "both": {many[:400], many}, "none": {many[:400], many[:400]},
	} {
		c, err := query.CompareQuery("items | select *", catalog, sides[0], sides[1], false)
		if err != nil {
			t.Fatal(err)
		}
		var last error
		rows := 0
		for _, err := range c.Differences(t.Context()) {
			last = err
			rows++
		}
		if _, ok := errors.AsType[*stop.MemoryError](last); ok == (name == "none") || rows > 1 {
			t.Errorf("%s: %d differences, then %v", name, rows, last)
		}
	}
}

// recorded is a record as tables have it: what a source has decoded, and what rows share.
type recorded struct {
	*Decoded
	shared *shared
	name   string
}

// Decoded is a part of the record.
type Decoded struct {
	Numbers [20]int
	Texts   []string
	Bytes   []byte
	Inner   *Inner
}

// Inner is a part of a part.
type Inner struct{ Words [10]int }

type shared struct{ _ [1 << 20]byte }

// TestRecordSize: what a record takes is counted, and what records share is not.
func TestRecordSize(t *testing.T) {
	const n = 1000
	one := &shared{}
	size := query.RecordSize[recorded]()
	counted, before := 0, heapInUse()
	records := make([]*recorded, n)
	for i := range records {
		text := strings.Repeat("x", i%100)
		records[i] = &recorded{&Decoded{Texts: []string{text, text[:i%100/2]}, Bytes: make([]byte, i%500),
			Inner: &Inner{}}, one, fmt.Sprint("record ", i)}
		counted += size(records[i])
	}
	used := int(heapInUse() - before)
	if counted < used*7/10 || counted > used*14/10 {
		t.Errorf("%d bytes are counted, %d used", counted, used)
	}
	runtime.KeepAlive(records)
	if events := query.RecordSize[recorded]()(&struct{}{}); events < 8 {
		t.Errorf("of a row that is no record: %d", events)
	}
}

// TestMergingKeepsLittle: what puts the answers of hosts together is bounded as any query is.
func TestMergingKeepsLittle(t *testing.T) {
	for text, want := range map[string]string{
		"sockets | sort pid": "sort pid", "sockets | group by pid: list(process)": "",
		"sockets | distinct pid": "distinct pid",
	} {
		asked := 0
		plan := overNumbers(t, text, lateRows, func(n int) int {
			asked = n
			return n
		})
		tooMuch := tooMuchOf(t, plan)
		if tooMuch == nil || want != "" && (tooMuch.What != want || asked < 100) || asked > lateRows/2 {
			t.Errorf("%s: %d rows, then %v", text, asked, tooMuch)
		}
	}
}

// overNumbers is the plan of a query over hosts that have so many rows, whose values are all a number, within the limit
// of memory.
func overNumbers(t *testing.T, text string, rows int, number func(row int) int) *query.Plan {
	t.Helper()
	ask := func(_ context.Context, local *query.Local, _ func(string)) iter.Seq2[[]schema.Scalar, error] {
		return func(yield func([]schema.Scalar, error) bool) {
			values := make([]schema.Scalar, len(local.Columns))
			for row := range rows {
				for i := range values {
					values[i] = schema.OfInt(number(row))
				}
				if !yield(values, nil) {
					return
				}
			}
		}
	}
	catalog := (&endless{}).everywhere()
	catalog.Memory = func() int64 { return memoryLimit }
	plan, err := query.CompileCut(text, catalog, someState{}, ask)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return plan
}

// tooMuchOf is the error of a plan that keeps too much; nil where it has another end.
func tooMuchOf(t *testing.T, plan *query.Plan) *stop.MemoryError {
	t.Helper()
	var last error
	for _, last = range plan.Rows(t.Context()) {
	}
	tooMuch, _ := errors.AsType[*stop.MemoryError](last)
	return tooMuch
}
