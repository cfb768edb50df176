package syntax

// Expression is a part of an expression, and an expression as a whole. Brackets are not part of the tree: the nodes
// say what belongs together, and String writes the brackets that this needs.
type Expression interface {
	// Span is the node's place in the text, without brackets around it.
	Span() Range
	// String is the canonical text. Parsing it gives the same tree.
	String() string

	level() level
	write(*printer)
}

type node struct{ Range Range }

// Span implements Expression for all nodes.
func (n node) Span() Range { return n.Range }

type (
	// Word is a name that stands alone: a column, or a value without quotes.
	Word struct {
		node
		Name     string
		reserved bool // as in Identifier
	}
	// Constant is a literal, true, false or nil.
	Constant struct {
		node
		Kind  TokenKind // Number, Literal or String; Name for true, false and nil
		Text  string    // as it stands in the query
		Value any       // as in Token
	}
	// Element is #, the current element of the list in any(list, condition) and the like. .name is a Field of it.
	Element struct{ node }
	// Unary is not x, -x or +x.
	Unary struct {
		node
		Operator Operation
		Operand  Expression
	}
	// Binary is two operands with an operator between them.
	Binary struct {
		node
		Operator    Operation
		Left, Right Expression
		Negated     bool // not in, not contains ...
		// Hyphen says that it may be one word, such as time-wait: see BareWord.
		Hyphen bool
	}
	// Chain is a < b < c: each neighbours' comparison must hold. There is one operator less than operands.
	Chain struct {
		node
		Operators []Operation
		Operands  []Expression
	}
	// Conditional is a ? b : c. Then is nil for a ?: c, which gives a where it is true.
	Conditional struct {
		node
		Condition, Then, Else Expression
	}
	// Array is [a, b, c].
	Array struct {
		node
		Elements []Expression
	}
	// Call is f(a, b); a | f(b), if it is piped.
	Call struct {
		node
		Name      Identifier
		Arguments []Expression
		Piped     bool
	}
	// Field is object.name; object?.name, if it is optional.
	Field struct {
		node
		Object   Expression
		Name     Identifier
		Optional bool
	}
	// Index is object[index].
	Index struct {
		node
		Object, Index Expression
	}
	// Slice is object[from:to]; From and To are nil where they are left out.
	Slice struct {
		node
		Object, From, To Expression
	}
)

// Operation is an operator in its canonical spelling, with its place.
type Operation struct {
	Range Range
	Name  string
}

func (n *Word) level() level        { return levelOperand }
func (n *Constant) level() level    { return levelOperand }
func (n *Element) level() level     { return levelOperand }
func (n *Array) level() level       { return levelOperand }
func (n *Field) level() level       { return levelOperand }
func (n *Index) level() level       { return levelOperand }
func (n *Slice) level() level       { return levelOperand }
func (n *Chain) level() level       { return levelComparison }
func (n *Conditional) level() level { return levelConditional }
func (n *Binary) level() level      { return binaryLevels[n.Operator.Name] }

func (n *Unary) level() level {
	if n.Operator.Name == "not" {
		return levelNot
	}
	return levelSign
}

func (n *Call) level() level {
	if n.Piped {
		return levelPipe
	}
	return levelOperand
}
