package tables

import (
	"sync"

	"netql/sources/owners"
)

// rememberedOwners are the owners of sockets while they lived, for the events of their end: what the kernel tells then
// has no inode. They are those of the last two lists, the one before the last because an event may be read when the
// next list has been made; so there are never more than twice as many as there were sockets.
type rememberedOwners struct {
	protocols []int

	lock         sync.Mutex // of what is below: lists are made beside the reading of events
	last, before map[uint64]rememberedOwner
	warnings     []string // of the last list; those that have not been told
	warned       int      // the most warnings that a list had
}

type rememberedOwner struct {
	status string
	all    []owners.Owner
}

// remember takes a new list in place of the one before the last. A socket without an owner keeps what was known of it:
// it was closed while the kernel still had it, or between the listing of sockets and the look for owners.
// Warnings are kept if there are more than of any list before, because each list has its own count of what it could not
// see.
func (r *rememberedOwners) remember(list map[uint64]rememberedOwner, warnings []string) {
	r.lock.Lock()
	defer r.lock.Unlock()
	for cookie, owner := range list {
		if before, known := r.find(cookie); known && len(owner.all) == 0 {
			list[cookie] = before
		}
	}
	r.last, r.before = list, r.last
	if len(warnings) > r.warned {
		r.warnings, r.warned = warnings, len(warnings)
	}
}

func (r *rememberedOwners) find(cookie uint64) (rememberedOwner, bool) {
	if found, known := r.last[cookie]; known {
		return found, true
	}
	found, known := r.before[cookie]
	return found, known
}

// take is the owner of a socket that has ended, and forgets it.
func (r *rememberedOwners) take(cookie uint64) rememberedOwner {
	if r == nil {
		return rememberedOwner{}
	}
	r.lock.Lock()
	defer r.lock.Unlock()
	found, known := r.find(cookie)
	if !known {
		return rememberedOwner{status: "unlisted"}
	}
	delete(r.last, cookie)
	delete(r.before, cookie)
	return found
}

// tell hands on the warnings of lists that have not been told.
func (r *rememberedOwners) tell(warn func(message string)) {
	if r == nil {
		return
	}
	r.lock.Lock()
	untold := r.warnings
	r.warnings = nil
	r.lock.Unlock()
	for _, message := range untold {
		warn(message)
	}
}
