package agent_test

import (
	"slices"
	"strings"
	"testing"

	"netql/shell"
	"netql/shell/fleet/agent"
	"netql/shell/fleet/fleettest"
	"netql/shell/remote/frame"
	"netql/tables"
)

// TestForbiddenTables: a query that reads a table which may not be asked is refused, wherever it names it.
func TestForbiddenTables(t *testing.T) {
	host, err := agent.Restrict((&fleettest.Machine{}).Host(), []string{"things"}, false)
	if err != nil {
		t.Fatal(err)
	}
	for query, refused := range map[string]bool{
		"things | count":                       false,
		"others":                               true,
		"Others | count":                       true,
		"things | join others on n":            true,
		"things | join left all `others` on n": true,
		"things | join (things | join others on n) on n":         true,
		"things | join (others | select n, cmdline) on n":        true,
		"things | join things on n | join (OTHERS) on n | watch": true,
		"things | where kind == 'others' | select others = 1":    false,
		"no query at all": false, // which the compiler says
	} {
		_, err := host.Open(&frame.Ask{Text: query})
		const want = "this host does not answer about others (--tables of its agent)"
		if (err != nil) != refused || refused && !strings.EqualFold(err.Error(), want) {
			t.Errorf("%s: %v", query, err)
		}
	}
}

// TestNothingOutside: an agent asks nobody else for an answer, such as servers of DNS.
func TestNothingOutside(t *testing.T) {
	host, err := agent.Restrict(shell.AnswerHost(), nil, true)
	if err != nil {
		t.Fatal(err)
	}
	target, err := host.Open(&frame.Ask{})
	if err != nil {
		t.Fatal(err)
	}
	defer target.Close()
	if len(target.Catalog.Functions) == len(tables.Catalog().Functions) {
		t.Error("no function is left out")
	}
	for _, f := range target.Catalog.Functions {
		if f.Prefetch != nil {
			t.Errorf("%s()", f.Name)
		}
	}
}

// TestCommandLines: whoever adds a column with a part of a command line decides whether it may hold secrets.
func TestCommandLines(t *testing.T) {
	harmless := []string{"program", "forwards_to"} // a name, and an address
	for _, table := range tables.Catalog().Tables() {
		for _, c := range table.Columns {
			told := strings.Contains(strings.ToLower(c.Doc), "command line")
			if told && c.Name != "cmdline" && !slices.Contains(harmless, c.Name) {
				t.Errorf("%s.%s: %s", table.Name, c.Name, c.Doc)
			}
		}
	}
}
