package tables_test

import (
	"encoding/json"
	"slices"
	"testing"

	"netql/query"
	"netql/sources/lab"
	"netql/tables"
)

// steady takes an answer between two of an oracle that are the same, so that nothing has changed meanwhile.
func steady(t *testing.T, oracle, answer func() []row) (got, want []row) {
	t.Helper()
	lab.Await(t, "two answers of an oracle that are the same", func() bool {
		want, got = oracle(), answer()
		return slices.Equal(lines(want), lines(oracle()))
	})
	return got, want
}

// steadyClocks is steady where some columns are clocks, which go on: their values in the answer, if they are between
// those of the oracle before and after it, become those before it.
func steadyClocks(t *testing.T, oracle, answer func() []row, clocks ...string) (got, want []row) {
	t.Helper()
	var after []row
	lab.Await(t, "two answers of an oracle that are the same", func() bool {
		want, got, after = oracle(), answer(), oracle()
		return slices.Equal(lines(withoutColumns(want, clocks...)), lines(withoutColumns(after, clocks...)))
	})
	keys := lines(withoutColumns(want, clocks...))
	for i, key := range lines(withoutColumns(got, clocks...)) {
		j := slices.Index(keys, key)
		for _, clock := range clocks {
			if j >= 0 && liesBetween(got[i][clock], want[j][clock], after[j][clock]) {
				got[i][clock] = want[j][clock]
			}
		}
	}
	return got, want
}

// liesBetween says whether a number lies between two others, in whatever order they are.
func liesBetween(value, before, after any) bool {
	v, isNumber := base(value)
	a, isBefore := base(before)
	b, isAfter := base(after)
	return isNumber && isBefore && isAfter && v >= min(a, b) && v <= max(a, b)
}

// withoutColumns are the rows without some columns.
func withoutColumns(rows []row, columns ...string) []row {
	kept := make([]row, len(rows))
	for i, r := range rows {
		kept[i] = row{}
		for name, value := range r {
			if !slices.Contains(columns, name) {
				kept[i][name] = value
			}
		}
	}
	return kept
}

// toolJSON is the list of objects that a program prints as JSON.
func toolJSON(t testing.TB, name string, args ...string) (objects []map[string]any) {
	t.Helper()
	if err := json.Unmarshal([]byte(lab.Tool(t, "", name, args...)), &objects); err != nil {
		t.Fatalf("%s %v: %v", name, args, err)
	}
	return objects
}

// jsonInt is a number of JSON, 0 where it is not there.
func jsonInt(value any) int {
	n, _ := value.(float64)
	return int(n)
}

// explain is the plan of a query.
func explain(t *testing.T, text string) string {
	t.Helper()
	plan, err := query.Compile(text, tables.Catalog(), tables.Ask(fakeKernel{}.system(files(nil), fakeFinder{})))
	if err != nil {
		t.Fatal(err)
	}
	return plan.Explain()
}
