package shell

import (
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
)

// editingKeys are the control keys that readline acts on, without Ctrl-Z, with which readline would stop our parent as
// well. Any other control key it would put into the line, and so write it to the terminal.
const editingKeys = "\x00\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0b\x0c\r\x0e\x10\x12\x13\x14\x15\x17\x19\x1b\x7f"

// Keys as readline numbers them (its utils.go).
const (
	bell          = '\a'   // Ctrl-G
	transpose     = '\x14' // Ctrl-T
	metaTranspose = -5     // Meta Ctrl-T
	deleteChar    = '\x04' // Ctrl-D, and the key Delete
)

// deleteSequence is what the key Delete sends (ECMA-48: CSI 3 ~).
const deleteSequence = "\x1b[3~"

// narrowest is the width that readline is told for a narrower window. In a window of one column, or as wide as the
// prompt, its search for the end of a line never ends.
const narrowest = len(firstPrompt) + 1

// keyFilter keeps keys from readline with which it would panic or end the input. A panic in readline's goroutine ends
// the program, and leaves the terminal without echo.
type keyFilter struct {
	length  int         // of the line that is typed, in runes
	deletes atomic.Bool // the keys that were read last end with Delete; readline waits until it has handled them
	pastes  pastes      // what was pasted and is not in the line yet
	pasting bool        // the key that readline handles now stands for a paste

	// measure has readline ask for the width of the window. It does so at each key, in the goroutine that uses the
	// width: at SIGWINCH readline would write it in another one, without a lock.
	measure func()
}

// OnChange implements readline.Listener, after each key: it puts what was pasted into the line, and notes how long that
// is.
func (k *keyFilter) OnChange(line []rune, at int, _ rune) ([]rune, int, bool) {
	changed := k.pasting
	if k.pasting {
		k.pasting = false
		text := k.pastes.next()
		line, at = slices.Insert(line, at, text...), at+len(text)
	}
	k.length = len(line)
	return line, at, changed
}

// filter implements readline's FuncFilterInputRune. It lets readline ignore Delete in an empty line, where readline
// would take it for Ctrl-D and end the input; harmless replaces other keys.
func (k *keyFilter) filter(r rune) (rune, bool) {
	k.measure()
	k.pasting = r == pasteMark
	if r == deleteChar && k.length == 0 && k.deletes.Load() {
		return r, false
	}
	return k.harmless(r), true
}

// harmless gives BEL in place of a key that readline must not see: outside of a search readline does nothing for BEL.
// readline's own way to ignore a key is used for Delete alone, because after most keys it makes readline read on while
// a query runs. Negative runes are readline's numbers for arrows and the like; 0 is the end of the input.
func (k *keyFilter) harmless(r rune) rune {
	switch {
	case r == transpose && k.length < 2: // moves behind the end of the line
	case r == metaTranspose: // is put into the line
	case r < 0, strings.ContainsRune(editingKeys, r), strconv.IsPrint(r):
		return r
	}
	return bell
}
