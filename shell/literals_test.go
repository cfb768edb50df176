package shell

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"strings"
	"testing"
)

// literalPackages are the packages whose variables are literals.
var literalPackages = []string{
	".", "complete", "config", "netstat", "render", "watch", "tty", "ownfile",
	"../tables", "../query", "../query/schema", "../query/syntax", "../query/expression", "../query/stop",
	"../sources", "../sources/access", "../sources/atomicfile", "../sources/capture", "../sources/cgroup",
	"../sources/conntrack", "../sources/ethtool", "../sources/inetdiag", "../sources/multierror", "../sources/netlink",
	"../sources/netlink/uapi",
	"../sources/netlinkdiag", "../sources/netns", "../sources/owners", "../sources/packetdiag", "../sources/procfs",
	"../sources/rtnetlink", "../sources/sockdiag", "../sources/unixdiag", "../sources/vfs",
}

// TestNothingRunsBeforeMain: no variable of these packages calls a function, and none has an init. Every run of the
// program would pay for it, whatever it is asked.
func TestNothingRunsBeforeMain(t *testing.T) {
	for _, directory := range literalPackages {
		paths, err := filepath.Glob(directory + "/*.go")
		if err != nil || len(paths) == 0 {
			t.Fatalf("%s: %d files, %v", directory, len(paths), err)
		}
		for _, path := range paths {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			files := token.NewFileSet()
			file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			for _, call := range callsBeforeMain(file) {
				t.Errorf("%s: a call before main", files.Position(call))
			}
		}
	}
}

// callsBeforeMain are where a file has a function of its own called before main.
func callsBeforeMain(file *ast.File) (calls []token.Pos) {
	for _, declaration := range file.Decls {
		switch d := declaration.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil && d.Name.Name == "init" {
				calls = append(calls, d.Pos())
			}
		case *ast.GenDecl:
			if d.Tok == token.VAR {
				calls = append(calls, callsIn(d)...)
			}
		}
	}
	return calls
}

// callsIn are the calls of a declaration. What a function does that it only declares is no call, a conversion to a
// basic type is none, and the compiler makes a literal of errors.New.
func callsIn(declaration ast.Node) (calls []token.Pos) {
	ast.Inspect(declaration, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			if !isErrorsNew(n) && !isConversion(n) {
				calls = append(calls, n.Pos())
			}
		}
		return true
	})
	return calls
}

// isConversion says whether a call converts to a basic type, such as uint8.
func isConversion(call *ast.CallExpr) bool {
	name, ok := call.Fun.(*ast.Ident)
	if !ok {
		return false
	}
	_, isType := types.Universe.Lookup(name.Name).(*types.TypeName)
	return isType
}

func isErrorsNew(call *ast.CallExpr) bool {
	called, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || called.Sel.Name != "New" {
		return false
	}
	name, ok := called.X.(*ast.Ident)
	return ok && name.Name == "errors"
}

// TestCallsBeforeMain: what TestNothingRunsBeforeMain would find.
func TestCallsBeforeMain(t *testing.T) {
	for text, want := range map[string]int{
		"var a = f()":                              1,
		"var a = map[string]int{\"x\": f(g())}":    2,
		"var (\n\ta = 1\n\tb = pkg.New(2)\n)":      1,
		"func init() {}":                           1,
		"var a = errors.New(\"a\")":                0,
		"var a = []uint8{uint8(b)}":                0,
		"var a = len(f())":                         2,
		"var a = func() int { return f() }":        0,
		"func f() int { var a = g(); return a }":   0,
		"type t struct{}\nfunc (t) init() { f() }": 0,
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "", "package p\n"+text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(callsBeforeMain(file)); got != want {
			t.Errorf("%s: %d calls, want %d", text, got, want)
		}
	}
}
