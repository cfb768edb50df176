package shell

import (
	"context"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"netql/query"
	"netql/shell/render"
	"netql/sources"
	"netql/sources/lab"
	"netql/sources/vfs/vfstest"
	"netql/tables"
)

// TestDocs compiles every query of README.md and docs/: each line of a block that is marked netql.
func TestDocs(t *testing.T) {
	catalog := tables.Catalog()
	for where, line := range documented(t) {
		if _, err := query.Compile(line, catalog, askSSH()); err != nil {
			t.Errorf("%s: %s: %v", where, line, err)
		}
	}
}

// askSSH asks a system that has nothing but the name of a port, to compile queries.
func askSSH() *tables.QueryState {
	return tables.Ask(&sources.System{Files: vfstest.Files{"/etc/services": {Text: "ssh 22/tcp\n"}}})
}

// TestDocsRun runs them.
func TestDocsRun(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Need(t, "/etc/services")
		catalog := tables.Catalog()
		for where, line := range documented(t) {
			if err := run(line, catalog); err != nil {
				t.Errorf("%s: %s: %v", where, line, err)
			}
		}
	})
}

// documents are the texts of README.md and docs/, by file.
func documents(t *testing.T) map[string]string {
	t.Helper()
	files := []string{"../README.md"}
	err := filepath.WalkDir("../docs", func(path string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(path, ".md") {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts[file] = string(text)
	}
	return texts
}

// documented are the queries of the documents, with the file that each is in.
func documented(t *testing.T) iter.Seq2[string, string] {
	t.Helper()
	texts := documents(t)
	return func(yield func(file, line string) bool) {
		for _, file := range slices.Sorted(maps.Keys(texts)) {
			for _, line := range linesIn(texts[file], "netql") {
				if !yield(file, line) {
					return
				}
			}
		}
	}
}

// TestStageExamples runs the example of every stage.
func TestStageExamples(t *testing.T) {
	catalog := tables.Catalog()
	for _, stage := range query.Language {
		if err := run(stage.Example, catalog); err != nil {
			t.Errorf("stage %s: %s: %v", stage.Name, stage.Example, err)
		}
	}
}

// formatLists are the places where the documents list formats, between two texts.
var formatLists = []struct {
	file, what, after, before string
	lists                     func(render.Format) bool
}{
	{"README.md", "those of --format", "`--format ", ")", func(render.Format) bool { return true }},
	{"docs/language.md", "those of a watch that are one stream", "one stream with one header in ", ",\neach",
		func(f render.Format) bool { return !f.Document && !f.Screen }},
	{"docs/language.md", "those of a watch where each sample is a whole", "an array or a table of its own in ", ".\n",
		func(f render.Format) bool { return f.Document }},
}

// TestFormatsInDocs: the documents name every format where they list them, and no other.
func TestFormatsInDocs(t *testing.T) {
	for _, place := range formatLists {
		text, err := os.ReadFile("../" + place.file)
		if err != nil {
			t.Fatal(err)
		}
		_, rest, found := strings.Cut(string(text), place.after)
		list, _, ends := strings.Cut(rest, place.before)
		if !found || !ends {
			t.Errorf("%s has no list of formats behind %q, up to %q", place.file, place.after, place.before)
		}
		named := strings.FieldsFunc(list, func(r rune) bool { return !unicode.IsLetter(r) })
		for _, format := range render.Formats {
			switch has := slices.Contains(named, format.Name); {
			case !has && place.lists(format):
				t.Errorf("%s lacks the format %s among %s: %s", place.file, format.Name, place.what, list)
			case has && !place.lists(format):
				t.Errorf("%s has the format %s among %s: %s", place.file, format.Name, place.what, list)
			}
		}
	}
}

// linesIn are the lines of the blocks of a document that are marked as of a language, without comments.
func linesIn(text, language string) []string {
	var lines []string
	inside := false
	for line := range strings.SplitSeq(text, "\n") {
		switch {
		case strings.HasPrefix(line, "```"):
			inside = line == "```"+language
		case inside && strings.TrimSpace(line) != "" && !strings.HasPrefix(line, "#"):
			lines = append(lines, line)
		}
	}
	return lines
}

// run reads every shown value of every row, of a watch those of one sample. Events may never come.
func run(text string, catalog *query.Catalog) error {
	plan, err := query.Compile(text, catalog, tables.Ask(sources.Live()))
	if err != nil || plan.Follows() {
		return err
	}
	for row, err := range plan.Rows(context.Background()) {
		if err != nil {
			return err
		}
		for _, column := range plan.Schema().Visible() {
			column.Get(row)
		}
	}
	return nil
}
