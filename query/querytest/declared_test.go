package querytest

import (
	"go/ast"
	"maps"
	"os"
	"path/filepath"
	"testing"
)

// TestFunctions: what the list names is not missing, what another file has is, and what a test has is not looked at.
func TestFunctions(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"list.go": "package p\nvar list = []func(){made}\n", "a.go": "package p\nfunc made() {}\nfunc other(int) {}\n",
		"b.go": "package p\nfunc forgotten() {}\n", "b_test.go": "package p\nfunc tested() {}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	all, missing := Functions(t, "list.go", func(f *ast.FuncDecl) bool { return f.Type.Params.NumFields() == 0 })
	if want := map[string]string{"made": "a.go", "forgotten": "b.go"}; !maps.Equal(all, want) {
		t.Errorf("%v, want %v", all, want)
	}
	if want := map[string]string{"forgotten": "b.go"}; !maps.Equal(missing, want) {
		t.Errorf("missing %v, want %v", missing, want)
	}
}
