package capture

import (
	"bytes"

	"netql/sources/netlink"
)

// A demand is a request taken apart: what it is about, and what narrows its answer. A recorded answer serves every demand
// of its subject that is as narrow or narrower.
type demand struct {
	subject string      // equal for two requests that list the same things
	equals  []condition // every message of the answer has these
	sets    []set       // every message of the answer is in these, as far as it shows
}

// A condition says that a message has a value somewhere.
type condition struct {
	place
	value []byte
	mask  []byte // the bits of it that count, nil for all
}

func (c condition) holds(shown []byte) bool {
	for i, b := range c.value {
		mask := byte(0xff)
		if c.mask != nil {
			mask = c.mask[i]
		}
		if shown[i]&mask != b&mask {
			return false
		}
	}
	return true
}

// A place is where a message shows a value: in its header, or in the first attribute of a type behind the header.
type place struct {
	offset    int
	header    int // the header's size, of a value in an attribute
	attribute uint16
}

// A set is a choice by bits: a message whose byte at offset is n belongs to it if bit n is set.
type set struct {
	bits   uint64
	offset int // hidden: messages do not show it, as where the bits ask for more or fewer attributes
}

const hidden = -1

// demandOf takes a request apart, and says whether its kind is known.
func demandOf(r netlink.Request) (demand, bool) {
	s := shapeOf(r)
	if s == nil {
		return demand{}, false
	}
	return s.demand(r), true
}

// covers says whether the answer to d holds all that another demand wants.
func (d demand) covers(other demand) bool {
	if d.subject != other.subject {
		return false
	}
	for _, c := range d.equals {
		if !other.has(c) {
			return false
		}
	}
	for i, s := range other.sets {
		if i >= len(d.sets) || s.bits&^d.sets[i].bits != 0 {
			return false
		}
	}
	return true
}

func (d demand) has(c condition) bool {
	for _, own := range d.equals {
		if own.place == c.place && bytes.Equal(own.value, c.value) {
			return true
		}
	}
	return false
}

// wants says whether a message of a wider answer belongs to the narrower one. What a message does not show, the reader
// will have to sort out: conditions of a query are tried again on its rows.
func (d demand) wants(m netlink.Message) bool {
	for _, c := range d.equals {
		if shown := c.in(m.Data, len(c.value)); shown != nil && !c.holds(shown) {
			return false
		}
	}
	for _, s := range d.sets {
		if s.offset != hidden && s.offset < len(m.Data) && s.bits&(1<<m.Data[s.offset]) == 0 {
			return false
		}
	}
	return true
}

// in finds the place in a message; nil where it is not there.
func (p place) in(message []byte, size int) []byte {
	if p.header == 0 {
		if p.offset+size > len(message) {
			return nil
		}
		return message[p.offset : p.offset+size]
	}
	if len(message) < p.header {
		return nil
	}
	if value := attribute(message[p.header:], p.attribute); len(value) >= size {
		return value[:size]
	}
	return nil
}
