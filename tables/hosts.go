package tables

import (
	"context"
	"net/netip"
	"time"

	"netql/sources"
)

const (
	// lookupBudget is how long a query may wait for lookups in all.
	lookupBudget = 2 * time.Second
	// lookupsAtOnce is how many lookups may run at a time.
	lookupsAtOnce = 64
)

// hosts looks up the names of addresses, each once, several at a time. When the budget is spent, all further names are
// the addresses themselves. One goroutine uses it; lookups run in goroutines of their own.
type hosts struct {
	lookup sources.Lookup // nil where names cannot be looked up
	known  map[netip.Addr]*host
	slots  chan struct{}      // limits how many lookups run
	spent  time.Duration      // of the budget
	ctx    context.Context    // of the lookups
	giveUp context.CancelFunc // ends them
}

// host is a lookup.
type host struct {
	done chan struct{} // is closed when name is valid
	name string        // the address itself until it has a name
}

// hostNames are the names of addresses that the query has looked up.
func (q *QueryState) hostNames() *hosts {
	return q.hosts.get(func() *hosts { return newHosts(q.system.Names) })
}

func newHosts(lookup sources.Lookup) *hosts {
	h := &hosts{lookup: lookup, known: map[netip.Addr]*host{}, slots: make(chan struct{}, lookupsAtOnce)}
	h.ctx, h.giveUp = context.WithCancel(context.Background())
	return h
}

// begin starts the lookup of an address, unless that was done before, and does not wait. It is nil where names cannot
// be looked up.
func (h *hosts) begin(addr netip.Addr) *host {
	if h.lookup == nil {
		return nil
	}
	if known := h.known[addr]; known != nil {
		return known
	}
	asked := &host{done: make(chan struct{}), name: addr.String()}
	h.known[addr] = asked
	if addr.IsUnspecified() || h.ctx.Err() != nil {
		close(asked.done)
		return asked
	}
	go h.ask(addr, asked)
	return asked
}

// ask waits for a slot, then for the answer. It ends after lookupBudget, because name does not wait longer.
func (h *hosts) ask(addr netip.Addr, asked *host) {
	defer close(asked.done)
	ctx, cancel := context.WithTimeout(h.ctx, lookupBudget)
	defer cancel()
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
	case <-ctx.Done():
		return
	}
	if name := h.lookup(ctx, addr); name != "" {
		asked.name = name
	}
}

// name is the name of an address, or the address itself where it has none, or none that came in time, or on a capture,
// which has no names. It waits while the budget lasts, and no longer than the context lives.
func (h *hosts) name(ctx context.Context, addr netip.Addr) string {
	asked := h.begin(addr)
	if asked == nil {
		return addr.String()
	}
	select {
	case <-asked.done:
		return asked.name
	default:
	}
	start := time.Now()
	timer := time.NewTimer(lookupBudget - h.spent)
	defer timer.Stop()
	defer func() { h.spent += time.Since(start) }()
	select {
	case <-asked.done:
		return asked.name
	case <-ctx.Done():
		return addr.String()
	case <-timer.C:
		h.giveUp()
		return addr.String()
	}
}
