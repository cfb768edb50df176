package shell

import (
	"bytes"
	"io"
	"sync"

	"netql/shell/tty"
)

// keyReader reads keys for readline. It drops NUL (Ctrl-Space), which readline takes for the end of the input. A read
// ends with Delete where that was pressed, and tells the filter: readline gives Delete and Ctrl-D the same number. It
// ends with Enter, too, so that what is typed behind that is not in readline's hands while the query runs.
type keyReader struct {
	in     io.Reader
	filter *keyFilter

	reading sync.Mutex // by whom the fields below are used
	rest    []byte     // was read from in, and waits for the next Read
	matched int        // how many bytes of deleteSequence end what was handed on
}

func (k *keyReader) Read(b []byte) (int, error) {
	k.reading.Lock()
	defer k.reading.Unlock()
	k.filter.deletes.Store(false)
	for len(k.rest) == 0 {
		n, err := k.in.Read(b)
		k.rest = bytes.ReplaceAll(b[:n], []byte{0}, nil)
		if len(k.rest) == 0 && (n == 0 || err != nil) {
			return 0, err
		}
	}
	n := copy(b, k.rest[:k.upToBreak(len(b))])
	k.rest = k.rest[n:]
	return n, nil
}

// interrupted says whether Ctrl-C was typed behind what was read, while that was a key and not a signal yet. It is
// forgotten then, with what was typed before it, as a terminal forgets that at a signal. It must be called while the
// terminal still is in raw mode, and no more keys are wanted.
func (k *keyReader) interrupted() bool {
	if !k.reading.TryLock() {
		return false // somebody waits for a key: there is none
	}
	defer k.reading.Unlock()
	if n := tty.Pending(k.in); n > 0 {
		typed := make([]byte, n)
		n, _ = k.in.Read(typed) // what fails now fails again at the next Read
		k.rest = append(k.rest, bytes.ReplaceAll(typed[:n], []byte{0}, nil)...)
	}
	i := bytes.LastIndexByte(k.rest, ctrlCKey)
	k.rest = k.rest[i+1:]
	return i >= 0
}

// ctrlCKey is what Ctrl-C sends in raw mode.
const ctrlCKey = 3

// upToBreak is how many bytes of the rest, of at most limit, come before the end of Enter or of Delete's sequence,
// which may have begun in a read before.
func (k *keyReader) upToBreak(limit int) int {
	limit = min(limit, len(k.rest))
	for i, c := range k.rest[:limit] {
		if c == '\r' || c == '\n' {
			k.matched = 0
			return i + 1
		}
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
