package query_test

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"netql/query"
	"netql/query/syntax"
)

// goldenFiles hold queries and what they give, each kind in a file of its own.
var goldenFiles = []struct {
	name string
	give func(query string) string
}{
	{"testdata/answers.txt", answer}, {"testdata/errors.txt", answer}, {"testdata/explain.txt", explain},
	{"testdata/cut.txt", cutOf},
}

// compiler is query.Compile or query.CompileUnhinted.
type compiler func(text string, catalog *query.Catalog, state query.State) (*query.Plan, error)

// goldenBlock is a query of a golden file, and what is written down that it gives.
type goldenBlock struct{ query, gives string }

// goldenBlocks reads a golden file: each line "> QUERY" begins a block, and what it gives follows. Empty lines between
// them are for people. A line ">" is the empty query.
func goldenBlocks(text string) (blocks []goldenBlock) {
	for line := range strings.Lines(text) {
		query, begins := strings.CutPrefix(strings.TrimRight(line, "\n")+" ", "> ")
		switch {
		case begins:
			blocks = append(blocks, goldenBlock{query: strings.TrimSuffix(query, " ")})
		case len(blocks) > 0:
			blocks[len(blocks)-1].gives += line
		}
	}
	return blocks
}

// TestGolden runs the queries of testdata/*.txt, and with -update writes what they give.
func TestGolden(t *testing.T) {
	for _, file := range goldenFiles {
		data, err := os.ReadFile(file.name)
		if err != nil {
			t.Fatal(err)
		}
		var written bytes.Buffer
		for _, block := range goldenBlocks(string(data)) {
			got := file.give(block.query)
			if !*update && strings.TrimSpace(got) != strings.TrimSpace(block.gives) {
				t.Errorf("%s (go test ./query -update writes it anew): %s\ngives\n%s\nwant\n%s",
					file.name, block.query, got, block.gives)
			}
			fmt.Fprintf(&written, "> %s\n%s\n", block.query, got)
		}
		if *update {
			if err := os.WriteFile(file.name, written.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestGoldenBlocks: no query is lost or made by the way in which lines are put into a file.
func TestGoldenBlocks(t *testing.T) {
	for text, want := range map[string][]goldenBlock{
		"> a\n> b\n":                   {{"a", ""}, {"b", ""}},
		"> a\nx\ny\n\n> b\n":           {{"a", "x\ny\n\n"}, {"b", ""}},
		"\n\n> a\nx\n\n\n\n\n> b\nz\n": {{"a", "x\n\n\n\n\n"}, {"b", "z\n"}},
		"> \nx\n\n>\ny":                {{"", "x\n\n"}, {"", "y"}},
		"\n\n":                         nil,
	} {
		if got := goldenBlocks(text); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestEveryStageIsGolden: each golden file has a query with each stage. Stages whose rows have no end have no answers.
func TestEveryStageIsGolden(t *testing.T) {
	for _, file := range goldenFiles {
		data, err := os.ReadFile(file.name)
		if err != nil {
			t.Fatal(err)
		}
		var queries []string
		for _, block := range goldenBlocks(string(data)) {
			queries = append(queries, block.query)
		}
		for _, stage := range query.Language {
			endless := stage.First && file.name != "testdata/errors.txt"
			if !endless && !slices.ContainsFunc(queries, uses(stage)) {
				t.Errorf("stage %s has no query in query/%s: add a line \"> conns | %s ...\", then go test ./query "+
					"-update",
					stage.Name, file.name, stage.Name)
			}
		}
	}
}

// uses says whether a query, which may be wrong, has a stage.
func uses(stage syntax.StageKind) func(query string) bool {
	word := regexp.MustCompile(`(?i)\|\s*(` + strings.Join(append(stage.Aliases, stage.Name), "|") + `)\b`)
	return word.MatchString
}
