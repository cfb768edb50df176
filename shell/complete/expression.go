package complete

import (
	"slices"
	"strings"

	"netql/query/expression"
	"netql/query/schema"
	"netql/query/syntax"
)

// condition is an expression that is true or false, so that operators follow its operands.
func (c *cursor) condition(tokens []syntax.Token, aggregates bool) []Candidate {
	n := len(tokens)
	if n == 0 || !tokens[n-1].EndsValue() {
		return c.expression(tokens, aggregates)
	}
	if column, ok := c.named(tokens[n-1]); ok && (n == 1 || !comparison(tokens[n-2])) {
		return operators(column.Type)
	}
	return []Candidate{keyword("and", "both must be true"), keyword("or", "one must be true")}
}

// comparison says whether the token compares, so that a condition is complete with what follows it.
func comparison(t syntax.Token) bool {
	switch t.Keyword() {
	case "in", "contains", "matches", "startsWith", "endsWith":
		return true
	}
	return t.Kind == syntax.Operator && (strings.Contains(t.Text, "=") || t.Is("<") || t.Is(">"))
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

// operators are those that may follow a column of the type.
func operators(t schema.Type) (candidates []Candidate) {
	for _, o := range comparisons {
		if len(o.kinds) == 0 || slices.Contains(o.kinds, t.Kind) {
			candidates = append(candidates, keyword(o.word, o.doc))
		}
	}
	return candidates
}

// expression are the operands that may stand after the tokens: values opposite a column, else columns and functions.
func (c *cursor) expression(tokens []syntax.Token, aggregates bool) []Candidate {
	n := len(tokens)
	switch {
	case n == 0:
	case tokens[n-1].EndsValue():
		return nil
	case tokens[n-1].Is("."), tokens[n-1].Is("?."):
		return c.parts(tokens)
	case tokens[n-1].Is("|"):
		return c.functions(false)
	}
	if column, ok := c.opposite(tokens); ok {
		if values := c.values(column); len(values) > 0 {
			return values
		} else if c.word == "" {
			return c.alike(column)
		}
	}
	candidates := c.columnNames()
	if aggregates && depth(tokens) == 0 {
		candidates = append(aggregateNames(), candidates...)
	}
	if c.word == "" {
		return candidates // functions come with their first letter: there are many
	}
	return append(candidates, c.functions(aggregates)...)
}

func (c *cursor) columnNames() (candidates []Candidate) {
	for _, column := range c.columns().Columns {
		candidates = append(candidates, c.column(column))
	}
	return candidates
}

// alike are the other columns of a column's type, which it may be compared with.
func (c *cursor) alike(column *schema.Column) (candidates []Candidate) {
	for _, other := range c.columns().Columns {
		if other.Type.Kind == column.Type.Kind && other.Unit == column.Unit && other.Name != column.Name && column.Type.Words == nil {
			candidates = append(candidates, c.column(other))
		}
	}
	return candidates
}

// column is a candidate in backquotes where its name needs them, or where they are typed.
func (c *cursor) column(column *schema.Column) Candidate {
	name := syntax.Identifier{Name: column.Name}.String()
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
	for _, f := range expression.SampleFunctions() {
		add(f.Name, f.Signature(), f.Doc, Function)
	}
	for _, f := range c.Catalog.Functions {
		add(f.Name, f.Signature(), f.Doc, Function)
	}
	for _, f := range expression.Builtins() {
		add(f.Name, f.Signature(), f.Doc, Function)
	}
	for _, f := range expression.ListFunctions() {
		add(f.Name, f.Signature(), f.Doc, Function)
	}
	return candidates
}

func aggregateNames() (candidates []Candidate) {
	for _, f := range expression.AggregateFunctions() {
		candidate := Candidate{Text: f.Name + "(", Label: f.Name + "(x)", Doc: f.Doc, Kind: Aggregate}
		if f.Bare {
			candidate.Text, candidate.Label = f.Name+"()", f.Name+"()"
		}
		candidates = append(candidates, candidate)
	}
	return candidates
}

// parts are those of the records of a list, after .pid in any(owners, .pid > 1) and owners[0].pid.
func (c *cursor) parts(tokens []syntax.Token) (candidates []Candidate) {
	columns := c.columns()
	for i := len(tokens) - 1; i >= 0; i-- {
		column, ok := expression.FindColumn(columns, tokens[i].Text)
		if !ok || column.Type.Elem == nil {
			continue
		}
		for _, field := range column.Type.Elem.Fields {
			candidates = append(candidates, Candidate{Text: field.Name, Doc: field.Type.String(), Kind: Column})
		}
		return candidates
	}
	return nil
}

// named is the column that a token names.
func (c *cursor) named(t syntax.Token) (*schema.Column, bool) {
	name := t.Text
	if quoted, ok := t.Value.(string); ok && t.Kind == syntax.Quoted {
		name = quoted
	} else if t.Kind != syntax.Name {
		return nil, false
	}
	return expression.FindColumn(c.columns(), name)
}

// opposite is the column that a value at the end of the tokens is compared with: after == and !=, in the list of an in,
// and after contains where the column holds flags.
func (c *cursor) opposite(tokens []syntax.Token) (*schema.Column, bool) {
	at := len(tokens) - 1
	if at < 0 {
		return nil, false
	}
	if tokens[at].Is("[") || tokens[at].Is(",") {
		at = openBracket(tokens) - 1
		if at < 0 || !tokens[at].IsWord("in") {
			return nil, false
		}
		if at > 0 && tokens[at-1].IsWord("not") {
			at--
		}
	} else if !tokens[at].Is("==") && !tokens[at].Is("!=") && !tokens[at].IsWord("contains") {
		return nil, false
	}
	if at == 0 {
		return nil, false
	}
	column, ok := c.named(tokens[at-1])
	return column, ok && (!tokens[at].IsWord("contains") || column.Type.Kind == schema.Flags)
}

// openBracket is the [ that encloses the end of the tokens; -1 where another bracket does, or none.
func openBracket(tokens []syntax.Token) int {
	level := 0
	for i := len(tokens) - 1; i >= 0; i-- {
		if level += nesting(tokens[i]); level > 0 && tokens[i].Is("[") {
			return i
		} else if level > 0 {
			return -1
		}
	}
	return -1
}
