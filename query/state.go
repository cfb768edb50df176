package query

import (
	"context"

	"netql/query/expression"
	"netql/query/stop"
)

// State is what the scans and functions of one query share: the system that they ask, and what they have looked up
// already. The tables make it and know what is in it (tables.QueryState); the engine only hands it on to them.
type State interface {
	// Port is the port of a service by its name, as in /etc/services; false where it has none.
	Port(service string) (int, bool)
}

// Function is a function of queries that asks something outside the row.
type Function struct {
	expression.Function // without Call and Prefetch, which bind makes of these two
	Call                func(ctx context.Context, state State, args []any) (any, error)
	Prefetch            func(state State, args []any) // starts what Call would wait for; nil where Call never waits
}

// bind makes the function for the runs of one query.
func (f Function) bind(state State, run *stop.Flag) expression.Function {
	bound := f.Function
	bound.Call = func(args []any) (any, error) { return f.Call(run.Context(), state, args) }
	if f.Prefetch != nil {
		bound.Prefetch = func(args []any) { f.Prefetch(state, args) }
	}
	return bound
}

// FunctionsOf are the catalogue's functions for one query. What they wait for ends with the run; nil never ends.
func (c *Catalog) FunctionsOf(state State, run *stop.Flag) []expression.Function {
	bound := make([]expression.Function, len(c.Functions))
	for i, f := range c.Functions {
		bound[i] = f.bind(state, run)
	}
	return bound
}
