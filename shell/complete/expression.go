package complete

import (
	"slices"
	"strings"

	"netql/query"
	"netql/query/expression"
	"netql/query/schema"
	"netql/query/syntax"
)

// expression is what may stand at a place in an expression.
func (c *cursor) expression(expected syntax.Expected) []Candidate {
	switch e := expected.(type) {
	case syntax.ExpectOperand:
		return c.operands(e)
	case syntax.ExpectOperator:
		return c.operators(e)
	case syntax.ExpectPart:
		return c.parts(e)
	case syntax.ExpectFunction:
		return c.functions(false)
	}
	return nil
}

var comparisons = []struct {
	word, doc string
	kinds     []schema.Kind // none: all
}{
	{"==", "equal", nil},
	{"!=", "not equal", nil},
	{"<", "less", orderedKinds},
	{"<=", "", orderedKinds},
	{">", "greater", orderedKinds},
	{">=", "", orderedKinds},
	{"in", "one of a list [a, b], a range a..b or a prefix 10.0.0.0/8", nil},
	{"contains", "has this in it", []schema.Kind{schema.Text, schema.Flags, schema.List}},
	{"matches", "by a regular expression", []schema.Kind{schema.Text}},
	{"startsWith", "", []schema.Kind{schema.Text}},
	{"endsWith", "", []schema.Kind{schema.Text}},
}

var orderedKinds = []schema.Kind{schema.Int, schema.Float, schema.Port, schema.Duration, schema.Time}

// operators are those that may follow an operand: a condition goes on, or a column becomes one.
func (c *cursor) operators(e syntax.ExpectOperator) (candidates []Candidate) {
	column, ok := c.named(e.After)
	if !ok || e.Compared {
		return []Candidate{keyword("and", "both must be true"), keyword("or", "one must be true")}
	}
	for _, o := range comparisons {
		if len(o.kinds) == 0 || slices.Contains(o.kinds, column.Type.Kind) {
			candidates = append(candidates, keyword(o.word, o.doc))
		}
	}
	return candidates
}

// operands are values opposite a column, else columns and functions.
func (c *cursor) operands(e syntax.ExpectOperand) []Candidate {
	if column, ok := c.opposite(e); ok {
		if values := c.values(column); len(values) > 0 {
			return values
		} else if c.word == "" {
			return c.alike(column)
		}
	}
	candidates := c.columnNames()
	if e.Aggregates && !e.Nested {
		candidates = append(aggregateNames(), candidates...)
	}
	if c.word == "" {
		return candidates // functions come with their first letter: there are many
	}
	return append(candidates, c.functions(e.Aggregates)...)
}

// alike are the other columns of a column's type, which it may be compared with.
func (c *cursor) alike(column *schema.Column) (candidates []Candidate) {
	for _, other := range c.columns().Columns {
		same := other.Type.Kind == column.Type.Kind && other.Unit == column.Unit
		if same && other.Name != column.Name && column.Type.Words == nil {
			candidates = append(candidates, c.column(other))
		}
	}
	return candidates
}

// column is a candidate in backquotes where its name needs them, or where they are typed.
func (c *cursor) column(column *schema.Column) Candidate {
	name := query.Language.Identifier(column.Name).String()
	if strings.HasPrefix(c.word, "`") {
		name = "`" + column.Name + "`"
	}
	return Candidate{Text: name, Doc: column.Type.String() + ": " + column.Doc, Kind: Column}
}

// functions are all that may be called.
func (c *cursor) functions(aggregates bool) (candidates []Candidate) {
	add := func(name, signature, doc string, kind Kind) {
		candidates = append(candidates, Candidate{Text: name + "(", Label: signature, Doc: doc, Kind: kind})
	}
	if aggregates {
		candidates = aggregateNames()
	}
	for _, f := range expression.SampleFunctions {
		add(f.Name, f.Signature(), f.Doc, Function)
	}
	for _, f := range c.Catalog.Functions {
		add(f.Name, f.Signature(), f.Doc, Function)
	}
	for _, f := range expression.Builtins {
		add(f.Name, f.Signature(), f.Doc, Function)
	}
	for _, f := range expression.ListFunctions {
		add(f.Name, f.Signature(), f.Doc, Function)
	}
	return candidates
}

func aggregateNames() (candidates []Candidate) {
	for _, f := range expression.AggregateFunctions {
		candidate := Candidate{Text: f.Name + "(", Label: f.Name + "(x)", Doc: f.Doc, Kind: Aggregate}
		if f.Bare {
			candidate.Text, candidate.Label = f.Name+"()", f.Name+"()"
		}
		candidates = append(candidates, candidate)
	}
	return candidates
}

// parts are those of a record: after .pid in any(owners, .pid > 1) and owners[0].pid.
func (c *cursor) parts(e syntax.ExpectPart) (candidates []Candidate) {
	record, ok := c.typeOf(e.Object)
	if _, element := e.Object.(*syntax.Element); element && e.List != nil {
		record, ok = c.typeOf(e.List)
		if record.Elem != nil {
			record = *record.Elem
		}
	}
	if !ok {
		return nil
	}
	for _, field := range record.Fields {
		candidates = append(candidates, Candidate{Text: field.Name, Doc: field.Type.String(), Kind: Column})
	}
	return candidates
}

// typeOf is the type of an expression over the rows at the cursor.
func (c *cursor) typeOf(e syntax.Expression) (schema.Type, bool) {
	scope := expression.Scope{Schema: c.columns(), Functions: c.Catalog.FunctionsOf(c.State, nil)}
	compiled, err := expression.Compile(e, scope)
	if err != nil {
		return schema.Type{}, false
	}
	return compiled.Type, true
}

// named is the column that an expression is.
func (c *cursor) named(e syntax.Expression) (*schema.Column, bool) {
	word, ok := e.(*syntax.Word)
	if !ok {
		return nil, false
	}
	return expression.FindColumn(c.columns(), word.Name)
}

// opposite is the column that a value at the cursor is compared with. What is in flags is a value, what is in text is
// not.
func (c *cursor) opposite(e syntax.ExpectOperand) (*schema.Column, bool) {
	column, ok := c.named(e.Left)
	return column, ok && (!e.Contains || column.Type.Kind == schema.Flags)
}
