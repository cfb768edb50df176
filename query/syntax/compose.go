package syntax

import (
	"slices"
	"strconv"
	"time"
)

// With is a query of the same language over another table, with other stages.
func (q *Query) With(table Identifier, stages []Stage) *Query {
	return &Query{Table: table, Stages: stages, language: q.language}
}

// Word is the expression that is nothing but a name.
func (l Language) Word(name string) *Word { return &Word{Name: name, reserved: l.reserved(name)} }

// CallOf is the call of a function.
func CallOf(function string, arguments ...Expression) *Call {
	return &Call{Name: Identifier{Name: function}, Arguments: arguments}
}

// Operate is two operands with an operator between them, in its canonical spelling.
func Operate(left Expression, operator string, right Expression) *Binary {
	return &Binary{Operator: Operation{Name: operator}, Left: left, Right: right}
}

// WholeNumber is the literal of a number that is not negative.
func WholeNumber(n int) *Constant { return &Constant{Kind: Number, Text: strconv.Itoa(n), Value: n} }

// Nanosecond is the literal of the shortest duration.
func Nanosecond() *Constant { return &Constant{Kind: Literal, Text: "1ns", Value: time.Nanosecond} }

// Replace puts other nodes in the place of some of an expression, which itself is left as it is; see Replacing.
func Replace(n Expression, of func(Expression) Expression) Expression {
	return Replacing(of).replace(n)
}

// Some says whether something holds of a node of the expression.
func Some(n Expression, holds func(Expression) bool) bool {
	if n == nil {
		return false
	}
	return holds(n) || slices.ContainsFunc(partsOf(n), func(part Expression) bool { return Some(part, holds) })
}
