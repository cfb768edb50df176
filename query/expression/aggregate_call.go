package expression

import (
	"slices"

	"netql/query/schema"
	"netql/query/syntax"
)

// maxAggregates bounds those of one stage: every group keeps a value, or a list, for each.
const maxAggregates = 256

// NeedsGroup is the error for an aggregate where the scope allows none.
type NeedsGroup struct{ err *syntax.Error }

func (e *NeedsGroup) Error() string { return e.err.Error() }

// Unwrap gives the error that shows its place.
func (e *NeedsGroup) Unwrap() error { return e.err }

// aggregateCall adds a call such as sum(bytes_sent) to the scope's aggregates, and lowers it to a read of its result in
// the group's row.
func (b *builder) aggregateCall(f AggregateFunction, n *syntax.Call) (operand, error) {
	at, arguments := n.Name.Range, n.Arguments
	if b.scope.Aggregates == nil {
		return operand{}, &NeedsGroup{syntax.Errorf(at, "%s() needs a group: it is computed from many rows", f.Name).
			WithHint("aggregates stand in group and stats, for example: group by process: n = count()")}
	}
	if len(arguments) != f.arguments() && (len(arguments) > 0 || !f.Bare) {
		return operand{}, f.wrongCount(at)
	}
	call := Aggregate{Name: f.Name}
	typ, unit := schema.Of(schema.Any), schema.None
	if len(arguments) > 0 {
		argument, err := b.aggregateArgument(f, arguments[0])
		if err != nil {
			return operand{}, err
		}
		call.Argument, typ = argument, argument.Type
		if f.Unit {
			unit = argument.Unit
		}
	}
	kept := accumulation{argument: typ, stop: b.scope.Stop, keeper: b.scope.Keeper}
	if f.Parameter != nil {
		var err error
		if kept.parameter, err = b.aggregateParameter(f, arguments[1]); err != nil {
			return operand{}, err
		}
	}
	call.KeptOfValue = f.keptOfValue
	call.New = func() Accumulator { return f.accumulator(kept) }
	i := len(*b.scope.Aggregates)
	if i == maxAggregates {
		return operand{}, syntax.Errorf(at, "a stage computes at most %d aggregates", maxAggregates).
			WithHint("compute fewer, or the rest in another query")
	}
	*b.scope.Aggregates = append(*b.scope.Aggregates, call)
	row := b.row
	node := b.call(func(...any) (any, error) { return (*row).(Aggregated).Aggregate(i), nil })
	return operand{node: node, typ: f.Result(typ), unit: unit}, nil
}

// aggregateArgument compiles the argument as an expression of its own, over the rows that are grouped.
func (b *builder) aggregateArgument(f AggregateFunction, node syntax.Expression) (*Expression, error) {
	inner := *b
	inner.row, inner.columns, inner.comparing = new(schema.Row), nil, false
	inner.scope.Aggregates, inner.scopes = nil, nil
	argument, err := inner.lower(node)
	if err != nil {
		return nil, err
	}
	if len(f.Takes) > 0 && argument.typ.Kind != schema.Any && !slices.Contains(f.Takes, argument.typ.Kind) {
		takes := kindList(f.Takes)
		return nil, syntax.Errorf(argument.at(), "%s, and %s takes %s", argument.described(), f.Name, takes).
			WithHint("for any kind of value: count, dcount, min, max, list, any")
	}
	b.comparing = b.comparing || inner.comparing
	return inner.finish(argument)
}
