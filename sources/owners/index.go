package owners

import "math/bits"

// An inodeIndex keeps sockets by inode number. It is a hash table with open addressing, whose entries are the sockets
// themselves: in a table of many sockets each place that a look-up visits is a miss of the processor's caches.
type inodeIndex struct {
	entries []indexEntry // a power of two, at most half of which are used
	shift   int          // by which a hash is shortened to a place among them
	others  []nextSocket // of inode numbers that have several sockets
}

// An indexEntry is the socket of an inode number, or refers to several. It has 16 bytes, so that it is never on two
// lines of a cache.
type indexEntry struct {
	inode uint64
	kind  int32 // the index of its process, counted from 1; 0 for an entry that is not used, several for many
	value int32 // the file descriptor, or the place of the first of several in others
}

const several = -1

// A nextSocket is one of several with the same inode number.
type nextSocket struct {
	socket
	next int32 // the place of the next one; -1 behind the last
}

// indexInodes makes the index of a list of sockets.
func indexInodes(sockets []socket) inodeIndex {
	log := bits.Len(uint(2*len(sockets) + 1))
	x := inodeIndex{entries: make([]indexEntry, 1<<log), shift: 64 - log}
	for _, s := range sockets {
		x.add(s)
	}
	return x
}

func (x *inodeIndex) add(s socket) {
	e := x.entry(s.inode)
	switch e.kind {
	case 0:
		*e = indexEntry{s.inode, s.process + 1, s.fd}
	case several:
		x.others = append(x.others, nextSocket{s, e.value})
		e.value = int32(len(x.others) - 1)
	default:
		first := int32(len(x.others))
		x.others = append(x.others, nextSocket{e.socket(), -1}, nextSocket{s, first})
		*e = indexEntry{s.inode, several, first + 1}
	}
}

// socket is the only socket of an entry.
func (e *indexEntry) socket() socket { return socket{e.inode, e.kind - 1, e.value} }

// entry is the entry of an inode number, or the unused one that it would get.
func (x *inodeIndex) entry(inode uint64) *indexEntry {
	// 2^64 divided by the golden ratio, which spreads consecutive numbers (Knuth, 6.4)
	const golden = 0x9E3779B97F4A7C15
	for at := inode * golden >> x.shift; ; at++ {
		e := &x.entries[at&uint64(len(x.entries)-1)]
		if e.kind == 0 || e.inode == inode {
			return e
		}
	}
}

// appendOf appends the sockets of an inode number.
func (x *inodeIndex) appendOf(list []socket, inode uint64) []socket {
	if len(x.entries) == 0 { // of the zero value
		return list
	}
	switch e := x.entry(inode); e.kind {
	case 0:
	case several:
		for at := e.value; at >= 0; at = x.others[at].next {
			list = append(list, x.others[at].socket)
		}
	default:
		list = append(list, e.socket())
	}
	return list
}

// all are all sockets, in any order.
func (x *inodeIndex) all() (list []socket) {
	for i := range x.entries {
		if e := &x.entries[i]; e.kind > 0 {
			list = append(list, e.socket())
		}
	}
	for _, s := range x.others {
		list = append(list, s.socket)
	}
	return list
}
