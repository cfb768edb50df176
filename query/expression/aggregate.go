package expression

import (
	"math"
	"slices"
	"time"

	"netql/query/schema"
	"netql/query/stop"
	"netql/query/syntax"
)

// Aggregate is one call of an aggregate function in a query.
type Aggregate struct {
	Name     string
	Argument *Expression // nil for count()
	New      func() Accumulator

	KeptOfValue int // how many bytes it keeps of each value; 0 where it does not keep each
}

// Accumulator takes the values of one group, one by one.
type Accumulator interface {
	Add(value any) // never NULL: aggregates skip it
	Result() any   // NULL where there was no value, but 0 for counts
}

// Aggregated is a row of a group. It has the results of the aggregates by their index in Scope.Aggregates.
type Aggregated interface{ Aggregate(i int) any }

// AggregateFunction is an aggregate of the language.
type AggregateFunction struct {
	Name   string
	Doc    string
	Takes  []schema.Kind // what its argument may be; empty: anything
	Bare   bool          // it may be called without an argument
	Result func(argument schema.Type) schema.Type
	Unit   bool // the result has the argument's unit

	split func(call *syntax.Call, argument schema.Type) Split // nil where it takes all values themselves

	// Different says that of equal values one is enough.
	Different bool

	// Parameter is a second argument, which is the same number for all rows; nil where there is none.
	Parameter *AggregateParameter

	keptOfValue int // as of Aggregate

	accumulator func(accumulation) Accumulator
}

// AggregateParameter is the second argument of an aggregate: a number within these limits.
type AggregateParameter struct {
	Name, Example string
	Least, Most   float64
}

// Signature is the aggregate as it is called: percentile(x, percent).
func (f AggregateFunction) Signature() string {
	if f.Parameter != nil {
		return f.Name + "(x, " + f.Parameter.Name + ")"
	}
	return f.Name + "(x)"
}

// accumulation is what a new accumulator is made from.
type accumulation struct {
	argument  schema.Type
	parameter float64
	stop      *stop.Flag   // of the run
	keeper    *stop.Keeper // of the stage
}

var (
	summed = []schema.Kind{schema.Int, schema.Float, schema.Duration}
	scaled = []schema.Kind{schema.Int, schema.Float, schema.Duration, schema.Port}
)

func likeArgument(t schema.Type) schema.Type { return t }
func alwaysInt(schema.Type) schema.Type      { return schema.Of(schema.Int) }

// mean is the type of an average: a duration for durations, else a float.
func mean(t schema.Type) schema.Type {
	if t.Kind == schema.Duration {
		return t
	}
	return schema.Of(schema.Float)
}

// AggregateFunctions are all aggregates. Percentiles are exact: the smallest value that so many of the values reach.
var AggregateFunctions = []AggregateFunction{
	{Name: "count", Doc: "The number of rows, or of the rows where the argument is not NULL.", Bare: true,
		Result: alwaysInt, accumulator: func(accumulation) Accumulator { return &rowCount{} },
		split: splitCount},
	{Name: "sum", Doc: "The sum.", Takes: summed, split: splitAgain,
		Result: likeArgument, Unit: true, accumulator: func(accumulation) Accumulator { return &sum{} }},
	{Name: "avg", Doc: "The arithmetic mean.", Takes: summed,
		split:  splitMean,
		Result: mean, Unit: true, accumulator: func(accumulation) Accumulator { return &average{} }},
	{Name: "min", Doc: "The smallest value.", split: splitAgain,
		Result: likeArgument, Unit: true, accumulator: func(a accumulation) Accumulator { return a.newExtremum(-1) }},
	{Name: "max", Doc: "The largest value.", split: splitAgain,
		Result: likeArgument, Unit: true, accumulator: func(a accumulation) Accumulator { return a.newExtremum(1) }},
	{Name: "p50", Doc: "The median: half of the values are not above it.", Takes: scaled,
		Result: likeArgument, Unit: true, keptOfValue: perValue,
		accumulator: func(a accumulation) Accumulator { return a.newPercentile(50) }},
	{Name: "p90", Doc: "The value that 90 % of the values do not exceed.", Takes: scaled,
		Result: likeArgument, Unit: true, keptOfValue: perValue,
		accumulator: func(a accumulation) Accumulator { return a.newPercentile(90) }},
	{Name: "p95", Doc: "The value that 95 % of the values do not exceed.", Takes: scaled,
		Result: likeArgument, Unit: true, keptOfValue: perValue,
		accumulator: func(a accumulation) Accumulator { return a.newPercentile(95) }},
	{Name: "p99", Doc: "The value that 99 % of the values do not exceed.", Takes: scaled,
		Result: likeArgument, Unit: true, keptOfValue: perValue,
		accumulator: func(a accumulation) Accumulator { return a.newPercentile(99) }},
	{Name: "percentile", Doc: "The value that so many per cent of the values do not exceed.", Takes: scaled,
		Parameter: &AggregateParameter{Name: "percent", Example: "99.9", Least: 0, Most: 100},
		Result:    likeArgument, Unit: true,
		keptOfValue: perValue, accumulator: func(a accumulation) Accumulator { return a.newPercentile(a.parameter) }},
	{Name: "stddev", Doc: "The standard deviation of a sample (n - 1); NULL for fewer than two values.", Takes: summed,
		Result: mean, Unit: true, accumulator: func(accumulation) Accumulator { return &deviation{} }},
	{Name: "dcount", Doc: "The number of different values.", Different: true,
		Result: alwaysInt, accumulator: func(a accumulation) Accumulator { return a.newDistinct(false) }},
	{Name: "list", Doc: "The different values, in order.", Different: true,
		Result: schema.ListOf, Unit: true,
		accumulator: func(a accumulation) Accumulator { return a.newDistinct(true) }},
	{Name: "any", Doc: "One of the values: the first.", split: splitAgain,
		Result: likeArgument, Unit: true,
		accumulator: func(a accumulation) Accumulator { return &firstValue{keeper: a.keeper} }},
}

func aggregateFunction(name string) (AggregateFunction, bool) {
	i := slices.IndexFunc(AggregateFunctions, func(f AggregateFunction) bool { return f.Name == name })
	if i < 0 {
		return AggregateFunction{}, false
	}
	return AggregateFunctions[i], true
}

type rowCount struct{ n int }

func (c *rowCount) Add(any)     { c.n++ }
func (c *rowCount) Result() any { return c.n }

// sum adds ints and durations, which saturate at the end, so that their order makes no difference; or floats,
// whose sum is NULL once it is larger than any.
type sum struct {
	total any
	wraps int // how often the total has left the 64 bits, upwards less downwards
}

// Add adds by the kind of the total; a kind that changes from row to row is summed as floats.
func (s *sum) Add(v any) {
	switch total := s.total.(type) {
	case nil:
		s.total = v
		return
	case int:
		if n, ok := v.(int); ok {
			s.total = s.plus(total, n)
			return
		}
	case time.Duration:
		if d, ok := v.(time.Duration); ok {
			s.total = time.Duration(s.plus(int(total), int(d)))
			return
		}
	}
	s.total, s.wraps = s.float()+number(v), 0
}

// float is the total as a float, which may have left what these can be.
func (s *sum) float() float64 {
	if total, ok := s.total.(float64); ok {
		return total
	}
	return number(s.Result())
}

// number is a value as a float; NaN for one that is no number.
func number(v any) float64 {
	if f, ok := asFloat(v); ok {
		return f
	}
	return math.NaN()
}

// plus adds without regard to 64 bits, and counts when they are left.
func (s *sum) plus(a, b int) int {
	total := a + b
	switch {
	case b > 0 && total < a:
		s.wraps++
	case b < 0 && total > a:
		s.wraps--
	}
	return total
}

func (s *sum) Result() any {
	if total, ok := s.total.(float64); ok {
		return finite(total)
	}
	if s.wraps == 0 {
		return s.total
	}
	most := limit(s.wraps > 0)
	if _, ok := s.total.(time.Duration); ok {
		return time.Duration(most)
	}
	return most
}

type average struct {
	total    float64
	n        int
	duration bool
}

func (a *average) Add(v any) {
	if f, ok := asFloat(v); ok {
		a.total += f
		a.n++
		_, a.duration = v.(time.Duration)
	}
}

func (a *average) Result() any {
	switch {
	case a.n == 0:
		return nil
	case a.duration:
		return time.Duration(saturated(a.total / float64(a.n)))
	}
	return a.total / float64(a.n)
}

type extremum struct {
	keeper *stop.Keeper
	typ    schema.Type
	sign   int
	best   any
}

func (a accumulation) newExtremum(sign int) Accumulator {
	return &extremum{keeper: a.keeper, typ: a.argument, sign: sign}
}

func (e *extremum) Add(v any) {
	if e.best == nil || e.typ.Compare(v, e.best)*e.sign > 0 {
		e.keeper.Keep(schema.Held(v) - schema.Held(e.best))
		e.best = v
	}
}

func (e *extremum) Result() any { return e.best }

type distinct struct {
	accumulation
	seen   map[any]bool
	keep   bool
	values []any
}

func (a accumulation) newDistinct(keep bool) Accumulator {
	return &distinct{accumulation: a, seen: map[any]bool{}, keep: keep, values: []any{}}
}

// perDistinct is about how many bytes a value takes in the map and the list, beside those that are its own.
const perDistinct = 72

func (d *distinct) Add(v any) {
	key := schema.Key(v)
	if d.seen[key] {
		return
	}
	d.seen[key] = true
	d.keeper.Keep(perDistinct + schema.Held(v))
	if d.keep {
		d.values = append(d.values, v)
	}
}

func (d *distinct) Result() any {
	if !d.keep {
		return len(d.seen)
	}
	if !stop.Sort(d.stop, d.values, d.argument.Compare) {
		return nil
	}
	return d.values
}

type firstValue struct {
	keeper *stop.Keeper
	value  any
}

func (a *firstValue) Add(v any) {
	if a.value == nil {
		a.keeper.Keep(schema.Held(v))
		a.value = v
	}
}

func (a *firstValue) Result() any { return a.value }
