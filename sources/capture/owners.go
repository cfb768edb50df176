package capture

import (
	"context"
	"math"
	"sync"

	"netql/sources/owners"
)

// ownersFact is the recorded table of sockets' owners. It is a Finder that gives this table.
type ownersFact struct {
	asked   bool
	table   *owners.Table
	failure *failure
}

// Find implements owners.Finder.
func (f *ownersFact) Find(context.Context) (*owners.Table, error) {
	if !f.asked {
		return nil, notRecorded("the owners of sockets")
	}
	return f.table, f.failure.err()
}

// recordingOwners is a Finder that calls another one in a goroutine as soon as it is made, because that walk takes long
// and can run beside the other requests. The result is in the capture only if Find is called.
type recordingOwners struct {
	lock   sync.Mutex
	fact   *ownersFact
	result func() ownersFact
}

func newRecordingOwners(ctx context.Context, finder owners.Finder, fact *ownersFact) *recordingOwners {
	find := sync.OnceValue(func() ownersFact {
		table, err := finder.Find(ctx)
		return ownersFact{true, table, failureOf(err)}
	})
	go find()
	return &recordingOwners{fact: fact, result: find}
}

func (r *recordingOwners) Find(ctx context.Context) (*owners.Table, error) {
	found := r.result()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	r.lock.Lock()
	defer r.lock.Unlock()
	*r.fact = found
	return found.Find(ctx)
}

// Flags of an owners.Table. The numbers are the file format's.
const (
	ownersComplete = 1 << iota
	ownersHidden
)

func ownersFlags(table *owners.Table) (sight uint64) {
	if table.Complete {
		sight |= ownersComplete
	}
	if table.Hidden {
		sight |= ownersHidden
	}
	return sight
}

// append writes the table as a list of processes and one of sockets. Inodes ascend, so their differences are short.
func (f *ownersFact) append(b []byte) []byte {
	b = appendFailure(b, f.failure)
	if f.failure != nil {
		return b
	}
	b = appendUint(appendUint(b, f.table.Unreadable), ownersFlags(f.table))
	processes := f.table.Processes()
	b = appendUint(b, len(processes))
	for _, p := range processes {
		b = appendBool(appendBytes(appendUint(b, p.PID), p.Name), p.Refused)
	}
	inode := uint64(0)
	for held := range f.table.All() {
		b = appendUint(b, held.Inode-inode)
		inode = held.Inode
		b = appendUint(appendUint(b, held.PID), held.FD)
	}
	return b
}

func (d *decoder) owners() *ownersFact {
	f := &ownersFact{asked: true, failure: d.failure()}
	if f.failure != nil || d.err != nil {
		return f
	}
	unreadable, sight := d.int(), d.upTo(ownersComplete|ownersHidden)
	names := map[int]string{}
	var processes []owners.Process
	for n := d.uint(); n > 0 && d.reserve(memoryProcess); n-- {
		p := owners.Process{PID: d.int(), Name: d.string(), Refused: d.bool()}
		names[p.PID] = p.Name
		processes = append(processes, p)
	}
	all := make([]owners.SocketOwner, 0, d.capacityFor(math.MaxInt64, memorySocket, 3))
	inode := uint64(0)
	for d.more() && d.reserve(memorySocket) {
		inode += d.uint()
		held := owners.SocketOwner{Inode: inode, Owner: owners.Owner{PID: d.int(), FD: int(d.upTo(math.MaxInt32))}}
		held.Process = names[held.PID]
		all = append(all, held)
	}
	if d.err != nil {
		return f
	}
	f.table = owners.NewTable(all, processes...)
	f.table.Unreadable = unreadable
	f.table.Complete, f.table.Hidden = sight&ownersComplete != 0, sight&ownersHidden != 0
	return f
}
