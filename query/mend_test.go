package query_test

import (
	"errors"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"netql/query"
	"netql/query/syntax"
)

// foreignParts are what lines of other languages are made of.
var foreignParts = []string{
	"select ", "from ", "conns ", "where ", "id ", "process ", "= ", "like ", "'a%_b' ", "group by ", "having ",
	"order by ",
	"count(*) ", "count(distinct id) ", "as ", "x ", ", ", "| ", "grep ", "-v ", "sort ", "-rn ", "uniq -c ", "tail ",
	"5 ",
	".[] ", "select(.id == 1) ", "{id, p: .process} ", "map(", ") ", "( ", "[ ", "in ", "between 1 and ",
	"is not null ",
	"limit ", "join ", "on ", "user@1.service ", "/usr/bin ", "conn.", "c.* ", "; ", "& ", "~ ", "'", `"`, "\\d ",
	"ré ", "prcess ",
}

// TestLines: the line of an error compiles and is canonical, whatever was typed, and its hint is not empty.
func TestLines(t *testing.T) {
	data, err := os.ReadFile("testdata/errors.txt")
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, block := range goldenBlocks(string(data)) {
		texts = append(texts, block.query)
	}
	random := rand.New(rand.NewPCG(5, 6))
	for range 10_000 {
		text := ""
		for range 1 + random.IntN(14) {
			text += foreignParts[random.IntN(len(foreignParts))]
		}
		texts = append(texts, text)
	}
	lines := 0
	for _, text := range texts {
		_, err := query.Compile(text, catalog(&scanned{}), someState{})
		wrong, ok := errors.AsType[*syntax.Error](err)
		if !ok {
			continue
		}
		wrong.Show(text)
		if wrong.Hint == "" {
			t.Errorf("%q: %v: no hint", text, err)
		}
		if wrong.Line == "" {
			continue
		}
		lines++
		plan, err := query.Compile(wrong.Line, catalog(&scanned{}), someState{})
		if err != nil || plan.Query() != wrong.Line {
			t.Errorf("%q: the line %q: %v", text, wrong.Line, err)
		}
	}
	if lines < 100 {
		t.Errorf("only %d lines", lines)
	}
}

// TestLineOf: what is known to be meant by flags of a shell's programs and by parts of SQL. What has no counterpart
// has no line, rather than one that leaves it out.
func TestLineOf(t *testing.T) {
	const rows = "conns | select id, process | "
	for text, want := range map[string]string{
		rows + "grep --color nginx":                     rows + `where process contains "nginx"`,
		rows + "grep --ignore-case nginx":               rows + `where process matches "(?i)nginx"`,
		rows + "grep --count -v nginx":                  rows + `where not process contains "nginx" | count`,
		"conns | grep -o nginx":                         "",
		"conns | grep --max-count=1 nginx":              "",
		"conns | sort -u":                               "conns | distinct | sort id",
		"conns | sort -u -k 2":                          "",
		"conns | cut -d, -f1,2":                         "conns | select id, state",
		"conns | cut -f1-3":                             "",
		"conns | cut -c1-2":                             "",
		"conns | awk '{print $2, $1}'":                  "conns | select state, id",
		"conns | awk -F, '{ print $1 }'":                "conns | select id",
		"conns | awk '$1 > 2 {print $2}'":               "",
		"conns | awk '/x/ {print $2}'":                  "",
		"conns | awk '{n += $1} END {print n}'":         "",
		"conns | wc -l":                                 "conns | count",
		"conns | wc -c":                                 "",
		"select id from conns having rport > 80":        "conns rport > 80 | select id",
		"select process from conns having count(*) > 1": "conns | group by process: count() | where count > 1",
		"select process, count(*) as n from conns group by process having dcount(id) > 1 and count(*) > 2": "" +
			"conns | group by process: n = count(), dcount(id) | where dcount_id > 1 and n > 2",
		"select id from conns where process = 'a( b'": `conns process == "a( b" | select id`,
		"select count( distinct id ) from conns":      "conns | stats dcount(id)",
		`select "process" from conns`:                 "conns | select process",
	} {
		_, err := query.Compile(text, catalog(&scanned{}), someState{})
		wrong, ok := errors.AsType[*syntax.Error](err)
		if !ok || wrong.Line != want {
			t.Errorf("%s: %v: the line %q, want %q", text, err, wrong.Line, want)
		}
	}
}

// TestLongWrong: an error of the longest text is there at once. It took minutes where each of many keys was compared
// with each of many aggregates.
func TestLongWrong(t *testing.T) {
	for _, text := range []string{
		"select count(*) from conns order by " + strings.Repeat("count(*), ", 6000) + "id",
		"select count(*) from conns order by " + strings.Repeat("count(*), ", 380) + "id",
		"conns " + strings.Repeat("| grep a ", 7000),
	} {
		if _, err := query.Compile(text, catalog(&scanned{}), someState{}); err == nil {
			t.Errorf("%.40s is no error", text)
		}
	}
}
