package expression

import (
	"strings"

	"netql/query/syntax"
)

// Aggregates of all rows are made of those of parts of the rows (AggregateFunction.Parts), such as the rows of each of
// several hosts.

// AggregateOf is the aggregate that a call computes; false for a call of another function.
func AggregateOf(call *syntax.Call) (AggregateFunction, bool) {
	for _, f := range AggregateFunctions {
		if strings.EqualFold(f.Name, call.Name.Name) {
			return f, !call.Piped && len(call.Arguments) <= f.arguments()
		}
	}
	return AggregateFunction{}, false
}

// Together is the expression that makes the aggregate of all rows out of columns with Parts.
func (f AggregateFunction) Together(parts []syntax.Expression) syntax.Expression {
	if f.together == nil {
		return syntax.CallOf(f.Name, parts[0])
	}
	return f.together(parts)
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

// sumOfCounts is 0, and not NULL, where there is no part.
func sumOfCounts(parts []syntax.Expression) syntax.Expression {
	return syntax.Operate(syntax.CallOf("sum", parts[0]), "??", syntax.WholeNumber(0))
}

func ratioOfSums(parts []syntax.Expression) syntax.Expression {
	return syntax.Operate(syntax.CallOf("sum", parts[0]), "/", syntax.CallOf("sum", parts[1]))
}
