package query

import (
	"context"

	"netql/query/expression"
	"netql/query/stop"
)

// State is what the scans and functions of one query share: whom the query asks, and what it has found out already.
// The tables make it and know what is in it; the engine hands it on to them.
type State interface {
	// Port is the port of a service by its name, as in /etc/services; false where it has none.
	Port(service string) (int, bool)
}

// Function is a function of queries that asks something outside the row.
type Function struct {
	expression.Function // its Call and Ahead are nil: those of one query come from these
	Call                func(ctx context.Context, state State, args []any) (any, error)
	Ahead               func(state State, args []any) // nil where Call never waits
}

// of is the function for the runs of one query.
func (f Function) of(state State, run *stop.Flag) expression.Function {
	bound := f.Function
	bound.Call = func(args []any) (any, error) { return f.Call(run.Context(), state, args) }
	if f.Ahead != nil {
		bound.Ahead = func(args []any) { f.Ahead(state, args) }
	}
	return bound
}

// FunctionsOf are the catalogue's functions for one query, whose runs end what they wait for; nil runs never end.
func (c *Catalog) FunctionsOf(state State, run *stop.Flag) []expression.Function {
	bound := make([]expression.Function, len(c.Functions))
	for i, f := range c.Functions {
		bound[i] = f.of(state, run)
	}
	return bound
}
