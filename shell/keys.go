package shell

import (
	"strconv"
	"strings"
)

// editingKeys are the control keys that readline obeys, but for Ctrl-Z, which would stop our parent as well. It would
// put any other into the line, and so onto the terminal.
const editingKeys = "\x00\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0b\x0c\r\x0e\x10\x12\x13\x14\x15\x17\x19\x1b\x7f"

// Runes of readline's that are no letters (its utils.go).
const (
	bell          = '\a'   // Ctrl-G
	transpose     = '\x14' // Ctrl-T
	metaTranspose = -5     // Meta Ctrl-T
)

// narrowest is the width that readline is told of a window that is narrower. In a window as wide as the prompt, or of
// one column, it looks for the end of a line for ever.
const narrowest = len(firstPrompt) + 1

// keyFilter keeps from readline the keys that it cannot bear: a panic in its goroutine ends the program, and leaves
// the terminal without echo. It listens to how long the line is.
type keyFilter struct {
	length int
	// measure has readline ask for the width of the window. It does so at each key, in the goroutine that uses the
	// width: at SIGWINCH readline would write it in another one, without a lock.
	measure func()
}

// OnChange implements readline.Listener. It changes nothing.
func (k *keyFilter) OnChange(line []rune, _ int, _ rune) ([]rune, int, bool) {
	k.length = len(line)
	return nil, 0, false
}

// harmless replaces the keys that readline shall not see by BEL, which it takes for "leave the search". Its own way to
// ignore a key makes it read on while a query runs. Negative runes are its own, for arrows and the like; 0 is the end
// of the input.
func (k *keyFilter) harmless(r rune) rune {
	k.measure()
	switch {
	case r == transpose && k.length < 2: // moves behind the end of the line
	case r == metaTranspose: // is put into the line
	case r < 0, strings.ContainsRune(editingKeys, r), strconv.IsPrint(r):
		return r
	}
	return bell
}
