package expression

import (
	"fmt"

	"netql/query/schema"
	"netql/query/syntax"
)

// arguments is how many the aggregate takes; one that is Bare may have none, too.
func (f AggregateFunction) arguments() int {
	if f.Parameter != nil {
		return 2
	}
	return 1
}

// example is a call of it.
func (f AggregateFunction) example() string {
	if f.Parameter != nil {
		return fmt.Sprintf("%s(rtt, %s)", f.Name, f.Parameter.Example)
	}
	return f.Name + "(rtt)"
}

func (f AggregateFunction) wrongCount(at syntax.Range) *syntax.Error {
	count := map[int]string{1: "one argument", 2: "two arguments"}[f.arguments()]
	return syntax.Errorf(at, "%s takes %s", f.Name, count).WithHint("for example: %s", f.example())
}

// aggregateParameter is the value of an aggregate's second argument, which has to be known before there are rows.
func (b *builder) aggregateParameter(f AggregateFunction, node syntax.Expression) (float64, error) {
	inner := *b
	inner.scope.Aggregates, inner.scopes = nil, nil
	argument, err := inner.lower(node)
	if err != nil {
		return 0, err
	}
	p := f.Parameter
	value, ok := asFloat(argument.value)
	switch {
	case !argument.constant:
		return 0, syntax.Errorf(argument.at(), "the %s of %s is one number for all rows, and %s is not", p.Name, f.Name,
			argument.name()).WithHint("for example: %s", f.example())
	case !ok || argument.typ.Kind == schema.Duration || argument.unit != schema.None:
		return 0, syntax.Errorf(argument.at(), "%s, and the %s of %s is a plain number", argument.described(), p.Name,
			f.Name).WithHint("for example: %s", f.example())
	case value < p.Least || value > p.Most:
		return 0, syntax.Errorf(argument.at(), "the %s of %s is from %v to %v", p.Name, f.Name, p.Least, p.Most).
			WithHint("for example: %s", f.example())
	}
	return value, nil
}
