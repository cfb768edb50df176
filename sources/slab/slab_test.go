package slab

import (
	"bytes"
	"testing"
)

type record struct{ n, square int }

// TestRecords: records are zero, and each is its own.
func TestRecords(t *testing.T) {
	const n = 1000
	var slab Of[record]
	var all []*record
	for i := range n {
		r := slab.New()
		if *r != (record{}) {
			t.Fatalf("record %d is not zero: %v", i, *r)
		}
		*r = record{i, i * i}
		all = append(all, r)
	}
	for i, r := range all {
		if *r != (record{i, i * i}) {
			t.Fatalf("record %d was overwritten: %v", i, *r)
		}
	}
}

// TestOddRecords: a record may be larger than a block, or of no size.
func TestOddRecords(t *testing.T) {
	var large Of[[2 * blockSize]byte]
	one, other := large.New(), large.New()
	one[0] = 1
	if other[0] != 0 {
		t.Error("two records share memory")
	}
	var empty Of[struct{}]
	if empty.New() == nil {
		t.Error("no record")
	}
}

// TestBytes: copies stay as they are, whatever becomes of the original and of the other copies.
func TestBytes(t *testing.T) {
	var slab Bytes
	var all [][]byte
	buffer := make([]byte, 3*blockSize)
	size := func(i int) int { return i * 37 % 300 }
	for i := range 1000 {
		copied := buffer[:size(i)]
		for j := range copied {
			copied[j] = byte(i)
		}
		all = append(all, slab.Clone(copied))
		if i%2 == 0 {
			_ = append(all[i], 0xee)
		}
	}
	for i, b := range all {
		if !bytes.Equal(b, bytes.Repeat([]byte{byte(i)}, size(i))) {
			t.Fatalf("copy %d was overwritten: %v", i, b)
		}
	}
	if large := slab.Clone(buffer); !bytes.Equal(large, buffer) {
		t.Error("a copy larger than a block differs")
	}
}

// TestShare: long lists cost few allocations, and short ones little memory.
func TestShare(t *testing.T) {
	many := testing.AllocsPerRun(10, func() {
		var slab Of[record]
		for range 10_000 {
			slab.New()
		}
	})
	if many > 100 {
		t.Errorf("%v allocations for 10,000 records", many)
	}
	var slab Of[record]
	if slab.New(); cap(slab.rest) > 1 {
		t.Errorf("room for %d more behind the first record", cap(slab.rest))
	}
}
