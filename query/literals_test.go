package query_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// TestNothingRunsBeforeMain: variables of the engine's packages are literals. Every run of the program would pay for
// what else they were, whatever it is asked. Errors are an exception, which cost next to nothing.
func TestNothingRunsBeforeMain(t *testing.T) {
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, nil, 0)
		if err != nil {
			return err
		}
		for _, declaration := range file.Decls {
			switch d := declaration.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil && d.Name.Name == "init" {
					t.Errorf("%s: init()", files.Position(d.Pos()))
				}
			case *ast.GenDecl:
				if d.Tok == token.VAR {
					ast.Inspect(d, func(n ast.Node) bool { return literal(t, files, n) })
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// literal complains of a call, and says whether to look into the node.
func literal(t *testing.T, files *token.FileSet, n ast.Node) bool {
	switch n := n.(type) {
	case *ast.FuncLit:
		return false
	case *ast.CallExpr:
		if called, ok := n.Fun.(*ast.SelectorExpr); !ok || called.Sel.Name != "New" {
			t.Errorf("%s: a call", files.Position(n.Pos()))
		}
	}
	return true
}
