package tables_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"netql/query"
	"netql/sources/lab"
	"netql/tables"
)

// steady takes an answer between two of an oracle that are the same, so that nothing has changed meanwhile.
func steady(t *testing.T, oracle, answer func() []row) (got, want []row) {
	t.Helper()
	for start := time.Now(); time.Since(start) < 10*time.Second; {
		want, got = oracle(), answer()
		if slices.Equal(lines(want), lines(oracle())) {
			return got, want
		}
	}
	t.Fatal("it changes all the time")
	return nil, nil
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
