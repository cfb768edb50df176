package tables

import (
	"hash/maphash"
	"iter"

	"netql/query/schema"
	"netql/sources/rtnetlink"
)

// lastKnown is what the rows were like when they were told last. It tells a new row from one that has changed, and
// that from one of which only has changed what does so all the time: the kernel tells of an interface for many a
// reason. What is gone is forgotten, so that it is never larger than what the kernel has.
type lastKnown[S, T any] struct {
	list func(*scanState) iter.Seq2[S, error] // everything that is there
	key  func(S) any                          // what an object is known by; comparable
	// columns are those that tell of a change; costly ones, and what changes by itself, do not.
	columns []*schema.Column

	seed   maphash.Seed
	hashes map[any]uint64 // of the static columns
}

// read forgets everything, and learns what is there now.
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

// kind is what has happened to a row; "" for nothing.
func (k *lastKnown[S, T]) kind(n rtnetlink.Notification[S], row *T) string {
	if k == nil {
		return saidKind(n)
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

// saidKind is what the kernel says itself.
func saidKind[S any](n rtnetlink.Notification[S]) string {
	switch {
	case n.Gone:
		return "gone"
	case n.Replaced:
		return "changed"
	}
	return "new"
}

// hash is one of the values that say whether a row has changed: of the static columns that are in the row itself.
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
