package tables

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"netql/sources"
)

const (
	// lookupBudget is how long a query may wait for lookups, all of them together.
	lookupBudget = 2 * time.Second
	// lookupsAtOnce bounds how many addresses are asked for at a time.
	lookupsAtOnce = 64
)

// hosts looks names of addresses up, each once, many at a time. When the budget is spent the remaining addresses stay
// numbers.
type hosts struct {
	lookup sources.Lookup // nil where nobody can be asked
	known  map[netip.Addr]*host
	slots  chan struct{}
	spent  time.Duration
	ctx    context.Context // of the lookups
	giveUp context.CancelFunc
}

// host is a lookup, which is done when the channel is closed.
type host struct {
	done chan struct{}
	name string
}

// hostNames are the names of addresses that the query has asked for.
func (q *QueryState) hostNames() *hosts {
	return q.hosts.get(func() *hosts { return newHosts(q.system.Names) })
}

func newHosts(lookup sources.Lookup) *hosts {
	h := &hosts{lookup: lookup, known: map[netip.Addr]*host{}, slots: make(chan struct{}, lookupsAtOnce)}
	h.ctx, h.giveUp = context.WithCancel(context.Background())
	return h
}

// errNoLookup is the answer where nobody can be asked.
var errNoLookup = errors.New("host() is off on a capture, because the names of addresses are not in it: --resolve " +
	"asks DNS now")

// begin starts to look an address up, and does not wait. Where nobody can be asked there is nothing to begin.
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

// ask waits for its turn and for the answer. Nobody waits for it longer than the budget, so it does not either.
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

// name is the address's name, or the address where it has none or nobody told in time. It waits no longer than the
// context lives.
func (h *hosts) name(ctx context.Context, addr netip.Addr) (string, error) {
	asked := h.begin(addr)
	if asked == nil {
		return "", errNoLookup
	}
	select {
	case <-asked.done:
		return asked.name, nil
	default:
	}
	start := time.Now()
	timer := time.NewTimer(lookupBudget - h.spent)
	defer timer.Stop()
	defer func() { h.spent += time.Since(start) }()
	select {
	case <-asked.done:
		return asked.name, nil
	case <-ctx.Done():
		return addr.String(), nil
	case <-timer.C:
		h.giveUp()
		return addr.String(), nil
	}
}
