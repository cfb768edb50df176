package tables_test

import (
	"strings"
	"testing"

	"netql/query"
	"netql/sources"
	"netql/sources/lab"
	"netql/tables"
)

// TestChecks: every check compiles, and so does the query that it shows, with two samples and with one.
func TestChecks(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		for _, system := range []*sources.System{sources.Live(), record(t).System()} {
			a := ask(t, system, "findings | select *")
			if len(a.rows)+len(a.warnings) > 0 {
				t.Errorf("%s: an empty namespace has findings: %v, %q", system.Name, a.rows, a.warnings)
			}
		}
		for _, check := range live(t, "checks | select name, doc, advice, query") {
			text := check["query"].(string)
			if _, err := query.Compile(text, tables.Catalog(), tables.Ask(sources.Live())); err != nil {
				t.Errorf("%s: %s: %v", check["name"], text, err)
			}
			for _, column := range []string{"doc", "advice"} {
				if text := check[column].(string); !strings.HasSuffix(text, ".") {
					t.Errorf("%s: the %s is no sentence: %s", check["name"], column, text)
				}
			}
		}
	})
}

// TestUnknownCheck: a check that does not exist is an error, not an empty answer.
func TestUnknownCheck(t *testing.T) {
	_, err := query.Compile("findings check == accept_queu", tables.Catalog(), tables.Ask(sources.Live()))
	if err == nil || !strings.Contains(err.Error(), "accept_queu") {
		t.Errorf("without quotes: %v", err)
	}
	a, err := run(t.Context(), sources.Live(), query.Compile, `findings check == "accept_queu"`)
	const want = `there is no check "accept_queu"; did you mean "accept_queue"? The table checks has them all`
	if err != nil || a.err == nil || a.err.Error() != want {
		t.Errorf("%v, %v, want %s", err, a.err, want)
	}
}

// TestFindings: in a network where things are wrong, findings names them.
func TestFindings(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Troubled(t)
		a := ask(t, sources.Live(), "findings | select *")
		found := map[string][]row{}
		for _, r := range a.rows {
			found[r["check"].(string)] = append(found[r["check"].(string)], r)
			t.Logf("%-8s %-16s %s  %v/%v\n         %s", r["severity"], r["check"], r["finding"], r["value"],
				r["limit"], r["advice"])
		}
		if len(a.warnings) > 0 {
			t.Errorf("warnings: %q", a.warnings)
		}
		for _, check := range []string{"accept_queue", "no_carrier", "failed_neighbors"} {
			if len(found[check]) == 0 {
				t.Errorf("%s finds nothing", check)
			}
		}
		for _, rows := range found {
			text := rows[0]["query"].(string)
			if len(live(t, text)) == 0 && !strings.Contains(text, "delta(") {
				t.Errorf("%s shows no row", text)
			}
		}
	})
}
