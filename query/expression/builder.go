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
	text    syntax.Expression
	scope   Scope
	config  *conf.Config
	tokens  map[int]syntax.Token // by offset in the query
	masked  map[int]bool         // literals that stand in expr's text as a placeholder, until they are found in its tree
	row     *schema.Row
	columns []string
	scopes  []schema.Type // the element types of the closures around the current node
}

func newBuilder(text syntax.Expression, scope Scope) *builder {
	b := &builder{
		text: text, scope: scope, config: conf.CreateNew(),
		tokens: map[int]syntax.Token{}, masked: map[int]bool{}, row: new(schema.Row),
	}
	b.config.DisableIfOperator = true
	b.config.Optimize = false
	for _, t := range text.Tokens {
		b.tokens[t.Range.Start] = t
	}
	return b
}

// operand is a lowered part of the expression and what is known about it.
type operand struct {
	node      ast.Node
	at        syntax.Range
	typ       schema.Type
	unit      schema.Unit
	constant  bool // value is known now
	value     any
	number    bool           // a constant without a unit, which takes the unit of what it is compared with
	column    *schema.Column // set for a column and nothing more
	word      string         // set for a bare word that is no column; node is nil
	certain   bool           // never NULL
	costly    bool
	predicate Predicate
}

// name describes the operand in an error.
func (o operand) name(b *builder) string {
	text := syntax.Expression{Tokens: b.between(o.at)}.String()
	if len(text) > 40 {
		return "this"
	}
	return text
}

// between are the tokens inside a range.
func (b *builder) between(at syntax.Range) []syntax.Token {
	var tokens []syntax.Token
	for _, t := range b.text.Tokens {
		if t.Range.Start >= at.Start && t.Range.End <= at.End {
			tokens = append(tokens, t)
		}
	}
	return tokens
}

// mask is the text that expr parses. It has the length of the query's text, so that expr's offsets are ours. Literals
// and quoted names become a placeholder letter, keywords and functions get the spelling that expr knows.
func (b *builder) mask() string {
	start := b.text.Range().Start
	text := []byte(strings.Repeat(" ", b.text.Range().End-start))
	for i, t := range b.text.Tokens {
		spelling := t.Text
		switch {
		case t.Kind == syntax.Number || t.Kind == syntax.Literal || t.Kind == syntax.String || t.Kind == syntax.Quoted:
			spelling = "x"
			b.masked[t.Range.Start] = true
		case t.Keyword() != "":
			spelling = t.Keyword()
		case b.calls(i):
			spelling = b.functionSpelling(i)
		case t.Kind == syntax.Name && reserved[t.Text]:
			spelling = strings.ToUpper(t.Text)
		}
		copy(text[t.Range.Start-start:], spelling)
	}
	return string(text)
}

// reserved are words that expr's lexer takes for operators and that are plain names here.
var reserved = map[string]bool{"let": true, "if": true, "else": true}

// calls says whether the token at i names a function.
func (b *builder) calls(i int) bool {
	tokens := b.text.Tokens
	return tokens[i].Kind == syntax.Name && i+1 < len(tokens) && tokens[i+1].Is("(")
}

// parse runs expr's parser.
func (b *builder) parse() (ast.Node, error) {
	tree, err := parser.ParseWithConfig(b.mask(), b.config)
	if err == nil {
		return tree.Node, nil
	}
	var failure *file.Error
	if !errors.As(err, &failure) {
		return nil, syntax.Errorf(b.text.Range(), "%v", err)
	}
	return nil, b.parseError(failure)
}

// parseError says in the query's own terms what expr's parser objects to.
func (b *builder) parseError(failure *file.Error) error {
	whole := b.text.Range()
	at := whole.Start + failure.From
	t, ok := b.tokens[at]
	switch {
	case !ok && at >= whole.End || strings.Contains(failure.Message, "EOF"):
		e := syntax.Errorf(syntax.Range{Start: whole.End, End: whole.End}, "the expression ends too early")
		last := b.text.Tokens[len(b.text.Tokens)-1]
		e.Incomplete = true
		return e.WithHint("something is missing after %s", last.Text)
	case ok && (t.Is("#") || t.Is(".")):
		return syntax.Errorf(t.Range, "%s stands only inside any(), all(), filter() and their kin", t.Text).
			WithHint(`for example: any(owners, .process == "nginx")`)
	case ok && strings.HasPrefix(failure.Message, "unexpected token"):
		e := syntax.Errorf(t.Range, "unexpected %s", t.Text)
		if t.Kind == syntax.Name {
			return e.WithHint("two names in a row: is an operator such as == or and missing, or a | before a stage?")
		}
		return e.WithHint("an operator or a value is missing before it")
	case ok:
		whole = t.Range
	}
	return syntax.Errorf(whole, "%s", failure.Message).WithHint("an expression looks like: lport == 22 and rtt > 5ms")
}

// leftover refuses literals that expr took for something else, such as the name of a member.
func (b *builder) leftover() error {
	for _, t := range b.text.Tokens {
		if b.masked[t.Range.Start] {
			return syntax.Errorf(t.Range, "unexpected %s", t.Text).WithHint("only a name can stand here")
		}
	}
	return nil
}

// function registers a Go function with expr and gives its name.
func (b *builder) function(call func(args ...any) (any, error)) string {
	name := fmt.Sprintf("f%d", len(b.config.Functions))
	b.config.Functions[name] = &builtin.Function{Name: name, Func: call}
	return name
}

// call is the node that runs a Go function over nodes.
func (b *builder) call(function func(args ...any) (any, error), arguments ...ast.Node) ast.Node {
	callee := &ast.IdentifierNode{Value: b.function(function)}
	return &ast.CallNode{Callee: callee, Arguments: arguments}
}

// apply lowers a pure function of operands. A NULL argument gives NULL; constants are folded.
func (b *builder) apply(typ schema.Type, function func(args []any) (any, error), operands ...operand) operand {
	strict := func(args ...any) (any, error) {
		for _, arg := range args {
			if arg == nil {
				return nil, nil
			}
		}
		return bounded(function(args))
	}
	result := operand{typ: typ, at: operands[0].at, constant: true}
	nodes := make([]ast.Node, len(operands))
	values := make([]any, len(operands))
	for i, o := range operands {
		nodes[i], values[i] = o.node, o.value
		result.at = result.at.Join(o.at)
		result.costly = result.costly || o.costly
		result.constant = result.constant && o.constant
	}
	if result.constant {
		if value, err := strict(values...); err == nil {
			return constant(result.at, typ, value)
		}
		result.constant = false
	}
	result.node = b.call(strict, nodes...)
	return result
}

// test lowers a question about one value, which is never answered with NULL. op and values say what is asked, for the
// predicate that a scan sees.
func (b *builder) test(o operand, op string, values []any, holds func(any) bool) operand {
	result := operand{typ: schema.Of(schema.Bool), at: o.at, certain: true, costly: o.costly}
	switch {
	case o.constant:
		return constant(o.at, result.typ, holds(o.value))
	case o.column != nil:
		get, row := o.column.Get, b.row
		result.node = b.call(func(...any) (any, error) { return holds(get(*row)), nil })
		text := leafText(o.column.Name, op, values)
		result.predicate = Predicate{connective: leaf, leaf: Leaf{o.column.Name, op, values, holds, text}}
	default:
		result.node = b.call(func(args ...any) (any, error) { return holds(args[0]), nil }, o.node)
	}
	return result
}

// constant is an operand whose value is known.
func constant(at syntax.Range, typ schema.Type, value any) operand {
	return operand{node: &ast.ConstantNode{Value: value}, at: at, typ: typ, constant: true, value: value, certain: value != nil}
}

// assemble compiles the lowered tree to expr's bytecode.
func (b *builder) assemble(node ast.Node) (*vm.Program, error) {
	program, err := compiler.Compile(&parser.Tree{Node: node, Source: file.NewSource("")}, b.config)
	if err != nil {
		return nil, syntax.Errorf(b.text.Range(), "the expression cannot be compiled: %s", firstLine(err))
	}
	return program, nil
}

// runtimeMessage is an error of expr's machine without its position, which is not the query's.
func runtimeMessage(err error) string {
	var failure *file.Error
	if errors.As(err, &failure) {
		return failure.Message
	}
	return firstLine(err)
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}
