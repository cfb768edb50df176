package query

import "netql/query/expression"

// State is what the scans and functions of one query share: the system that they ask, and what they have looked up
// already. The tables make it and know what is in it (tables.QueryState); the engine only hands it on to them.
type State interface {
	// Port is the port of a service by its name, as in /etc/services; false where it has none.
	Port(service string) (int, bool)
}

// Function is a function of queries that asks something outside the row.
type Function struct {
	expression.Function // without Call and Prefetch, which bind makes of these two
	Call                func(state State, args []any) (any, error)
	Prefetch            func(state State, args []any) // starts what Call would wait for; nil where Call never waits
}

// bind makes the function of one query.
func (f Function) bind(state State) expression.Function {
	bound := f.Function
	bound.Call = func(args []any) (any, error) { return f.Call(state, args) }
	if f.Prefetch != nil {
		bound.Prefetch = func(args []any) { f.Prefetch(state, args) }
	}
	return bound
}

// FunctionsOf are the catalogue's functions for one query.
func (c *Catalog) FunctionsOf(state State) []expression.Function {
	bound := make([]expression.Function, len(c.Functions))
	for i, f := range c.Functions {
		bound[i] = f.bind(state)
	}
	return bound
}
