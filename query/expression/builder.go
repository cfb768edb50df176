package expression

import (
	"errors"
	"fmt"
	"slices"
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
	text      syntax.Expression
	scope     Scope
	config    *conf.Config
	tokens    map[int]syntax.Token // by offset in the query
	masked    map[int]bool         // literals that stand in expr's text as a placeholder, until they are found in its tree
	row       *schema.Row
	columns   []string
	scopes    []schema.Type // the element types of the closures around the current node
	lowered   int           // nodes so far
	comparing bool          // it compares samples, itself or by a column
	waiting   bool          // a function is called whose work can begin ahead

	functions []Function // those that may be called
	names     []string   // all that may be called, sorted
	complain  func(call string, err error)

	work     *work // of one evaluation
	patterns int   // the weight of the regular expressions so far
}

func newBuilder(text syntax.Expression, scope Scope) *builder {
	b := &builder{
		text: text, scope: scope, config: conf.CreateNew(),
		tokens: map[int]syntax.Token{}, masked: map[int]bool{}, row: new(schema.Row), work: &work{}, complain: complainOnce(scope.Warn),
	}
	b.config.DisableIfOperator = true
	b.config.Optimize = false
	for _, t := range text.Tokens {
		b.tokens[t.Range.Start] = t
	}
	return b
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
	case strings.Contains(failure.Message, "maximum allowed nodes"):
		return b.tooLarge()
	case !ok && at >= whole.End || strings.Contains(failure.Message, "EOF"):
		e := syntax.Errorf(syntax.Range{Start: whole.End, End: whole.End}, "the expression ends too early")
		last := b.text.Tokens[len(b.text.Tokens)-1]
		e.Incomplete = true
		return e.WithHint("something is missing after %s", last.Text)
	case ok && strings.Contains(failure.Message, "coalesce"):
		return syntax.Errorf(t.Range, "?? and %s need brackets", t.Text).WithHint("for example: (pid ?? 0) == 0")
	case ok && (t.Is("#") || t.Is(".")):
		return syntax.Errorf(t.Range, "%s stands only inside any(), all(), filter() and their kin", t.Text).
			WithHint(`for example: any(owners, .process == "nginx")`)
	case ok && strings.HasPrefix(failure.Message, "unexpected token"):
		return b.unexpected(t)
	case ok:
		whole = t.Range
	}
	return syntax.Errorf(whole, "%s", failure.Message).WithHint("an expression looks like: lport == 22 and rtt > 5ms")
}

// unexpected says what to do about a token that cannot stand where it does.
func (b *builder) unexpected(t syntax.Token) error {
	e := syntax.Errorf(t.Range, "unexpected %s", t.Text)
	i := slices.IndexFunc(b.text.Tokens, func(other syntax.Token) bool { return other.Range == t.Range })
	switch {
	case t.Kind == syntax.Name && i > 0 && b.text.Tokens[i-1].Kind == syntax.Number:
		return e.WithHint("a unit sticks to its number: 5ms, 4MiB")
	case t.Kind == syntax.Name:
		return e.WithHint("two names in a row: is an operator such as == or and missing, or a | before a stage?")
	}
	return e.WithHint("an operator or a value is missing before it")
}

func (b *builder) tooLarge() error {
	return syntax.Errorf(b.text.Range(), "the expression is too large").WithHint("a prefix or a range such as 1..1023 replaces a long list")
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
	if len(arguments) > 0 {
		function = b.work.metered(function)
	}
	callee := &ast.IdentifierNode{Value: b.function(function)}
	return &ast.CallNode{Callee: callee, Arguments: arguments}
}

// assemble compiles the lowered tree to expr's bytecode.
func (b *builder) assemble(node ast.Node) (*vm.Program, error) {
	program, err := compiler.Compile(&parser.Tree{Node: node, Source: file.NewSource("")}, b.config)
	if err != nil {
		return nil, syntax.Errorf(b.text.Range(), "the expression cannot be compiled: %s", runtimeMessage(err))
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
