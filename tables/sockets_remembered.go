package tables

import (
	"slices"
	"time"

	"netql/query"
	"netql/sources/inetdiag"
	"netql/sources/owners"
)

// rememberedOwners are the owners of sockets while they lived, for the events of their end: what the kernel tells then
// has no inode. They are those of the last list, so that there are never more than there were sockets.
type rememberedOwners struct {
	protocols []int
	byCookie  map[uint64]rememberedOwner
	listed    time.Time     // when the last list was made
	took      time.Duration // and how long that took
}

type rememberedOwner struct {
	status string
	all    []owners.Owner
}

// Sockets are listed again no sooner than after atLeast, and after as many times as long as the last list took, so that
// this is no more than a small part of what a processor does.
const (
	atLeast     = 5 * time.Second
	timesLonger = 20
)

// ownersColumns are the columns that need owners.
var ownersColumns = []string{
	"pid", "process", "cmdline", "program", "fd", "unit", "container", "owners", "owner_status",
}

// rememberOwners is the owners that are remembered for a query; nil where it reads no column of them.
func rememberOwners(s *scanState, protocols []int) *rememberedOwners {
	if !readsOwners(s.columns) {
		return nil
	}
	return &rememberedOwners{protocols: protocols}
}

func readsOwners(columns query.Set) bool {
	return slices.ContainsFunc(ownersColumns, func(name string) bool { return columns.Has(name) })
}

// list lists the sockets that there are, with their owners. What it cannot list is as if it were not there; the owners'
// own warnings say why.
func (r *rememberedOwners) list(s *scanState) {
	if r == nil {
		return
	}
	began := time.Now()
	r.byCookie = map[uint64]rememberedOwner{}
	state := &scanState{QueryState: s.QueryState, ctx: s.ctx, warn: s.warn, columns: s.columns}
	facts := newSocketFacts(state)
	for _, p := range protocols {
		for _, number := range r.protocols {
			if p.number != number {
				continue
			}
			for row, err := range facts.list(p.allOf(p.states)) {
				if err != nil {
					s.warn("the owners of some " + p.name + " sockets are unknown: " + err.Error())
					break
				}
				if row.Cookie != 0 && row.State != inetdiag.TimeWait {
					status, all := row.owned()
					r.byCookie[row.Cookie] = rememberedOwner{status, all}
				}
			}
		}
	}
	r.listed, r.took = time.Now(), time.Since(began)
}

// take is the owner of a socket that has ended, and forgets it. Where the socket is unknown, others may be too, and are
// listed again unless that was done a moment ago.
func (r *rememberedOwners) take(s *scanState, cookie uint64) rememberedOwner {
	if r == nil {
		return rememberedOwner{}
	}
	found, known := r.byCookie[cookie]
	if known {
		delete(r.byCookie, cookie)
		return found
	}
	if time.Since(r.listed) > max(atLeast, timesLonger*r.took) {
		r.list(s)
	}
	return rememberedOwner{status: "unlisted"}
}
