package query

import (
	"bytes"
	"cmp"
	"encoding/binary"

	"netql/query/schema"
	"netql/query/stop"
)

// sorter collects rows and puts them in order. It compares them by the bytes of their keys (schema.Order), which are
// made once for each row. Where a value has no such bytes, such as a list, it compares the values.
type sorter struct {
	ordering
	orders []schema.Order
	rows   []schema.Row
	keys   []byte  // of all rows, one behind the other
	ends   []int   // where the key of each row ends in keys
	boxed  []keyed // the rows, once some value has no bytes; nil while all have
}

func newSorter(o ordering) *sorter {
	s := &sorter{ordering: o}
	for _, key := range o.keys {
		s.orders = append(s.orders, schema.Order{Type: key.expression.Type, Descending: key.descending})
	}
	return s
}

// perSortedRow is about how many bytes the sorter and the sort take for a row beside its key.
const perSortedRow = 72

// add reads the keys of a row, and says how many bytes are kept beside the row.
func (s *sorter) add(row schema.Row) (kept int) {
	if s.boxed != nil {
		s.boxed = append(s.boxed, s.keyed(row, len(s.boxed)))
		return s.keyedSize()
	}
	s.rows = append(s.rows, row)
	before := len(s.keys)
	for i := range s.orders {
		var ok bool
		value := s.ordering.keys[i].expression.Scalar(row)
		if s.keys, ok = s.orders[i].Append(s.keys, value); !ok {
			s.box()
			return s.keyedSize() * len(s.boxed)
		}
	}
	s.ends = append(s.ends, len(s.keys))
	return perSortedRow + len(s.keys) - before
}

// box reads the values of the keys of the rows so far.
func (s *sorter) box() {
	s.boxed = make([]keyed, 0, len(s.rows))
	for i, row := range s.rows {
		if s.stop.Set() {
			break
		}
		s.boxed = append(s.boxed, s.keyed(row, i))
	}
	s.rows, s.keys, s.ends = nil, nil, nil
}

// emit hands the rows on in order. It gives none where the run is to end meanwhile.
func (s *sorter) emit(yield func(schema.Row, error) bool) {
	if s.boxed != nil {
		s.ordering.emit(s.boxed, yield)
		return
	}
	places := s.places()
	if !stop.Sort(s.stop, places, s.compare) {
		return
	}
	for _, p := range places {
		if !yield(s.rows[p.index], nil) {
			return
		}
	}
}

// place is a row by its number, and the first bytes of its key, which tell most rows apart.
type place struct {
	first uint64
	index int
}

func (s *sorter) places() []place {
	all := make([]place, len(s.rows))
	for i := range all {
		var first [8]byte
		copy(first[:], s.key(i))
		all[i] = place{binary.BigEndian.Uint64(first[:]), i}
	}
	return all
}

// key is the key of a row by its number.
func (s *sorter) key(i int) []byte {
	start := 0
	if i > 0 {
		start = s.ends[i-1]
	}
	return s.keys[start:s.ends[i]]
}

func (s *sorter) compare(a, b place) int {
	if a.first != b.first {
		return cmp.Compare(a.first, b.first)
	}
	if c := bytes.Compare(s.key(a.index), s.key(b.index)); c != 0 {
		return c
	}
	return cmp.Compare(a.index, b.index)
}
