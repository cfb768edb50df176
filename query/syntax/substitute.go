package syntax

// Substitutable is a Node that may have parameters in it.
type Substitutable interface {
	// Substitute is the node with arguments in the place of parameters; the node itself is left as it is.
	Substitute(*Arguments) Node
}

func (a *Arguments) stage(s Stage) Stage {
	if node, ok := s.Node.(Substitutable); ok && (len(a.values) > 0 || a.replacement != nil) {
		s.Node = node.Substitute(a)
	}
	return s
}

// Query is the query with the arguments in its stages.
func (a *Arguments) Query(q *Query) *Query {
	next := *q
	next.Stages = mapped(q.Stages, a.stage)
	return &next
}

// Items are the items with the arguments in them.
func (a *Arguments) Items(items []Item) []Item {
	return mapped(items, func(i Item) Item {
		name, before := i.Name, a.replaced
		if a.name != nil && !i.Star {
			column := a.name(i)
			name = &column
		}
		if i.Expression = a.Expression(i.Expression); a.replaced > before {
			i.Name = name
		}
		return i
	})
}

// Keys are the keys with the arguments in them.
func (a *Arguments) Keys(keys []Key) []Key {
	return mapped(keys, func(k Key) Key {
		k.Expression = a.Expression(k.Expression)
		return k
	})
}

// Expression is the expression with the arguments in it; nil for nil.
func (a *Arguments) Expression(n Expression) Expression {
	if n == nil {
		return nil
	}
	result := a.replace(n)
	if size(result, maxNodes+1) > maxNodes {
		a.Fail(Errorf(n.Span(), "with its arguments the expression is too large").WithHint(
			"write less in the arguments"))
		return n
	}
	return result
}

// replace makes a copy of a node whose parts are parameters.
func (a *Arguments) replace(n Expression) Expression {
	if a.replacement != nil && n != nil {
		if other := a.replacement(n); other != nil {
			a.replaced++
			return other
		}
	}
	switch n := n.(type) {
	case nil:
		return nil
	case *Parameter:
		return a.values[n.Name]
	case *Unary:
		next := *n
		next.Operand = a.replace(n.Operand)
		return &next
	case *Binary:
		next := *n
		next.Left, next.Right = a.replace(n.Left), a.replace(n.Right)
		return &next
	case *Chain:
		next := *n
		next.Operands = a.all(n.Operands)
		return &next
	case *Conditional:
		next := *n
		next.Condition, next.Then, next.Else = a.replace(n.Condition), a.replace(n.Then), a.replace(n.Else)
		return &next
	case *Array:
		next := *n
		next.Elements = a.all(n.Elements)
		return &next
	case *Call:
		next := *n
		next.Arguments = a.all(n.Arguments)
		return &next
	case *Field:
		next := *n
		next.Object = a.replace(n.Object)
		return &next
	case *Index:
		next := *n
		next.Object, next.Index = a.replace(n.Object), a.replace(n.Index)
		return &next
	case *Slice:
		next := *n
		next.Object, next.From, next.To = a.replace(n.Object), a.replace(n.From), a.replace(n.To)
		return &next
	}
	return n
}

func (a *Arguments) all(nodes []Expression) []Expression { return mapped(nodes, a.replace) }

func mapped[T any](list []T, of func(T) T) []T {
	if list == nil {
		return nil
	}
	result := make([]T, len(list))
	for i, element := range list {
		result[i] = of(element)
	}
	return result
}

// size is the number of nodes of an expression, or most where it has more.
func size(n Expression, most int) int {
	count := 1
	for _, part := range partsOf(n) {
		if part == nil || count >= most {
			continue
		}
		count += size(part, most-count)
	}
	return count
}

// partsOf are the expressions right below a node; some may be nil.
func partsOf(n Expression) []Expression {
	switch n := n.(type) {
	case *Unary:
		return []Expression{n.Operand}
	case *Binary:
		return []Expression{n.Left, n.Right}
	case *Chain:
		return n.Operands
	case *Conditional:
		return []Expression{n.Condition, n.Then, n.Else}
	case *Array:
		return n.Elements
	case *Call:
		return n.Arguments
	case *Field:
		return []Expression{n.Object}
	case *Index:
		return []Expression{n.Object, n.Index}
	case *Slice:
		return []Expression{n.Object, n.From, n.To}
	}
	return nil
}
