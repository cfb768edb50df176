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
	backspace     = '\x7f'
	lineEnd       = '\x05' // Ctrl-E, End
	forward       = '\x06' // Ctrl-F, the right arrow
	next          = '\x0e' // Ctrl-N, the down arrow
	previous      = '\x10' // Ctrl-P, the up arrow
	searchBack    = '\x12' // Ctrl-R
	searchForward = '\x13' // Ctrl-S
)

// deleteSequence is what the key Delete sends (ECMA-48: CSI 3 ~).
const deleteSequence = "\x1b[3~"

// keyFilter keeps keys from readline with which it would panic or end the input. A panic in readline's goroutine ends
// the program, and leaves the terminal without echo.
type keyFilter struct {
	length  int         // of the line that is typed, in runes
	deletes atomic.Bool // the keys that were read last end with Delete; readline waits until it has handled them
	pastes  pastes      // what was pasted and is not in the line yet
	pasting bool        // the key that readline handles now stands for a paste
	// pasted is what is pasted between two parts of the line, as a part of it.
	pasted func(before, text, after string) string
	edits  atomic.Bool // the line that was read last shall be edited in an editor

	initial string            // the text with which the next line begins
	set     func(text string) // puts a text into the line

	recall    recall
	step      int  // the key that readline handles now is an arrow, up -1, down 1; else 0
	searching bool // readline is in a search
	searched  bool // it was when the arrow was pressed
	atEnd     bool // the cursor was at the end of the line before this key
	suggests  bool // the rest of an earlier entry is shown behind the line

	// measure has readline ask for the width of the window. It does so at each key, in the goroutine that uses the
	// width: at SIGWINCH readline would write it in another one, without a lock.
	measure func()
}

// lineBegins is what readline calls OnChange with, in place of a key, where a line begins.
const lineBegins = 0

// OnChange implements readline.Listener, after each key: it puts what was pasted into the line, or an earlier entry, or
// what was suggested, and notes how long the line is.
// Where a line begins it does nothing: readline calls it in the goroutine that wants the line, while its own may still
// be about the key that ended the line before, after which it notes that the line is empty.
func (k *keyFilter) OnChange(line []rune, at int, key rune) ([]rune, int, bool) {
	if key == lineBegins {
		return nil, 0, false
	}
	changed := true
	switch {
	case k.pasting:
		text := []rune(k.pasted(string(line[:at]), k.pastes.next(), string(line[at:])))
		line, at = slices.Insert(line, at, text...), at+len(text)
	case k.step != 0:
		var entry string
		if entry, changed = k.recall.step(string(line), k.step, k.searched); changed {
			line = []rune(entry)
			at = len(line)
		}
	case key == forward && k.atEnd && k.suggests:
		line = append(line, []rune(k.recall.suggestion(string(line)))...)
		at = len(line)
	default:
		changed = false
	}
	k.pasting, k.step = false, 0
	k.length, k.atEnd = len(line), at == len(line)
	return line, at, changed
}

// begin puts the text into the line with which it begins. readline's ReadlineWithDefault would do so, and show the
// prompt, while the terminal still is in its usual mode, where Ctrl-C forgets everything that was typed at that prompt.
func (k *keyFilter) begin() {
	if k.initial != "" {
		k.set(k.initial)
		k.initial = ""
	}
}

// filter implements readline's FuncFilterInputRune. It lets readline ignore Delete in an empty line, where readline
// would take it for Ctrl-D and end the input; harmless replaces other keys.
func (k *keyFilter) filter(r rune) (rune, bool) {
	k.measure()
	k.pasting = r == pasteMark
	if r == previous || r == next {
		return k.arrow(r), true
	}
	if r == deleteChar && k.length == 0 && k.deletes.Load() {
		return r, false
	}
	r = k.harmless(r)
	switch {
	case r == searchBack, r == searchForward:
		k.searching = true
	case r != backspace && r != '\b' && !strconv.IsPrint(r):
		k.searching = false
	}
	return r, true
}

// arrow notes an arrow key, for which OnChange changes the line, and gives readline a key that does nothing; in a
// search one that ends it with what was found.
func (k *keyFilter) arrow(r rune) rune {
	k.step, k.searched = 1, k.searching
	if r == previous {
		k.step = -1
	}
	if k.searching = false; k.searched {
		return lineEnd
	}
	return bell
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
