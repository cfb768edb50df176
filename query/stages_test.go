package query_test

import (
	"go/ast"
	"go/types"
	"testing"

	"netql/query/querytest"
)

// TestEveryStageHasARow: each function that parses a stage is in Language.
func TestEveryStageHasARow(t *testing.T) {
	parsers, missing := querytest.Functions(t, "stages.go", parsesStage)
	for name, path := range missing {
		t.Errorf("query/stages.go lacks a row whose Parse is %s, of query/%s", name, path)
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
