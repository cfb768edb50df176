package syntax

// level is how tightly an operator binds.
type level uint8

// The levels, from the loosest.
const (
	levelConditional level = iota // a ? b : c
	levelPipe                     // a | f(), in brackets
	levelOr
	levelAnd
	levelNot
	levelComparison
	levelRange
	levelSum
	levelProduct
	levelSign
	levelPower
	levelDefault // a ?? b
	levelOperand // a column, a literal, a call, something in brackets
)

// binaryLevels are the operators between two operands, in their canonical spelling. All but ** group from the left.
var binaryLevels = map[string]level{
	"or":  levelOr,
	"and": levelAnd,

	"==": levelComparison, "!=": levelComparison,
	"<": levelComparison, "<=": levelComparison, ">": levelComparison, ">=": levelComparison,
	"in": levelComparison, "contains": levelComparison, "matches": levelComparison,
	"startsWith": levelComparison, "endsWith": levelComparison,

	"..": levelRange,
	"+":  levelSum, "-": levelSum,
	"*": levelProduct, "/": levelProduct, "%": levelProduct,
	"**": levelPower,
	"??": levelDefault,
}

// operatorSpellings are the other spellings of operators.
var operatorSpellings = map[string]string{"||": "or", "&&": "and", "!": "not", "^": "**", "<>": "!="}

// operation is the operator that a token is, in its canonical spelling; it has no name for any other token.
func (t Token) operation() Operation {
	name := t.Keyword()
	if t.Kind == Operator {
		name = t.Text
	}
	if canonical := operatorSpellings[name]; canonical != "" {
		name = canonical
	}
	if _, binary := binaryLevels[name]; !binary && name != "not" {
		return Operation{}
	}
	return Operation{t.Range, name}
}

// negatable operators may have not before them: a not in b.
func negatable(operator string) bool {
	switch operator {
	case "in", "contains", "matches", "startsWith", "endsWith":
		return true
	}
	return false
}

// ordering operators form chains: a < b < c.
func ordering(operator string) bool {
	switch operator {
	case "<", "<=", ">", ">=":
		return true
	}
	return false
}
