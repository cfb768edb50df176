package query_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"netql/query"
)

// TestManyStages: as many stages and columns as a query may have are compiled and run; more are refused with a hint.
func TestManyStages(t *testing.T) {
	items := func(n int) string {
		names := make([]string, n)
		for i := range names {
			names[i] = fmt.Sprintf("a%d=id", i)
		}
		return strings.Join(names, ",")
	}
	for text, want := range map[string]string{
		"conns" + strings.Repeat("|where id == 1", 200):                        "",
		"conns" + strings.Repeat("|where id == 1", 4000):                       "more than 200 stages",
		"conns" + strings.Repeat("|extend id = id + id", 200):                  "",
		"conns" + strings.Repeat("|count by id|drop count", 100):               "",
		"conns" + strings.Repeat("|distinct", 200):                             "",
		"conns" + strings.Repeat("|select *", 200):                             "",
		"conns" + strings.Repeat("|join conns on id", 10):                      "",
		"conns" + strings.Repeat("|join conns on id", 11):                      "joins more than 10 tables",
		"conns|select " + items(256):                                           "",
		"conns|extend 1" + strings.Repeat(",1", 255):                           "",
		"conns|extend 1" + strings.Repeat(",1", 30_000):                        "at most 256 columns",
		"conns|stats count()" + strings.Repeat(",count()", 255):                "",
		"conns|stats n = count()" + strings.Repeat("+count()", 256):            "at most 256 aggregates",
		"conns|stats " + strings.Repeat("sum(id)+sum(id),", 128) + "x=max(id)": "at most 256 aggregates",
		"conns|extend " + items(250) + "|join conns on id|extend " + strings.ReplaceAll(items(250), "a", "b") +
			"|extend " + strings.ReplaceAll(items(250), "a", "c") + "|extend " +
			strings.ReplaceAll(items(250), "a", "d"): "more than 1000 columns",
	} {
		plan, err := query.Compile(text, catalog(&scanned{}), someState{})
		switch {
		case err != nil && (want == "" || !strings.Contains(err.Error(), want) ||
			!strings.Contains(show(err, text), "hint: ")):
			t.Errorf("%.40s...: error %v, want %q", text, err, want)
		case err == nil && want != "":
			t.Errorf("%.40s...: compiles, want %q", text, want)
		case err == nil:
			rowsOf(t, plan, nil)
		}
	}
}

// crowd are rows that all agree on their state, and disagree on their port.
func crowd(n int) []peer {
	rows := make([]peer, n)
	for i := range rows {
		rows[i] = peer{port: i, name: fmt.Sprint(i), state: "up"}
	}
	return rows
}

// TestJoinOfEverything: a join on a column that says little ends with an error, and can be cancelled though its input
// is not asked for another row.
func TestJoinOfEverything(t *testing.T) {
	many := joinCatalogOf(crowd(4000))
	plan, err := query.Compile("peers | join peers on state", many, someState{})
	if err != nil {
		t.Fatal(err)
	}
	var last error
	for _, err := range plan.Rows(context.Background()) {
		last = err
	}
	if last == nil || !strings.Contains(last.Error(), "more than 10000000 rows agree") {
		t.Errorf("ends with %v", last)
	}
	if plan, err = query.Compile("peers | join peers on state", many, someState{}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	n := 0
	for _, last = range plan.Rows(ctx) {
		cancel()
		n++
	}
	if !errors.Is(last, context.Canceled) || n > 2 {
		t.Errorf("%d rows after cancelling, then %v", n, last)
	}
}
