package owners

import "math/bits"

// An inodeIndex finds the sockets of an inode number in a list. It is a hash table with open addressing, whose entries
// are small because each look-up misses the caches of the processor.
type inodeIndex struct {
	entries []inodeEntry // a power of two, at most half of which are used
	shift   int          // by which a hash is shortened to a place among them
	others  []int32      // for each socket, the next one with the same inode number, or -1; nil if there is none
}

// An inodeEntry is the last socket of an inode number.
type inodeEntry struct {
	inode uint32 // the lower bits; the kernel's own numbers of sockets have no others (get_next_ino in fs/inode.c)
	place int32  // in the list of sockets, counted from 1; 0 for an entry that is not used
}

// indexInodes makes the index of a list of sockets.
func indexInodes(sockets []socket) inodeIndex {
	log := bits.Len(uint(2*len(sockets) + 1))
	x := inodeIndex{entries: make([]inodeEntry, 1<<log), shift: 32 - log}
	for i := range sockets {
		e := x.entry(sockets, sockets[i].inode)
		if e.place != 0 {
			x.link(len(sockets), int32(i), e.place-1)
		}
		*e = inodeEntry{uint32(sockets[i].inode), int32(i) + 1}
	}
	return x
}

// link puts a socket before another one of the same inode number.
func (x *inodeIndex) link(sockets int, at, other int32) {
	if x.others == nil {
		x.others = make([]int32, sockets)
		for i := range x.others {
			x.others[i] = -1
		}
	}
	x.others[at] = other
}

// entry is the entry of an inode number, or the one that it would get.
func (x *inodeIndex) entry(sockets []socket, inode uint64) *inodeEntry {
	const golden = 2654435769 // 2^32 divided by the golden ratio, which spreads consecutive numbers (Knuth, 6.4)
	for at := uint32(inode) * golden >> x.shift; ; at++ {
		e := &x.entries[at&uint32(len(x.entries)-1)]
		if e.place == 0 || e.inode == uint32(inode) && sockets[e.place-1].inode == inode {
			return e
		}
	}
}

// first is the place of a socket with an inode number; -1 if there is none.
func (x *inodeIndex) first(sockets []socket, inode uint64) int32 {
	if len(x.entries) == 0 { // of the zero value
		return -1
	}
	return x.entry(sockets, inode).place - 1
}

// next is the place of the next socket with the same inode number; -1 behind the last.
func (x *inodeIndex) next(at int32) int32 {
	if x.others == nil {
		return -1
	}
	return x.others[at]
}
