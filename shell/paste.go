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
	texts []string
}

func (p *pastes) add(text string) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.texts = append(p.texts, text)
}

// next is the oldest text, which is taken; empty where there is none.
func (p *pastes) next() (text string) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if len(p.texts) > 0 {
		text, p.texts = p.texts[0], p.texts[1:]
	}
	return text
}

// endsPaste takes what was read for a part of a paste, and says whether the paste ends in it. The rest is then the mark
// of the paste and what follows it. Ctrl-C ends a paste whose end does not come, and forgets it, if it is a key: what
// is pasted may hold one as well, and behind it what would be keys then. Of a longer paste than a query may be, one
// byte more is kept, so that Compile reports that the query is too long.
func (k *keyReader) endsPaste() bool {
	k.pasted = append(k.pasted, k.rest...)
	if text, rest, ended := bytes.Cut(k.pasted, []byte(pasteEnd)); ended {
		k.filter.pastes.add(string(text))
		k.rest = append([]byte(string(pasteMark)), rest...)
	} else if i := bytes.LastIndexByte(k.rest, ctrlCKey); i >= 0 && len(k.rest) <= longestTyped {
		k.rest = k.rest[i:]
	} else {
		if long := len(k.pasted) - len(pasteEnd); long > syntax.MaxLength {
			k.pasted = append(k.pasted[:syntax.MaxLength+1], k.pasted[long+1:]...)
		}
		return false
	}
	k.pasting, k.pasted = false, nil
	return true
}

// longestTyped is how many bytes come at once where a person presses keys. A paste comes in blocks of thousands; a last
// one of so few bytes has no room for a command behind Ctrl-C, and for its Enter.
const longestTyped = 3

// pasted is what is pasted between two parts of a line, as a part of it. Several lines may be one query, and have
// semicolons between them where they are several statements. It runs in readline's goroutine, where a panic would end
// the program: where it fails, the lines are joined as they are.
func (s *session) pasted(before, text, after string) (line string) {
	text = strings.NewReplacer(byteOrderMark, "", "\r\n", "\n", "\r", "\n").Replace(text)
	if text = strings.Trim(text, "\n"); !strings.Contains(text, "\n") {
		return visibleLine(text)
	}
	defer func() {
		if recover() != nil {
			line = visibleLine(oneLine(text))
		}
	}()
	long, whole := len(text) > longestSplit, s.before(before)+before+text+after
	if long && s.compiles(cutComments(whole, "--")) || !long && s.isOneQuery(whole) {
		return visibleLine(oneLine(text))
	}
	all := s.statementsIn(strings.NewReader(text))
	if long {
		all.incomplete = func(string) bool { return false }
	}
	return visibleLine(joinStatements(all))
}

// longestSplit is how long a paste may be, in bytes, in which statements go on where they are incomplete: each of their
// lines has all before it compiled, while the person waits for the line. Those of a longer one go on with | alone.
const longestSplit = 4 << 10

// joinStatements is all statements in one line.
func joinStatements(all *statements) string {
	var lines []string
	for {
		statement, _, err := all.next()
		if err != nil {
			return strings.Join(lines, "; ")
		}
		if _, found := cutShellWord(statement); !found {
			statement = cutComments(statement, "")
		}
		lines = append(lines, oneLine(statement))
	}
}

// visibleLine is a text with a space for each tab and other blank, and without what cannot be typed.
func visibleLine(text string) string {
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
