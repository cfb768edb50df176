package expression

import (
	"slices"
	"time"

	"netql/query/schema"
	"netql/query/syntax"
)

// Samples keeps what is compared of the sample before, and numbers computed in earlier samples.
type Samples interface {
	// Compare has the value of an expression kept. previous is its value in the sample before, and how long before the
	// row was read; false where it was not there.
	Compare(e *Expression) (previous func(row schema.Row) (before any, elapsed time.Duration, ok bool))
	// Keep has a number of every row computed in every sample. series gives the last ones of a row, the newest last.
	Keep(number func(schema.Row) (float64, bool)) (series func(schema.Row) []float64)
	// Require says that values are NULL where there is no sample before.
	Require()
}

// SampleFunction is a function of a number and of its values in earlier samples.
type SampleFunction struct {
	Name, Doc string

	lower func(samples Samples, argument *Expression, falls resetRule) (operand, func(schema.Row) any)
}

// Signature is the function as it is called.
func (f SampleFunction) Signature() string { return f.Name + "(number)" }

// SampleFunctions are all of them. A query that uses one and does not watch takes two samples, one second apart.
var SampleFunctions = []SampleFunction{
	{"delta", "By how much the number has grown since the sample before; NULL in the first sample, and for a counter " +
		"that started again.", delta},
	{"rate", "How fast the number grows, per second; that of bytes is in bits per second.", rate},
	{"spark", "The last numbers, one a sample, as a small graph.", spark},
}

func sampleFunction(name string) (SampleFunction, bool) {
	i := slices.IndexFunc(SampleFunctions, func(f SampleFunction) bool { return f.Name == name })
	if i < 0 {
		return SampleFunction{}, false
	}
	return SampleFunctions[i], true
}

// sampleCall lowers a call such as rate(rx_bytes). Its argument is an expression of its own, which is evaluated for the
// row as it is and as it was.
func (b *builder) sampleCall(f SampleFunction, n *syntax.Call) (operand, error) {
	at := n.Name.Range
	if len(b.scopes) > 0 {
		return operand{}, syntax.Errorf(at, "%s() is about a row, not about the elements of a list", f.Name).
			WithHint("for example: %s(rx_bytes)", f.Name)
	}
	samples := b.samples()
	if samples == nil {
		return operand{}, syntax.Errorf(at, "%s() compares two samples, and here is only one", f.Name).
			WithHint("compute it before, for example: | extend r = %s(rx_bytes)", f.Name)
	}
	if len(n.Arguments) != 1 {
		return operand{}, syntax.Errorf(at, "%s takes one argument", f.Name).
			WithHint("for example: %s(rx_bytes)", f.Name)
	}
	inner := *b
	inner.row, inner.columns, inner.comparing = new(schema.Row), nil, false
	argument, err := inner.lower(n.Arguments[0])
	if err != nil {
		return operand{}, err
	}
	if !slices.Contains(summed, argument.typ.Kind) && argument.typ.Kind != schema.Any {
		takes := kindList(summed)
		return operand{}, syntax.Errorf(argument.at(), "%s, and %s takes %s", argument.described(), f.Name, takes).
			WithHint("for example: %s(rx_bytes)", f.Name)
	}
	if f.Name != "spark" && inner.comparing {
		return operand{}, syntax.Errorf(argument.at(), "%s compares samples already", argument.name()).
			WithHint("%s takes what the table says, such as rx_bytes", f.Name)
	}
	compiled, err := inner.finish(argument)
	if err != nil {
		return operand{}, err
	}
	b.comparing = true
	if f.Name != "spark" && !b.replaced {
		samples.Require()
	}
	b.columns = append(b.columns, inner.columns...)
	result, value := f.lower(samples, compiled, resetRuleOf(argument))
	row := b.row
	result.node = b.call(func(...any) (any, error) { return value(*row), nil })
	result.costly = argument.costly
	return result, nil
}

// samples are the samples of the rows, or of the groups, that the expression is about; nil where there are none.
func (b *builder) samples() Samples {
	source := b.scope.Samples
	if b.scope.Aggregates != nil {
		source = b.scope.GroupSamples
	}
	if source == nil {
		return nil
	}
	return source()
}

func delta(samples Samples, argument *Expression, falls resetRule) (operand, func(schema.Row) any) {
	previous := samples.Compare(argument)
	return operand{typ: argument.Type, unit: argument.Unit}, func(row schema.Row) any {
		before, _, ok := previous(row)
		if !ok {
			return nil
		}
		return falls.difference(row, argument.Eval(row), before)
	}
}

func rate(samples Samples, argument *Expression, falls resetRule) (operand, func(schema.Row) any) {
	result, factor := operand{typ: schema.Of(schema.Float)}, 1.0
	if argument.Unit == schema.Bytes {
		result.unit, factor = schema.BitsPerSecond, 8
	}
	previous := samples.Compare(argument)
	return result, func(row schema.Row) any {
		before, elapsed, ok := previous(row)
		if !ok || elapsed <= 0 {
			return nil
		}
		perSecond := factor * 1e9 / float64(elapsed)
		switch d := falls.difference(row, argument.Eval(row), before).(type) {
		case int:
			return float64(d) * perSecond
		case float64:
			return finite(d * perSecond)
		case time.Duration: // the share of the time
			return float64(d) / float64(elapsed)
		}
		return nil
	}
}

func spark(samples Samples, argument *Expression, _ resetRule) (operand, func(schema.Row) any) {
	series := samples.Keep(func(row schema.Row) (float64, bool) {
		value := argument.Eval(row)
		if d, ok := value.(time.Duration); ok {
			return inSeconds(d), true
		}
		return asFloat(value)
	})
	return operand{typ: schema.Of(schema.Series), unit: argument.Unit}, func(row schema.Row) any {
		if numbers := series(row); len(numbers) > 0 {
			return numbers
		}
		return nil
	}
}
