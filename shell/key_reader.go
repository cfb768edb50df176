package shell

import (
	"bytes"
	"io"
)

// keyReader reads keys for readline. It drops NUL (Ctrl-Space), which readline takes for the end of the input. A read
// ends with Delete where that was pressed, and tells the filter: readline gives Delete and Ctrl-D the same number.
type keyReader struct {
	in     io.Reader
	filter *keyFilter

	rest    []byte // was read from in, and waits for the next Read
	matched int    // how many bytes of deleteSequence end what was handed on
}

func (k *keyReader) Read(b []byte) (int, error) {
	k.filter.deletes.Store(false)
	for len(k.rest) == 0 {
		n, err := k.in.Read(b)
		k.rest = bytes.ReplaceAll(b[:n], []byte{0}, nil)
		if len(k.rest) == 0 && (n == 0 || err != nil) {
			return 0, err
		}
	}
	n := copy(b, k.rest[:k.upToDelete(len(b))])
	k.rest = k.rest[n:]
	return n, nil
}

// upToDelete is how many bytes of the rest, of at most limit, come before the end of Delete's sequence, which may have
// begun in a read before.
func (k *keyReader) upToDelete(limit int) int {
	limit = min(limit, len(k.rest))
	for i, c := range k.rest[:limit] {
		switch c {
		case deleteSequence[k.matched]:
			k.matched++
		case deleteSequence[0]:
			k.matched = 1
		default:
			k.matched = 0
		}
		if k.matched == len(deleteSequence) {
			k.matched = 0
			k.filter.deletes.Store(true)
			return i + 1
		}
	}
	return limit
}
