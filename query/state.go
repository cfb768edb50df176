package query

import "netql/query/expression"

// State is what the scans and functions of one query share: whom the query asks, and what it has found out already.
// The tables make it and know what is in it; the engine hands it on to them.
type State interface {
	// Port is the port of a service by its name, as in /etc/services; false where it has none.
	Port(service string) (int, bool)
}

// Function is a function of queries that asks something outside the row.
type Function struct {
	expression.Function // its Call and Ahead are nil: those of one query come from these
	Call                func(state State, args []any) (any, error)
	Ahead               func(state State, args []any) // nil where Call never waits
}

// of is the function for one query.
func (f Function) of(state State) expression.Function {
	bound := f.Function
	bound.Call = func(args []any) (any, error) { return f.Call(state, args) }
	if f.Ahead != nil {
		bound.Ahead = func(args []any) { f.Ahead(state, args) }
	}
	return bound
}

// FunctionsOf are the catalogue's functions for one query.
func (c *Catalog) FunctionsOf(state State) []expression.Function {
	bound := make([]expression.Function, len(c.Functions))
	for i, f := range c.Functions {
		bound[i] = f.of(state)
	}
	return bound
}
