package tables

import (
	"context"

	"netql/query"
	"netql/sources"
	"netql/sources/owners"
)

// QueryState is what one query shares among its scans and functions: whom it asks, and what it has found out beside
// the rows. Everything is read when it is first asked for. It is used by one goroutine at a time.
type QueryState struct {
	system     *sources.System
	everywhere *sources.Everywhere // all network namespaces, where the query asks those; system is our own then

	hosts     lazy[*hosts]        // the names of addresses, and the time that is left to look some up
	services  lazy[services]      // /etc/services
	protocols lazy[protocolNames] // /etc/protocols
}

// Ask begins a query to a system. Each query needs a state of its own.
func Ask(system *sources.System) *QueryState { return &QueryState{system: system} }

// AskEverywhere begins a query to all network namespaces of the machine, for tables of the catalogue of Everywhere.
func AskEverywhere(all *sources.Everywhere) *QueryState {
	return &QueryState{system: sources.Live(), everywhere: all}
}

// ofQuery is the state as the engine hands it on: its own type again.
func ofQuery(state query.State) *QueryState { return state.(*QueryState) }

// scanState is what one reading of a table shares among its rows: the names that columns need, each list read when the
// first row asks for it. A watch reads again and again, each time with a new one, so that names are those of the
// sample.
type scanState struct {
	*QueryState
	ctx  context.Context // of the reading, since getters have none
	warn func(message string)

	columns query.Set // that are read

	links     lazy[map[uint32]string] // names of interfaces by their indices
	users     lazy[map[uint32]string] // /etc/passwd: names by number
	namespace lazy[string]            // the network namespace's own name; "" where that is unknown
	holders   lazy[*owners.Table]     // who has which socket, after a walk over /proc/*/fd; nil where that is unknown
	processes memo[int, *process]     // by their numbers
	unread    bool                    // that some of them could not be read has been warned about

	routeTables, routeProtocols, routeScopes, routeRealms numberNames
}

// newScanState begins a reading.
func newScanState(ctx context.Context, r query.Request) *scanState {
	return &scanState{QueryState: ofQuery(r.State), ctx: ctx, warn: r.Warn, columns: r.Columns}
}

// lazy is a value that is found out when it is first asked for.
type lazy[T any] struct {
	value T
	known bool
}

func (l *lazy[T]) get(find func() T) T {
	if !l.known {
		l.value, l.known = find(), true
	}
	return l.value
}

// memo remembers what was found out about each key.
type memo[K comparable, V any] struct{ known map[K]V }

func (m *memo[K, V]) get(key K, find func(K) V) V {
	value, ok := m.known[key]
	if !ok {
		value = find(key)
		if m.known == nil {
			m.known = map[K]V{}
		}
		m.known[key] = value
	}
	return value
}
