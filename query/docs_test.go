package query_test

import (
	"os"
	"strings"
	"testing"

	"netql/query"
)

// stageTable is the table of stages in docs/language.md.
func stageTable() string {
	var b strings.Builder
	b.WriteString("| stage | what it does | also spelt |\n|---|---|---|\n")
	for _, stage := range query.Language {
		doc, aliases := stage.Doc, ""
		if stage.Details != "" {
			doc += ". " + stage.Details
		}
		if len(stage.Aliases) > 0 {
			aliases = "`" + strings.Join(stage.Aliases, "`, `") + "`"
		}
		row := "| `" + stage.Usage + "` | " + strings.ReplaceAll(doc, "*", `\*`) + " | " + aliases + " |\n"
		b.WriteString(strings.ReplaceAll(row, " |  |", " | |"))
	}
	return b.String()
}

// TestStageTable compares the table of stages in docs/language.md with the rows, and with -update writes it.
func TestStageTable(t *testing.T) {
	const file = "../docs/language.md"
	const begin = "<!-- Written by `go test ./query -update` from the rows in query/stages.go. Change those. -->\n"
	const end = "<!-- end -->\n"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), begin)
	_, after, ends := strings.Cut(rest, end)
	if !found || !ends {
		t.Fatalf("%s has no place for the table of stages", file)
	}
	written := before + begin + stageTable() + end + after
	if written == string(text) {
		return
	}
	if !*update {
		t.Errorf("the table of stages in %s is not what the rows say: run go test ./query -update", file)
	} else if err := os.WriteFile(file, []byte(written), 0o644); err != nil {
		t.Fatal(err)
	}
}
