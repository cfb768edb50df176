package expression

import (
	"strings"

	"netql/query/schema"
	"netql/query/syntax"
)

// AggregateOf is the aggregate that a call computes; false for a call of another function.
func AggregateOf(call *syntax.Call) (AggregateFunction, bool) {
	for _, f := range AggregateFunctions {
		if strings.EqualFold(f.Name, call.Name.Name) {
			return f, !call.Piped && len(call.Arguments) <= f.arguments()
		}
	}
	return AggregateFunction{}, false
}

// Split says how the aggregate of all rows is made of aggregates of parts of them, such as the rows of each of several
// hosts.
type Split struct {
	Parts    []syntax.Expression                                 // what is computed of each part of the rows
	Together func(columns []syntax.Expression) syntax.Expression // makes the whole of the columns that have these
}

// SplitOf is how the aggregate that a call computes is split; false where it takes all values themselves, or the kind
// of its argument must be known for that and is not.
func (f AggregateFunction) SplitOf(call *syntax.Call, argument schema.Type) (Split, bool) {
	if f.split == nil {
		return Split{}, false
	}
	s := f.split(call, argument)
	return s, s.Parts != nil
}

// splitAgain has the same aggregate of what it is of the parts.
func splitAgain(call *syntax.Call, _ schema.Type) Split {
	return Split{[]syntax.Expression{call}, func(columns []syntax.Expression) syntax.Expression {
		return syntax.CallOf(call.Name.Name, columns[0])
	}}
}

// splitCount is 0, and not NULL, where there is no part.
func splitCount(call *syntax.Call, _ schema.Type) Split {
	return Split{[]syntax.Expression{call}, func(columns []syntax.Expression) syntax.Expression {
		return syntax.Operate(syntax.CallOf("sum", columns[0]), "??", syntax.WholeNumber(0))
	}}
}

// splitMean adds floats, as average does: a sum of ints or of durations could be too large for its kind.
func splitMean(call *syntax.Call, argument schema.Type) Split {
	one, ok := oneOf(argument)
	if !ok {
		return Split{}
	}
	x := call.Arguments[0]
	parts := []syntax.Expression{syntax.CallOf("sum", syntax.Operate(x, "/", one)), syntax.CallOf("count", x)}
	return Split{parts, func(columns []syntax.Expression) syntax.Expression {
		mean := syntax.Operate(syntax.CallOf("sum", columns[0]), "/", syntax.CallOf("sum", columns[1]))
		if argument.Kind == schema.Duration {
			mean = syntax.Operate(mean, "*", one)
		}
		return mean
	}}
}

// oneOf is the unit of a number, as a literal; false for what is no number, or not known to be one.
func oneOf(t schema.Type) (syntax.Expression, bool) {
	switch {
	case t.Kind == schema.Duration:
		return syntax.Nanosecond(), true
	case t.Numeric():
		return syntax.WholeNumber(1), true
	}
	return nil, false
}

// ComparesSamples says whether a call is one of a function of several samples, such as rate().
func ComparesSamples(call *syntax.Call) bool {
	for _, f := range SampleFunctions {
		if strings.EqualFold(f.Name, call.Name.Name) {
			return true
		}
	}
	return false
}

// Linear says whether a call compares samples so that what it gives of a sum is the sum of what it gives of the parts.
func Linear(call *syntax.Call) bool {
	return strings.EqualFold(call.Name.Name, "rate") || strings.EqualFold(call.Name.Name, "delta")
}
