package shell

import (
	"io"
	"strings"
	"testing"

	"netql/query"
	"netql/tables"
)

// TestHintOfShell: what a shell would do with a query's rows is done by the line in the hint, whose query is right.
func TestHintOfShell(t *testing.T) {
	for _, test := range []struct{ text, prompt, line string }{
		{"numbers | less", "long answers go through the pager by themselves: numbers", "netql 'numbers' | less"},
		{"numbers | grep '2 MiB' | wc -l", "export answer.csv numbers; ! grep '2 MiB' answer.csv | wc -l",
			"netql 'numbers' | grep '2 MiB' | wc -l"},
		{"numbers text == 'x' | jq .", "export answer.json numbers text == 'x'; ! jq . answer.json",
			`netql --format json 'numbers text == '\''x'\''' | jq .`},
		{"numbers | select n > out.csv", "export out.csv numbers | select n",
			"netql --format csv 'numbers | select n' > out.csv"},
		{"numbers >> /tmp/out", "export answer.csv numbers", "netql 'numbers' > /tmp/out"},
		{"numbers > out", "", ""},
		{"nubmers | less", "", ""},
		{"numbers n > ", "", ""},
		{"numbers | lest", "", ""},
	} {
		s := newSession(strings.NewReader(""), io.Discard, io.Discard)
		s.catalog, s.state = fakeCatalog(), fakeState
		if _, err := query.Compile(test.text, s.catalog, s.state()); err == nil {
			t.Fatalf("%q compiles", test.text)
		}
		for atPrompt, want := range map[bool]string{true: test.prompt, false: test.line} {
			s.atPrompt = atPrompt
			if got := s.hintOfShell(test.text); got != want {
				t.Errorf("%q, at the prompt %t: %q, want %q", test.text, atPrompt, got, want)
			}
		}
	}
}

// TestRunInShell: ! runs a command, at the prompt alone.
func TestRunInShell(t *testing.T) {
	t.Parallel()
	term := atPrompt(t)
	for _, step := range []struct{ typed, shown string }{
		{"! echo a$((1+1))b; echo c", "a2b\r\nc\r\n"},
		{"!echo d$((1+1))e", "d2e\r\n"},
		{"! exit 3", "note: exit status 3"},
		{"export ~/answer.csv numbers; ! grep 3145728 ~/answer.csv | wc -l", "5 rows\r\n1\r\n"},
		{"!", "error: usage: ! COMMAND"},
	} {
		term.asks(step.typed, step.shown)
	}
	term.leaves()
}

// TestColumnHelp: each column has help, with a query that is right.
func TestColumnHelp(t *testing.T) {
	catalog := tables.Catalog()
	for _, table := range catalog.Tables() {
		for _, column := range table.Columns {
			text := columnHelp(strings.ToLower(table.Name+"."+column.Name), catalog)
			if !strings.HasPrefix(text, "  "+table.Name+"."+column.Name+"  ") {
				t.Errorf("%s.%s: %q", table.Name, column.Name, text)
			}
			if _, err := query.Compile(columnExample(table, column), catalog, askSSH()); err != nil {
				t.Errorf("%s: %v", columnExample(table, column), err)
			}
		}
	}
	if text := columnHelp("rtt", catalog); !strings.Contains(text, "sockets.rtt") ||
		!strings.Contains(text, "routes.rtt") {
		t.Errorf("rtt: %q", text)
	}
	for _, name := range []string{"none", "sockets.none", "none.rtt", ""} {
		if text := columnHelp(name, catalog); text != "" {
			t.Errorf("%s: %q", name, text)
		}
	}
}
