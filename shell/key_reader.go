package shell

import (
	"bytes"
	"io"
	"sync"

	"netql/shell/tty"
)

// keyReader reads keys for readline. It drops NUL (Ctrl-Space), which readline takes for the end of the input. A read
// ends with Delete where that was pressed, and tells the filter: readline gives Delete and Ctrl-D the same number. It
// ends with Enter, too, so that what is typed behind that is not in readline's hands while the query runs. What is
// pasted is kept from readline: it gets one mark, for which the filter puts the whole text into the line.
type keyReader struct {
	in     io.Reader
	filter *keyFilter

	reading sync.Mutex // by whom the fields below are used
	rest    []byte     // was read from in, and waits for the next Read
	deletes sequence   // deleteSequence
	pastes  sequence   // pasteStart
	edits   sequence   // editSequence
	pasting bool       // pasteStart was handed on: what follows is pasted, up to pasteEnd
	pasted  []byte     // what was pasted so far
}

func (k *keyReader) Read(b []byte) (int, error) {
	k.reading.Lock()
	defer k.reading.Unlock()
	k.filter.deletes.Store(false)
	for len(k.rest) == 0 || k.pasting && !k.endsPaste() {
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

// waiting says whether more was typed or pasted than was read: the keys of whatever reads the terminal next.
func (k *keyReader) waiting() bool {
	if !k.reading.TryLock() {
		return false // somebody waits for a key: there is none
	}
	defer k.reading.Unlock()
	return len(k.rest) > 0 || tty.Pending(k.in) > 0
}

// ctrlCKey is what Ctrl-C sends in raw mode.
const ctrlCKey = 3

// upToBreak is how many bytes of the rest, of at most limit, come before the end of Enter, of Delete's sequence, of
// that which begins a paste or of that for the editor, which ends the line as Enter does. Sequences may have begun in
// a read before.
func (k *keyReader) upToBreak(limit int) int {
	limit = min(limit, len(k.rest))
	for i, c := range k.rest[:limit] {
		deletes, pastes := k.deletes.ends(deleteSequence, c), k.pastes.ends(pasteStart, c)
		switch {
		case k.edits.ends(editSequence, c):
			k.filter.edits.Store(true)
			k.rest[i] = '\r'
		case deletes:
			k.filter.deletes.Store(true)
		case pastes:
			k.pasting = true // readline ignores the sequence itself
		case c != '\r' && c != '\n':
			continue
		}
		return i + 1
	}
	return limit
}

// sequence is how many bytes of an escape sequence end what was read.
type sequence int

// ends says whether the next byte completes the sequence.
func (s *sequence) ends(whole string, next byte) bool {
	switch next {
	case whole[*s]:
		*s++
	case whole[0]:
		*s = 1
	default:
		*s = 0
	}
	if int(*s) < len(whole) {
		return false
	}
	*s = 0
	return true
}
