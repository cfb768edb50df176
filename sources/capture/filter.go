package capture

import (
	"bytes"

	"netql/sources/netlink"
)

// A filter is a request taken apart: what it asks for, and what narrows its answer. A recorded answer serves every
// request that asks for the same, and is as narrow or narrower.
type filter struct {
	subject string      // equal for two requests that list the same things
	equal   []condition // every message of the answer has these
	sets    []set       // every message of the answer is in these, as far as it shows
}

// A condition says that messages show a value.
type condition struct {
	netlink.Shown
	header int // the size of the messages' header, behind which their attributes are
	value  []byte
	mask   []byte // the bits of it that count, nil for all
}

// A set is a choice by bits: a message that shows the number n belongs to it if bit n is set.
type set struct {
	netlink.Shown
	bits uint64
}

// filterOf takes a request apart, and says whether its kind is known.
func filterOf(r netlink.Request) (filter, bool) {
	k, known := requestKindOf(r)
	if !known {
		return filter{}, false
	}
	return k.filter(r), true
}

// covers says whether the answer to f holds all that another request wants.
func (f filter) covers(other filter) bool {
	if f.subject != other.subject {
		return false
	}
	for _, c := range f.equal {
		if !other.has(c) {
			return false
		}
	}
	for i, s := range other.sets {
		if i >= len(f.sets) || s.bits&^f.sets[i].bits != 0 {
			return false
		}
	}
	return true
}

func (f filter) has(c condition) bool {
	for _, own := range f.equal {
		if own.Shown == c.Shown && bytes.Equal(own.value, c.value) {
			return true
		}
	}
	return false
}

// wants says whether a message of a wider answer belongs to the narrower one. What a message does not show, the reader
// will have to sort out: conditions of a query are tried again on its rows.
func (f filter) wants(m netlink.Message) bool {
	for _, c := range f.equal {
		if shown := c.in(m.Data); shown != nil && !c.holds(shown) {
			return false
		}
	}
	for _, s := range f.sets {
		if !s.Hidden && s.Offset < len(m.Data) && s.bits&(1<<m.Data[s.Offset]) == 0 {
			return false
		}
	}
	return true
}

// in finds the value that a message shows; nil if it does not.
func (c condition) in(message []byte) (shown []byte) {
	switch {
	case c.Hidden:
		return nil
	case c.Attribute != 0:
		shown = attribute(message[min(c.header, len(message)):], c.Attribute)
	case c.Offset <= len(message):
		shown = message[c.Offset:]
	}
	if len(shown) < len(c.value) {
		return nil
	}
	return shown[:len(c.value)]
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
