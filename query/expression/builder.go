package expression

import (
	"errors"
	"fmt"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/compiler"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"

	"netql/query/schema"
	"netql/query/syntax"
)

// builder lowers one expression.
type builder struct {
	text        syntax.Expression // the whole expression
	scope       Scope
	config      *conf.Config
	row         *schema.Row
	columns     []string
	scopes      []operand // what # is in each of the closures around the current node, the innermost last
	lowered     int       // nodes so far
	comparing   bool      // it compares samples, itself or by a column
	replaced    bool      // another value stands in where the one that is lowered is NULL
	hasPrefetch bool      // it calls a function that has Prefetch

	warn     func(failed syntax.Expression, err error)
	work     *work // of one evaluation
	patterns int   // the weight of the regular expressions so far
}

func newBuilder(text syntax.Expression, scope Scope) *builder {
	// The rest of a configuration is for expr's parser and checker.
	config := &conf.Config{ShortCircuit: true, Functions: conf.FunctionsTable{}}
	return &builder{
		text: text, scope: scope, config: config,
		row: new(schema.Row), work: &work{stop: scope.Stop}, warn: warnOnce(scope),
	}
}

func (b *builder) tooLarge() error {
	return syntax.Errorf(b.text.Span(), "the expression is too large").
		WithHint("a prefix or a range such as 1..1023 replaces a long list")
}

// function registers a Go function with expr and gives its name.
func (b *builder) function(call func(args ...any) (any, error)) string {
	name := fmt.Sprintf("f%d", len(b.config.Functions))
	b.config.Functions[name] = &builtin.Function{Name: name, Func: call}
	return name
}

// call is the node that runs a Go function over nodes.
func (b *builder) call(function func(args ...any) (any, error), arguments ...ast.Node) ast.Node {
	if len(arguments) > 0 {
		function = b.work.metered(function)
	}
	callee := &ast.IdentifierNode{Value: b.function(function)}
	return &ast.CallNode{Callee: callee, Arguments: arguments}
}

// onlyCall is the Go function of a node that is a call of one without arguments; nil for other nodes. Most conditions
// are such a call, and it takes a fraction of what a run of the machine does.
func (b *builder) onlyCall(node ast.Node) func(...any) (any, error) {
	call, ok := node.(*ast.CallNode)
	if !ok || len(call.Arguments) > 0 {
		return nil
	}
	callee, ok := call.Callee.(*ast.IdentifierNode)
	if !ok || b.config.Functions[callee.Value] == nil {
		return nil
	}
	return b.config.Functions[callee.Value].Func
}

// assemble compiles the lowered tree to expr's bytecode.
func (b *builder) assemble(node ast.Node) (*vm.Program, error) {
	program, err := compiler.Compile(&parser.Tree{Node: node, Source: file.NewSource("")}, b.config)
	if err != nil {
		return nil, syntax.Errorf(b.text.Span(), "the expression cannot be compiled: %s", runtimeMessage(err))
	}
	return program, nil
}

// runtimeMessage is an error without the position that expr's machine gives it, which is not the query's.
func runtimeMessage(err error) string {
	var failure *file.Error
	if errors.As(err, &failure) {
		return failure.Message
	}
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}
