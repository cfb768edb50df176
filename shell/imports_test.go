package shell

import (
	"os/exec"
	"strings"
	"testing"
)

// mayImport says, for each part of the program, which parts of ours and which modules it may import. The longest prefix
// of a package's path decides. docs/design.md says why.
var mayImport = map[string][]string{
	"netql":                  {"netql/shell"},
	"netql/shell":            {"netql/shell", "netql/query", "netql/tables", "netql/sources", "github.com/chzyer/readline", "golang.org/x/sys"},
	"netql/shell/render":     {"netql/query/schema", "github.com/jedib0t/go-pretty/v6"},
	"netql/tables":           {"netql/query", "netql/sources"},
	"netql/query":            {"netql/query"},
	"netql/query/expression": {"netql/query/schema", "netql/query/syntax", "github.com/expr-lang/expr"},
	"netql/query/syntax":     {"netql/query/schema"},
	"netql/query/schema":     {},
	"netql/sources":          {"netql/sources", "golang.org/x/sys"},
}

// TestImportDirection: data flows one way, and so do the imports.
func TestImportDirection(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, "netql/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	packages := 0
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		packages++
		for _, imported := range words[1:] {
			if !allowed(words[0], imported) {
				t.Errorf("%s must not import %s", words[0], imported)
			}
		}
	}
	if packages < len(mayImport) {
		t.Errorf("only %d packages were looked at", packages)
	}
}

func allowed(importer, imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	if !strings.Contains(first, ".") && first != "netql" {
		return true // the standard library
	}
	part := importer
	for mayImport[part] == nil {
		part = part[:strings.LastIndexByte(part, '/')]
	}
	for _, prefix := range mayImport[part] {
		if imported == prefix || strings.HasPrefix(imported, prefix+"/") {
			return true
		}
	}
	return false
}

// TestReadlineIsTheEditors: one file alone knows the line editor, so that it can be replaced.
func TestReadlineIsTheEditors(t *testing.T) {
	out, err := exec.Command("grep", "-l", "chzyer/readline", "--include=*.go", "-r", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	for file := range strings.FieldsSeq(string(out)) {
		if file != "./editor.go" && !strings.HasSuffix(file, "_test.go") {
			t.Errorf("%s imports readline; only editor.go may", file)
		}
	}
}
