package tables

import (
	"context"
	"errors"
	"io/fs"

	"netql/query"
	"netql/sources"
	"netql/sources/owners"
)

// QueryState is what one query shares among its scans and functions: the system that it asks, and names that it has
// read. Everything is read when it is first asked for. It is used by one goroutine at a time.
type QueryState struct {
	system     *sources.System
	everywhere *sources.AllNamespaces // nil unless the query asks all network namespaces; system is our own then
	machines   []Host                 // nil unless the query asks several machines; system is that of one of them then
	elsewhere  bool                   // of all network namespaces that the query asks, this is another than our own

	hosts     lazy[*hosts]        // the names of addresses, and the time that is left to look some up
	services  lazy[services]      // /etc/services
	protocols lazy[protocolNames] // /etc/protocols
}

// ofOthers says whether what the whole machine has in common is told elsewhere: where another network namespace was
// named or is one of all that are asked, unless it is the machine's first one.
func (q *QueryState) ofOthers(warn func(string)) bool {
	return q.elsewhere || q.system.Entered && !q.inFirst(warn)
}

// inFirst says whether the system is in the machine's first network namespace, which alone has the limits of TCP's
// memory (ipv4_table of net/ipv4/sysctl_net_ipv4.c). Where that cannot be told it is taken to be, and warned of.
func (q *QueryState) inFirst(warn func(message string)) bool {
	_, err := q.system.Files.Stat("/proc/sys/net/ipv4/tcp_mem")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		warn("this may be a network namespace that is not the machine's first: " + err.Error())
	}
	return !errors.Is(err, fs.ErrNotExist)
}

// Ask is the state of one query to a system. Each query needs a state of its own.
func Ask(system *sources.System) *QueryState { return &QueryState{system: system} }

// AskEverywhere is the state of one query to all network namespaces of the machine, over the catalogue of Everywhere.
func AskEverywhere(all *sources.AllNamespaces) *QueryState {
	return &QueryState{system: sources.Live(), everywhere: all}
}

// ofQuery is the QueryState in the state that the engine hands on without knowing its type.
func ofQuery(state query.State) *QueryState { return state.(*QueryState) }

// scanState is what one scan of a table shares among its rows: the names that columns need, each list read when the
// first row asks for it. Each sample of a watch has a new one, so that names are those of the sample.
type scanState struct {
	*QueryState
	ctx  context.Context // of the scan, for getters, which have no context
	warn func(message string)

	columns query.Set // the columns that the query reads

	links      lazy[map[uint32]string]   // names of interfaces by index
	someLinks  map[uint32]string         // those of an interface that was looked up
	users      lazy[map[uint32]string]   // names of users by number, of /etc/passwd
	namespace  lazy[string]              // the name of the network namespace; "" where that is unknown
	named      lazy[[]sources.Namespace] // the namespaces that have a name
	finder     owners.Finder             // of owners of sockets, which may have begun; nil before somebody wants them
	owners     lazy[*owners.Table]       // what it found; nil where that is impossible
	processes  memo[int, *process]       // by number
	containers containerNames
	unread     bool // the warning that some processes could not be read was given

	routeTables, routeProtocols, routeScopes, routeRealms numberNames
}

// newScanState is the state of one scan for a request.
func newScanState(ctx context.Context, r query.Request) *scanState {
	return &scanState{QueryState: ofQuery(r.State), ctx: ctx, warn: r.Warn, columns: r.Columns}
}

// lazy is a value that is read when it is first asked for.
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

// memo is a value for each key, read when it is first asked for.
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
