package shell

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// mayImport says, for each part of the program, which parts of ours and which modules it may import. The longest prefix
// of a package's path decides. docs/design.md says why.
var mayImport = map[string][]string{
	"netql": {"netql/shell"},
	"netql/shell": {"netql/shell", "netql/query", "netql/tables", "netql/sources",
		"github.com/chzyer/readline", "golang.org/x/sys"},
	"netql/shell/complete": {"netql/query"},
	"netql/shell/config": {"netql/query/syntax", "netql/shell/ownfile", "netql/sources/atomicfile",
		"golang.org/x/sys"},
	"netql/shell/fleet": {"netql/shell", "netql/query", "netql/tables", "netql/sources",
		"github.com/nats-io", "golang.org/x/sys"},
	"netql/shell/habits":            {"netql/query"},
	"netql/shell/netstat":           {"netql/query/schema", "netql/query/syntax"},
	"netql/shell/ownfile":           {"golang.org/x/sys"},
	"netql/shell/render":            {"netql/query/schema", "github.com/jedib0t/go-pretty/v6"},
	"netql/shell/remote":            {"netql/query", "netql/shell/remote/frame"},
	"netql/shell/remote/answer":     {"netql/query", "netql/shell/remote/frame"},
	"netql/shell/remote/frame":      {"netql/query/schema"},
	"netql/shell/remote/subprocess": {"netql/query/schema", "netql/shell/remote"},
	"netql/shell/report":            {"netql/query"},
	"netql/shell/ss":                {"netql/query/schema", "netql/query/syntax", "netql/shell/netstat"},
	"netql/shell/tty":               {"golang.org/x/sys"},
	"netql/shell/watch":             {"netql/query", "netql/shell/render", "netql/shell/tty", "golang.org/x/sys"},
	"netql/tables":                  {"netql/query", "netql/sources"},
	"netql/query":                   {"netql/query"},
	"netql/query/expression": {
		"netql/query/schema", "netql/query/stop", "netql/query/syntax", "github.com/expr-lang/expr",
	},
	"netql/query/stop":   {},
	"netql/query/syntax": {"netql/query/schema"},
	"netql/query/schema": {},
	"netql/sources":      {"netql/sources", "golang.org/x/sys"},
}

// TestImportDirection: data flows one way, and so do the imports, and help for tests is not in the program. It reads
// the files themselves, because the go command may want a network for that.
func TestImportDirection(t *testing.T) {
	files := 0
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		files++
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		importer := filepath.ToSlash(filepath.Join("netql", filepath.Dir(strings.TrimPrefix(path, ".."))))
		for _, spec := range file.Imports {
			imported := strings.Trim(spec.Path.Value, `"`)
			if !allowed(importer, imported) || isTestHelp(imported) && !isTestHelp(importer) {
				t.Errorf("%s must not import %s", importer, imported)
			}
		}
		return nil
	})
	if err != nil || files < 100 {
		t.Errorf("%d files were looked at: %v", files, err)
	}
}

// TestSysfsIsNotRead: nobody reads interfaces from /sys, which shows those of the namespace in which it was mounted,
// whichever is asked, and none of a capture's. rtnetlink and ethtool tell the same.
func TestSysfsIsNotRead(t *testing.T) {
	for _, root := range []string{"../query", "../shell", "../sources", "../tables"} {
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
				return err
			}
			text, err := os.ReadFile(path)
			for _, directory := range []string{"/sys/class/net", "/sys/devices"} {
				if strings.Contains(string(text), `"`+directory) {
					t.Errorf("%s reads %s", path, directory)
				}
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// isTestHelp says whether a package of ours is for tests alone: none of it may be in the program.
func isTestHelp(path string) bool {
	const lab = "netql/sources/lab"
	return path == lab || strings.HasPrefix(path, lab+"/") ||
		strings.HasPrefix(path, "netql/") && strings.HasSuffix(path, "test")
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
