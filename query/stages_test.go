package query_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"strings"
	"testing"
)

// TestEveryStageHasARow: each function that parses a stage is in Language.
func TestEveryStageHasARow(t *testing.T) {
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	parsers, rows := map[string]string{}, map[string]bool{}
	for _, path := range paths {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, declaration := range file.Decls {
			f, ok := declaration.(*ast.FuncDecl)
			if ok && !strings.HasSuffix(path, "_test.go") && parsesStage(f) {
				parsers[f.Name.Name] = path
			}
		}
		if path == "stages.go" {
			ast.Inspect(file, func(n ast.Node) bool {
				if name, ok := n.(*ast.Ident); ok {
					rows[name.Name] = true
				}
				return true
			})
		}
	}
	for name, path := range parsers {
		if !rows[name] {
			t.Errorf("query/stages.go lacks a row whose Parse is %s, of query/%s", name, path)
		}
	}
	if len(parsers) < 10 {
		t.Errorf("only the parsers %v were found", parsers)
	}
}

// parsesStage says whether it is a func(*syntax.Parser) (syntax.Node, *syntax.Error).
func parsesStage(f *ast.FuncDecl) bool {
	if f.Recv != nil || f.Type.Params.NumFields() != 1 || f.Type.Results.NumFields() != 2 {
		return false
	}
	return types.ExprString(f.Type.Params.List[0].Type) == "*syntax.Parser" &&
		types.ExprString(f.Type.Results.List[0].Type) == "syntax.Node"
}
