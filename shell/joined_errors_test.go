package shell

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestJoinedErrors: errors that somebody may see are joined into one line (multierror), not by errors.Join.
func TestJoinedErrors(t *testing.T) {
	files := 0
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		importer := filepath.ToSlash(filepath.Join("netql", filepath.Dir(strings.TrimPrefix(path, ".."))))
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") ||
			isTestHelp(importer) {
			return err
		}
		files++
		text, err := os.ReadFile(path)
		if strings.Contains(string(text), "errors"+".Join(") {
			t.Errorf("%s joins errors by a line end", path)
		}
		return err
	})
	if err != nil || files < 100 {
		t.Errorf("%d files were looked at: %v", files, err)
	}
}
