// Package slab allocates the records of a long list several at a time, which costs less than one by one.
package slab

import "unsafe"

// blockSize is how many bytes are allocated at a time at most. Whoever keeps one record of a block keeps all of them,
// and a query may keep few of many rows; so blocks are small.
const blockSize = 4 << 10

// Of makes records that belong to whoever gets them. The zero value is ready. It is used by one goroutine at a time.
type Of[T any] struct {
	Reuse bool // the record is valid until the next one, which is the same, zero again

	rest []T
	size int // of the latest block
}

// PerBlock is how many records are allocated at a time at most.
func PerBlock[T any]() int {
	var record T
	return max(1, blockSize/max(1, int(unsafe.Sizeof(record))))
}

// New gives a record that is zero. The first blocks are smaller, because most lists are short.
func (s *Of[T]) New() *T {
	if len(s.rest) == 0 {
		s.size = min(max(1, 2*s.size), PerBlock[T]())
		s.rest = make([]T, s.size)
	}
	record := &s.rest[0]
	if s.Reuse {
		var zero T
		*record = zero
		return record
	}
	s.rest = s.rest[1:]
	return record
}

// Bytes makes copies of byte strings, as Of makes records.
type Bytes struct {
	Reuse bool // the copy is valid until the next one, which is in the same memory

	rest []byte
	size int // of the latest block
}

// Clone copies the bytes. The copy has no room behind it, so that appending to it leaves the next one alone.
func (s *Bytes) Clone(b []byte) []byte {
	if len(b) > len(s.rest) {
		s.size = max(len(b), min(2*s.size, blockSize))
		s.rest = make([]byte, s.size)
	}
	clone := s.rest[:len(b):len(b)]
	copy(clone, b)
	if !s.Reuse {
		s.rest = s.rest[len(b):]
	}
	return clone
}
