package tables

import (
	"hash/maphash"
	"iter"

	"netql/query/schema"
	"netql/sources/rtnetlink"
)

// lastKnown remembers a hash of each row of kernel objects S, to tell from a notification whether the row is new, has
// changed or is the same: the kernel notifies of an interface for many reasons. Rows that are gone are removed, so that
// there are never more than the kernel has.
type lastKnown[S, T any] struct {
	list    func(*scanState) iter.Seq2[S, error] // lists all objects
	key     func(S) any                          // identifies an object; comparable
	columns []*schema.Column                     // the columns of rows; hash says which of them count

	seed   maphash.Seed
	hashes map[any]uint64 // by key
}

// read replaces the hashes by those of all objects that there are now.
func (k *lastKnown[S, T]) read(s *scanState, rows func(S) []*T) {
	if k == nil {
		return
	}
	k.seed, k.hashes = maphash.MakeSeed(), map[any]uint64{}
	for object, err := range k.list(s) {
		if err != nil {
			if s.ctx.Err() == nil {
				s.warn("what is there from before may be told as new: " + err.Error())
			}
			return
		}
		for _, row := range rows(object) {
			k.hashes[k.key(object)] = k.hash(row)
		}
	}
}

// kind is the kind of event that a notification makes for a row: new, changed or gone; "" if nothing has changed.
func (k *lastKnown[S, T]) kind(n rtnetlink.Notification[S], row *T) string {
	if k == nil {
		return flaggedKind(n)
	}
	key := k.key(n.Object)
	before, known := k.hashes[key]
	if n.Gone {
		delete(k.hashes, key)
		return "gone"
	}
	k.hashes[key] = k.hash(row)
	switch {
	case !known:
		return "new"
	case k.hashes[key] != before:
		return "changed"
	}
	return ""
}

// flaggedKind is the kind of event by the kernel's own flags.
func flaggedKind[S any](n rtnetlink.Notification[S]) string {
	switch {
	case n.Gone:
		return "gone"
	case n.Replaced:
		return "changed"
	}
	return "new"
}

// hash is a hash of the values whose change makes an event: those of columns that do not change by themselves, and that
// need nothing beside the object.
func (k *lastKnown[S, T]) hash(row *T) uint64 {
	var h maphash.Hash
	h.SetSeed(k.seed)
	for _, c := range k.columns {
		if c.Change == schema.Static && !c.Costly {
			h.WriteString(schema.Format(c.Get(row)))
			h.WriteByte(0)
		}
	}
	return h.Sum64()
}
