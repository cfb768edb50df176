package complete

import (
	"slices"
	"strings"

	"netql/query"
	"netql/query/expression"
	"netql/query/schema"
	"netql/query/syntax"
)

// expression are the candidates for a place in an expression, by what the parser would take there.
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

// comparisons are the operators of conditions, and the kinds of columns that they compare; no kinds stands for all.
var comparisons = []struct {
	word, doc string
	kinds     []schema.Kind
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

// operators are the operators that may follow an operand: comparisons behind a column, else and and or.
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

// operands are the values of a column where the cursor is opposite one, else columns and functions.
func (c *cursor) operands(e syntax.ExpectOperand) []Candidate {
	if column, ok := c.opposite(e); ok {
		if values := c.values(column); len(values) > 0 {
			return values
		} else if c.word == "" {
			return c.sameType(column)
		}
	}
	candidates := c.columnNames()
	if e.Aggregates && !e.Nested {
		candidates = append(aggregateNames(), candidates...)
	}
	if c.word == "" {
		return candidates // functions are offered from their first letter on, because there are many
	}
	return append(candidates, c.functions(e.Aggregates)...)
}

// sameType are the other columns of a column's kind and unit, with which it may be compared.
func (c *cursor) sameType(column *schema.Column) (candidates []Candidate) {
	for _, other := range c.columns().Columns {
		same := other.Type.Kind == column.Type.Kind && other.Unit == column.Unit
		if same && other.Name != column.Name && column.Type.Words == nil {
			candidates = append(candidates, c.column(other))
		}
	}
	return candidates
}

// column is the candidate of a column, in backquotes where its name needs them or where one is typed.
func (c *cursor) column(column *schema.Column) Candidate {
	name := query.Language.Identifier(column.Name).String()
	if strings.HasPrefix(c.word, "`") {
		name = "`" + column.Name + "`"
	}
	return Candidate{Text: name, Doc: column.Type.String() + ": " + column.Doc, Kind: Column}
}

// functions are the functions that may be called, with the aggregates where those may be.
func (c *cursor) functions(aggregates bool) (candidates []Candidate) {
	if aggregates {
		candidates = aggregateNames()
	}
	return append(candidates, Functions(c.Catalog)...)
}

// Functions are the functions of expressions, without aggregates: their labels are signatures.
func Functions(catalog *query.Catalog) (candidates []Candidate) {
	add := func(name, signature, doc string) {
		candidates = append(candidates, Candidate{Text: name + "(", Label: signature, Doc: doc, Kind: Function})
	}
	for _, f := range expression.SampleFunctions {
		add(f.Name, f.Signature(), f.Doc)
	}
	for _, f := range catalog.Functions {
		add(f.Name, f.Signature(), f.Doc)
	}
	for _, f := range expression.Builtins {
		add(f.Name, f.Signature(), f.Doc)
	}
	for _, f := range expression.ListFunctions {
		add(f.Name, f.Signature(), f.Doc)
	}
	return candidates
}

// aggregateNames are the aggregate functions, each with its opening bracket, or both where it needs no argument.
func aggregateNames() (candidates []Candidate) {
	for _, f := range expression.AggregateFunctions {
		candidate := Candidate{Text: f.Name + "(", Label: f.Signature(), Doc: f.Doc, Kind: Aggregate}
		if f.Bare {
			candidate.Text, candidate.Label = f.Name+"()", f.Name+"()"
		}
		candidates = append(candidates, candidate)
	}
	return candidates
}

// parts are the fields of a record, as pid in any(owners, .pid > 1) and in owners[0].pid.
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

// typeOf is the type of an expression over the rows at the cursor; false where it does not compile.
func (c *cursor) typeOf(e syntax.Expression) (schema.Type, bool) {
	scope := expression.Scope{Schema: c.columns(), Functions: c.Catalog.FunctionsOf(c.State, nil)}
	compiled, err := expression.Compile(e, scope)
	if err != nil {
		return schema.Type{}, false
	}
	return compiled.Type, true
}

// named is the column whose name an expression is; false for any other expression.
func (c *cursor) named(e syntax.Expression) (*schema.Column, bool) {
	word, ok := e.(*syntax.Word)
	if !ok {
		return nil, false
	}
	return expression.FindColumn(c.columns(), word.Name)
}

// opposite is the column that the operand at the cursor is compared with; false where there is none. The operand of
// contains is a value for flags, but not for text, of which it is only a part.
func (c *cursor) opposite(e syntax.ExpectOperand) (*schema.Column, bool) {
	column, ok := c.named(e.Left)
	return column, ok && (!e.Contains || column.Type.Kind == schema.Flags)
}
