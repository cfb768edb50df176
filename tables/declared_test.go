package tables_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"strings"
	"testing"
)

// TestEveryTableIsDeclared: each function that makes a table is in the catalogue.
func TestEveryTableIsDeclared(t *testing.T) {
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	makers, declared := map[string]string{}, map[string]bool{}
	for _, path := range paths {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, declaration := range file.Decls {
			f, ok := declaration.(*ast.FuncDecl)
			if ok && !strings.HasSuffix(path, "_test.go") && makesTable(f) {
				makers[f.Name.Name] = path
			}
		}
		if path == "catalog.go" {
			ast.Inspect(file, func(n ast.Node) bool {
				if name, ok := n.(*ast.Ident); ok {
					declared[name.Name] = true
				}
				return true
			})
		}
	}
	for name, path := range makers {
		if !declared[name] {
			t.Errorf("tables/catalog.go lacks %s, a table of tables/%s: it belongs into declarations", name, path)
		}
	}
	if len(makers) < 20 {
		t.Errorf("only the tables %v were found", makers)
	}
}

// makesTable says whether it is a func() *query.Table.
func makesTable(f *ast.FuncDecl) bool {
	return f.Recv == nil && f.Type.Params.NumFields() == 0 && f.Type.Results.NumFields() == 1 &&
		types.ExprString(f.Type.Results.List[0].Type) == "*query.Table"
}
