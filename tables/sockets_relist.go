package tables

import (
	"context"
	"slices"
	"time"

	"netql/query"
	"netql/sources"
	"netql/sources/inetdiag"
	"netql/sources/owners"
)

// While sockets are followed, they are listed again after atLeast, or after timesLonger times as long as the last list
// took if that is more, so that lists are no more than a small part of what a processor does.
const (
	atLeast     = 2 * time.Second
	timesLonger = 20
)

// rememberOwners is the owners that are remembered for a query; nil where it reads no column of them.
func rememberOwners(s *scanState, protocols []int) *rememberedOwners {
	if !readsOwners(s.columns) {
		return nil
	}
	return &rememberedOwners{protocols: protocols}
}

// keepListing lists the sockets, and goes on to do so beside its caller until stop is called, which waits for the end
// of it, or the context ends.
func (r *rememberedOwners) keepListing(s *scanState) (stop func()) {
	if r == nil {
		return func() {}
	}
	ctx, cancel := context.WithCancel(s.ctx)
	lister := ownerLister{*s.system, s.columns, r}
	took := lister.list(ctx)
	r.tell(s.warn)
	lister.system.Owners = owners.Renewed(lister.system.Owners)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for sleep(ctx, max(atLeast, timesLonger*took)) {
			took = lister.list(ctx)
		}
	}()
	return func() {
		cancel()
		<-ended
	}
}

// sleep waits; false says that the context has ended.
func sleep(ctx context.Context, duration time.Duration) bool {
	timer := time.NewTimer(duration)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// ownerLister lists sockets with their owners. It shares nothing with the query but the system, because it works beside
// it.
type ownerLister struct {
	system     sources.System
	columns    query.Set
	remembered *rememberedOwners
}

// list lists the sockets that there are, with their owners, and says how long that took. What it cannot list is as if
// it were not there; a warning says why.
func (l *ownerLister) list(ctx context.Context) (took time.Duration) {
	began, list := time.Now(), map[uint64]rememberedOwner{}
	var warnings []string
	warn := func(message string) {
		if !slices.Contains(warnings, message) {
			warnings = append(warnings, message)
		}
	}
	state := &scanState{QueryState: Ask(&l.system), ctx: ctx, warn: warn, columns: l.columns}
	for _, row := range l.sockets(newSocketFacts(state)) { // all of them before the first owner is looked for
		status, all := row.owned()
		list[row.Cookie] = rememberedOwner{status, slices.Clone(all)}
	}
	if ctx.Err() == nil {
		l.remembered.remember(list, warnings)
	}
	return time.Since(began)
}

// sockets are the sockets whose end will be told.
func (l *ownerLister) sockets(facts *socketFacts) (list []*socket) {
	for _, p := range protocols {
		if !slices.Contains(l.remembered.protocols, p.number) {
			continue
		}
		for row, err := range facts.list(p.allOf(p.states)) {
			if err != nil {
				facts.warn("the owners of some " + p.name + " sockets are unknown: " + err.Error())
				break
			}
			if row.Cookie != 0 && row.State != inetdiag.TimeWait {
				list = append(list, row)
			}
		}
	}
	return list
}
