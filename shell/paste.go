package shell

import (
	"bytes"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"netql/query/syntax"
)

// Bracketed paste, as xterm's manual of control sequences has it: while it is on, the terminal puts what is pasted
// between pasteStart and pasteEnd.
const (
	pasteOn    = "\x1b[?2004h"
	pasteOff   = "\x1b[?2004l"
	pasteStart = "\x1b[200~"
	pasteEnd   = "\x1b[201~"
)

// pasteMark is the key that stands for a paste where readline reads keys. It is of a private use area of Unicode, which
// no keyboard has; where one has it nevertheless, nothing was pasted.
const pasteMark = '\uf8ff'

// pastes are texts on their way from the goroutine that reads the keyboard to the one that changes the line.
type pastes struct {
	mutex sync.Mutex
	texts [][]rune
}

func (p *pastes) add(text string) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.texts = append(p.texts, []rune(text))
}

// next is the oldest text, which is taken; empty where there is none.
func (p *pastes) next() (text []rune) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if len(p.texts) > 0 {
		text, p.texts = p.texts[0], p.texts[1:]
	}
	return text
}

// endsPaste takes what was read for a part of a paste, and says whether the paste ends in it. The rest is then the mark
// of the paste and what follows it. Ctrl-C ends a paste whose end does not come, and forgets it. Of a longer paste than
// a query may be, one byte more is kept, so that Compile reports that the query is too long.
func (k *keyReader) endsPaste() bool {
	k.pasted = append(k.pasted, k.rest...)
	if text, rest, ended := bytes.Cut(k.pasted, []byte(pasteEnd)); ended {
		k.filter.pastes.add(pastedLine(string(text)))
		k.rest = append([]byte(string(pasteMark)), rest...)
	} else if i := bytes.LastIndexByte(k.pasted, ctrlCKey); i >= 0 {
		k.rest = bytes.Clone(k.pasted[i:])
	} else {
		if long := len(k.pasted) - len(pasteEnd); long > syntax.MaxLength {
			k.pasted = append(k.pasted[:syntax.MaxLength+1], k.pasted[long+1:]...)
		}
		return false
	}
	k.pasting, k.pasted = false, nil
	return true
}

// pastedLine is what is pasted as a part of one line, for several lines that are pasted are one query. Tabs and other
// blanks become spaces, and what cannot be typed is left out.
func pastedLine(text string) string {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	if text = strings.Trim(text, "\n"); strings.Contains(text, "\n") {
		text = oneLine(text)
	}
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == unicode.ReplacementChar || !strconv.IsPrint(r):
			return -1
		}
		return r
	}, text)
}
