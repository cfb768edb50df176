// Package querytest is help for tests: it finds functions that a list in the source of their package lacks, reads
// numbers from the environment, and asks hosts in this process.
package querytest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// Functions finds the functions of the package in the current directory for which is holds, but for those of tests:
// the file of each by name. missing are those that the file of the list does not name.
func Functions(t *testing.T, list string, is func(*ast.FuncDecl) bool) (all, missing map[string]string) {
	t.Helper()
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	all, missing = map[string]string{}, map[string]string{}
	named := map[string]bool{}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, declaration := range file.Decls {
			if f, ok := declaration.(*ast.FuncDecl); ok && is(f) {
				all[f.Name.Name] = path
			}
		}
		if path == list {
			named = identifiers(file)
		}
	}
	for name, path := range all {
		if !named[name] {
			missing[name] = path
		}
	}
	return all, missing
}

// identifiers are all names in a file.
func identifiers(file *ast.File) map[string]bool {
	names := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if name, ok := n.(*ast.Ident); ok {
			names[name.Name] = true
		}
		return true
	})
	return names
}
