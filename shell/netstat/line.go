package netstat

import (
	"slices"
	"strings"
)

// line is what was typed, taken apart but not yet understood.
type line struct {
	flags []occurrence
	rest  []string // words that are neither flags nor arguments of one
	help  bool
}

// occurrence is a flag with its arguments.
type occurrence struct {
	letter    string
	arguments []string
	slash     bool // /x, as on DOS
}

func (o occurrence) String() string {
	mark := "-"
	if o.slash {
		mark = "/"
	}
	return strings.Join(append([]string{mark + o.letter}, o.arguments...), " ")
}

// has says whether one of the letters is there.
func (l *line) has(letters string) bool {
	return slices.ContainsFunc(l.flags, func(o occurrence) bool { return strings.Contains(letters, o.letter) })
}

// split takes words apart. Flags may be joined (-tulpn), an argument may follow its flag at once (-Ieth0, -I=eth0).
func split(words []string, protocols Protocols) *line {
	l := &line{}
	for len(words) > 0 {
		word := words[0]
		words = words[1:]
		switch {
		case word == "/?" || word == "-?":
			l.help = true
		case len(word) == 2 && word[0] == '/':
			l.flags = append(l.flags, occurrence{letter: word[1:], slash: true})
		case len(word) > 1 && word[0] == '-':
			words = l.splitGroup(word[1:], words, protocols)
		default:
			l.rest = append(l.rest, word)
		}
	}
	return l
}

// splitGroup takes the flags of one word apart. It gives the words that are left.
func (l *line) splitGroup(group string, words []string, protocols Protocols) []string {
	for group != "" {
		o := occurrence{letter: group[:1]}
		group = group[1:]
		take := takers[o.letter]
		switch attached := strings.TrimPrefix(group, "="); {
		case take.attached == nil:
		case attached != "" && take.attached(attached, protocols):
			o.arguments, group = []string{attached}, ""
		case group == "":
			n := take.ahead(words, protocols)
			o.arguments, words = words[:n], words[n:]
		}
		l.flags = append(l.flags, o)
	}
	return words
}

// taker says what is an argument of a flag, in whatever dialect has one.
type taker struct {
	attached func(text string, protocols Protocols) bool   // whether what is joined to the flag is
	ahead    func(words []string, protocols Protocols) int // how many of the next words are
}

var takers = map[string]taker{
	"I": {anything, oneWord},
	"f": {anything, oneWord},
	"M": {anything, oneWord},
	"N": {anything, oneWord},
	"w": {func(text string, _ Protocols) bool { return isNumber(text) }, oneWord},
	"p": {func(text string, protocols Protocols) bool { return protocols.known(text) }, protocolsAhead},
	"A": {func(text string, _ Protocols) bool { return isLinuxFamily(text) }, func(words []string, _ Protocols) int {
		if len(words) > 0 && isLinuxFamily(words[0]) {
			return 1
		}
		return 0
	}},
}

func anything(string, Protocols) bool { return true }

func oneWord(words []string, _ Protocols) int {
	if len(words) > 0 && isWord(words[0]) {
		return 1
	}
	return 0
}

// protocolsAhead counts the protocols that follow -p. A word behind them that is no number should be one, and counts too.
func protocolsAhead(words []string, protocols Protocols) int {
	n := 0
	for n < len(words) && protocols.known(words[n]) {
		n++
	}
	if n < len(words) && isWord(words[n]) && !isNumber(words[n]) {
		n++
	}
	return n
}

func isWord(word string) bool { return word != "" && word[0] != '-' }

func isNumber(word string) bool { return word != "" && strings.Trim(word, "0123456789") == "" }
