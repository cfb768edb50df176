package tables_test

import (
	"go/ast"
	"go/types"
	"testing"

	"netql/query/querytest"
)

// TestEveryTableIsDeclared: each function that makes a table is in the catalogue.
func TestEveryTableIsDeclared(t *testing.T) {
	makers, missing := querytest.Functions(t, "catalog.go", makesTable)
	for name, path := range missing {
		t.Errorf("tables/catalog.go lacks %s, a table of tables/%s: it belongs into declarations", name, path)
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
