package netstat

import (
	"slices"
	"strings"
)

// line is what was typed, split into flags with their arguments and other words.
type line struct {
	flags    []occurrence
	rest     []string   // words that are neither flags nor arguments of one
	help     bool       // /?, -? or --help is among them
	version  bool       // --version is
	dialects []*Dialect // those whose flags they may be
}

// occurrence is a flag with its arguments.
type occurrence struct {
	letter    string   // "" for a long flag
	long      string   // the name of a long flag, as far as it was typed if no flag is meant
	among     []string // the long flags that it could be, if it is not one of them
	arguments []string
	slash     bool // it was written /x, as on DOS
}

func (o occurrence) String() string {
	return strings.Join(append([]string{o.name()}, o.arguments...), " ")
}

// name is the flag without its arguments.
func (o occurrence) name() string {
	switch {
	case o.letter == "":
		return "--" + o.long
	case o.slash:
		return "/" + o.letter
	}
	return "-" + o.letter
}

// is says whether it is this flag, with an argument or without.
func (o occurrence) is(f *Flag) bool {
	if o.letter == "" {
		return slices.Contains(f.Long, o.long)
	}
	return f.Letter == o.letter
}

// has says whether one of the letters is among the flags.
func (l *line) has(letters string) bool {
	return slices.ContainsFunc(l.flags, func(o occurrence) bool {
		return o.letter != "" && strings.Contains(letters, o.letter)
	})
}

// names says whether the flag is there with an argument.
func (l *line) names(letter string) bool {
	return slices.ContainsFunc(l.flags, func(o occurrence) bool { return o.letter == letter && len(o.arguments) > 0 })
}

// split takes words apart, which are flags of the dialects. Flags may be joined (-tulpn), an argument may follow its
// flag at once (-Ieth0, -I=eth0).
func split(words []string, dialects []*Dialect, protocols Protocols) *line {
	l := &line{dialects: dialects}
	for len(words) > 0 {
		word := words[0]
		words = words[1:]
		switch {
		case word == "/?" || word == "-?" || word == "--help":
			l.help = true
		case word == "--version":
			l.version = true
		case l.isSlashed(word):
			words = l.splitGroup(strings.ToLower(word[1:]), true, words, protocols)
		case len(word) > 2 && strings.HasPrefix(word, "--"):
			words = l.splitLong(word[2:], words)
		case len(word) > 1 && word[0] == '-':
			words = l.splitGroup(word[1:], false, words, protocols)
		default:
			l.rest = append(l.rest, word)
		}
	}
	return l
}

// isSlashed says whether a word is flags as on DOS: /a, or /ano.
func (l *line) isSlashed(word string) bool {
	if len(word) < 2 || word[0] != '/' || !slices.ContainsFunc(l.dialects, func(d *Dialect) bool { return d.anyCase }) {
		return false
	}
	return len(word) == 2 || areSlashed(word)
}

// areSlashed says whether a word is flags of Windows behind a slash.
func areSlashed(word string) bool {
	letters, slashed := strings.CutPrefix(word, "/")
	for _, letter := range strings.ToLower(letters) {
		if !slices.ContainsFunc(windowsFlags, func(f Flag) bool { return f.Letter == string(letter) }) {
			return false
		}
	}
	return slashed && letters != ""
}

// splitGroup takes the flags of one word apart, which stand behind a dash or a slash. It gives the words that are left.
func (l *line) splitGroup(group string, slash bool, words []string, protocols Protocols) []string {
	if len(l.dialects) == 1 && l.dialects[0].anyCase {
		group = strings.ToLower(group)
	}
	for group != "" {
		o := occurrence{letter: group[:1], slash: slash}
		group = group[1:]
		rule := l.argumentRule(o.letter)
		switch attached := strings.TrimPrefix(group, "="); {
		case rule.attached == nil, !l.takesArgument(o.letter):
		case attached != "" && rule.attached(attached, protocols):
			o.arguments, group = []string{attached}, ""
		case group == "":
			n := rule.following(words, protocols)
			o.arguments, words = words[:n], words[n:]
		}
		l.flags = append(l.flags, o)
	}
	return words
}

// takesArgument says whether one of the dialects has the flag with an argument.
func (l *line) takesArgument(letter string) bool {
	return slices.ContainsFunc(l.dialects, func(d *Dialect) bool {
		return slices.ContainsFunc(d.Flags, func(f Flag) bool { return f.Letter == letter && f.Argument != "" })
	})
}

// argumentRule says which text is an argument of a flag, in any dialect where the flag takes one.
type argumentRule struct {
	attached  func(text string, protocols Protocols) bool   // whether text joined to the flag is one
	following func(words []string, protocols Protocols) int // how many of the next words are
}

// argumentRule is the rule for a flag. Where the dialect is known, what stands behind a flag with an argument is one,
// as with getopt(3); only the protocols of -p may be several.
func (l *line) argumentRule(letter string) argumentRule {
	if len(l.dialects) == 1 && letter != "p" {
		return argumentRule{anything, oneWord}
	}
	return argumentRules[letter]
}

// argumentRules are by letter; flags that are not among them take no argument in any dialect.
var argumentRules = map[string]argumentRule{
	"I": {anything, oneWord},
	"f": {anything, func(words []string, _ Protocols) int {
		if len(words) > 0 && isWord(words[0]) && !isNumber(words[0]) {
			return 1
		}
		return 0 // of Windows
	}},
	"q": {isNumberText, oneNumber},
	"M": {anything, oneWord},
	"N": {anything, oneWord},
	"w": {isNumberText, oneWord},
	"p": {func(text string, protocols Protocols) bool { return protocols.known(text) }, followingProtocols},
	"A": {func(text string, _ Protocols) bool { return areLinuxFamilies(text) }, func(words []string, _ Protocols) int {
		if len(words) > 0 && areLinuxFamilies(words[0]) {
			return 1
		}
		return 0
	}},
}

func anything(string, Protocols) bool { return true }

func isNumberText(text string, _ Protocols) bool { return isNumber(text) }

func oneNumber(words []string, _ Protocols) int {
	if len(words) > 0 && isNumber(words[0]) {
		return 1
	}
	return 0
}

func oneWord(words []string, _ Protocols) int {
	if len(words) > 0 && isWord(words[0]) {
		return 1
	}
	return 0
}

// followingProtocols counts the protocols that follow -p. A word behind them that is no number is taken for one, too,
// so that a misspelt protocol is an error and not a word of its own.
func followingProtocols(words []string, protocols Protocols) int {
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
