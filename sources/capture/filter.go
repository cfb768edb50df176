package capture

import (
	"bytes"

	"netql/sources/netlink"
)

// A filter is what a request lists, and the conditions by which it narrows the list. A recorded answer serves every
// request that lists the same with the same conditions, or more of them.
type filter struct {
	subject string      // equal for two requests that list the same things
	equal   []condition // every message of the answer has these
	sets    []bitSet    // every message of the answer that shows its number belongs to these
}

// A condition requires a value of messages, at the place where they show it.
type condition struct {
	netlink.Shown
	header int // the size of the messages' header, behind which their attributes are
	value  []byte
	mask   []byte // the bits of it that count, nil for all
}

// A bitSet is a choice by bits: a message that shows the number n belongs to it if bit n is set.
type bitSet struct {
	netlink.Shown
	bits uint64
}

// filterOf is the filter of a request; false for a kind of requests that is not described.
func filterOf(r netlink.Request) (filter, bool) {
	k, known := requestKindOf(r)
	if !known {
		return filter{}, false
	}
	return k.filter(r), true
}

// covers says whether the answer to f holds everything that another filter asks for.
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

// wants says whether a message of a wider answer belongs to the one that f asks for. Messages that do not show a value
// pass: the query's conditions are tested again on its rows.
func (f filter) wants(m netlink.Message) bool {
	for _, c := range f.equal {
		if shown := c.valueIn(m.Data); shown != nil && !c.holds(shown) {
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

// valueIn finds the value that a message shows; nil if it does not.
func (c condition) valueIn(message []byte) (shown []byte) {
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
