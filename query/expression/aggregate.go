package expression

import (
	"math"
	"slices"
	"time"

	"netql/query/schema"
)

// Aggregate is one call of an aggregate function in a query: what it is computed from, and how.
type Aggregate struct {
	Name     string
	Argument *Expression // nil for count()
	New      func() Accumulator
}

// Accumulator takes the values of one group, one by one.
type Accumulator interface {
	Add(value any) // never NULL: aggregates skip it
	Result() any   // NULL where there was no value, but 0 for counts
}

// Aggregated is a row of a group: it has the results of the aggregates in the order in which they were found.
type Aggregated interface{ Aggregate(i int) any }

// AggregateFunction is an aggregate of the language.
type AggregateFunction struct {
	Name   string
	Doc    string
	Takes  []schema.Kind // what its argument may be; empty: anything
	Bare   bool          // it may be called without an argument
	Result func(argument schema.Type) schema.Type
	Unit   bool // the result has the argument's unit
	New    func(argument schema.Type) Accumulator
}

var (
	summed = []schema.Kind{schema.Int, schema.Float, schema.Duration}
	scaled = []schema.Kind{schema.Int, schema.Float, schema.Duration, schema.Port}
)

func likeArgument(t schema.Type) schema.Type { return t }
func alwaysInt(schema.Type) schema.Type      { return schema.Of(schema.Int) }

// mean is a float, but the mean of durations is one.
func mean(t schema.Type) schema.Type {
	if t.Kind == schema.Duration {
		return t
	}
	return schema.Of(schema.Float)
}

// AggregateFunctions are all aggregates. Percentiles are exact: the smallest value that so many of the values reach.
func AggregateFunctions() []AggregateFunction {
	return []AggregateFunction{
		{"count", "The number of rows, or of the rows where the argument is not NULL.", nil, true, alwaysInt, false, func(schema.Type) Accumulator { return &counter{} }},
		{"sum", "The sum.", summed, false, likeArgument, true, func(schema.Type) Accumulator { return &sum{} }},
		{"avg", "The arithmetic mean.", summed, false, mean, true, func(schema.Type) Accumulator { return &average{} }},
		{"min", "The smallest value.", nil, false, likeArgument, true, func(t schema.Type) Accumulator { return &extremum{typ: t, sign: -1} }},
		{"max", "The largest value.", nil, false, likeArgument, true, func(t schema.Type) Accumulator { return &extremum{typ: t, sign: 1} }},
		{"p50", "The median: half of the values are not above it.", scaled, false, likeArgument, true, percentile(50)},
		{"p90", "The value that 90 % of the values do not exceed.", scaled, false, likeArgument, true, percentile(90)},
		{"p95", "The value that 95 % of the values do not exceed.", scaled, false, likeArgument, true, percentile(95)},
		{"p99", "The value that 99 % of the values do not exceed.", scaled, false, likeArgument, true, percentile(99)},
		{"dcount", "The number of different values.", nil, false, alwaysInt, false, func(schema.Type) Accumulator { return &distinct{seen: map[any]bool{}} }},
		{"list", "The different values, in order.", nil, false, schema.ListOf, false, func(t schema.Type) Accumulator { return &distinct{typ: t, seen: map[any]bool{}, keep: true} }},
		{"any", "One of the values: the first.", nil, false, likeArgument, true, func(schema.Type) Accumulator { return &anyOne{} }},
	}
}

type counter struct{ n int }

func (c *counter) Add(any)     { c.n++ }
func (c *counter) Result() any { return c.n }

// sum adds ints (saturating), floats or durations.
type sum struct{ total any }

// plus is + by kind of the total; a kind that changes from row to row is summed as floats.
var plus = numbers(addInt, func(a, b float64) float64 { return a + b })

func (s *sum) Add(v any) {
	total, isDuration := s.total.(time.Duration)
	d, both := v.(time.Duration)
	switch {
	case s.total == nil:
		s.total = v
	case isDuration && both:
		s.total = time.Duration(addInt(int(total), int(d)))
	default:
		s.total, _ = plus([]any{s.total, v})
	}
}

func (s *sum) Result() any { return s.total }

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
	typ  schema.Type
	sign int
	best any
}

func (e *extremum) Add(v any) {
	if e.best == nil || e.typ.Compare(v, e.best)*e.sign > 0 {
		e.best = v
	}
}

func (e *extremum) Result() any { return e.best }

// rank keeps every value: exact percentiles cannot forget one.
type rank struct {
	percent int
	values  []any
}

func percentile(percent int) func(schema.Type) Accumulator {
	return func(schema.Type) Accumulator { return &rank{percent: percent} }
}

func (r *rank) Add(v any) { r.values = append(r.values, v) }

func (r *rank) Result() any {
	if len(r.values) == 0 {
		return nil
	}
	slices.SortFunc(r.values, schema.Compare)
	i := int(math.Ceil(float64(len(r.values)*r.percent)/100)) - 1
	return r.values[max(0, i)]
}

type distinct struct {
	typ    schema.Type
	seen   map[any]bool
	keep   bool
	values []any
}

func (d *distinct) Add(v any) {
	key := schema.Key(v)
	if d.seen[key] {
		return
	}
	d.seen[key] = true
	if d.keep {
		d.values = append(d.values, v)
	}
}

func (d *distinct) Result() any {
	if !d.keep {
		return len(d.seen)
	}
	slices.SortFunc(d.values, d.typ.Compare)
	return d.values
}

type anyOne struct{ value any }

func (a *anyOne) Add(v any) {
	if a.value == nil {
		a.value = v
	}
}

func (a *anyOne) Result() any { return a.value }
