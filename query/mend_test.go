package query_test

import (
	"errors"
	"math/rand/v2"
	"os"
	"testing"

	"netql/query"
	"netql/query/syntax"
)

// foreignParts are what lines of other languages are made of.
var foreignParts = []string{
	"select ", "from ", "conns ", "where ", "id ", "process ", "= ", "like ", "'a%_b' ", "group by ", "having ", "order by ",
	"count(*) ", "count(distinct id) ", "as ", "x ", ", ", "| ", "grep ", "-v ", "sort ", "-rn ", "uniq -c ", "tail ", "5 ",
	".[] ", "select(.id == 1) ", "{id, p: .process} ", "map(", ") ", "( ", "[ ", "in ", "between 1 and ", "is not null ",
	"limit ", "join ", "on ", "user@1.service ", "/usr/bin ", "conn.", "c.* ", "; ", "& ", "~ ", "'", `"`, "\\d ", "ré ", "prcess ",
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
