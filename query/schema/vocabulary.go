package schema

import (
	"strings"
	"sync"
	"unicode"
)

// Level says whether a word is good or bad news; renderers colour by it.
type Level uint8

// The levels, from unremarkable to alarming.
const (
	Plain Level = iota
	Good
	Busy
	Bad
)

// Word is one value of an enum or one flag.
type Word struct {
	Name    string   // the one spelling that is shown
	Aliases []string // other spellings that queries may use
	Level   Level
}

// Vocabulary is the list of words that an enum or flags column takes, in the order in which they sort. In an open one
// the kernel may have other values, too.
type Vocabulary struct {
	words []Word
	index func() map[string]int // folded spelling to word, and canonical name to word; made when it is first needed
	open  bool
}

// NewVocabulary declares the words in their sorting order.
func NewVocabulary(words ...Word) *Vocabulary {
	return &Vocabulary{words: words, index: sync.OnceValue(func() map[string]int { return indexOf(words) })}
}

func indexOf(words []Word) map[string]int {
	index := map[string]int{}
	for i, w := range words {
		for _, alias := range w.Aliases {
			index[fold(alias)] = i
		}
	}
	for i, w := range words { // after the aliases: a word is always itself
		index[w.Name] = i
		index[fold(w.Name)] = i
	}
	return index
}

// Words declares a vocabulary of words that need no aliases.
func Words(names ...string) *Vocabulary {
	words := make([]Word, len(names))
	for i, name := range names {
		words[i] = Word{Name: name}
	}
	return NewVocabulary(words...)
}

// OpenWords declares an open vocabulary of words without aliases. Queries write other values in quotes.
func OpenWords(names ...string) *Vocabulary {
	v := Words(names...)
	v.open = true
	return v
}

// Open says whether there may be values besides the words.
func (v *Vocabulary) Open() bool { return v.open }

// Find gives the canonical spelling of a word. Case, and the choice between - _ and space, do not matter.
func (v *Vocabulary) Find(spelling string) (string, bool) {
	i, ok := v.index()[fold(spelling)]
	if !ok {
		return "", false
	}
	return v.words[i].Name, true
}

// Words are all words, in sorting order.
func (v *Vocabulary) Words() []Word { return v.words }

// Rank is the place of a canonical word in the sorting order; a word that the vocabulary lacks comes last.
func (v *Vocabulary) Rank(name string) int {
	if i, ok := v.index()[name]; ok {
		return i
	}
	return len(v.words)
}

// Level is that of a canonical word; Plain for one that the vocabulary lacks.
func (v *Vocabulary) Level(name string) Level {
	if i, ok := v.index()[name]; ok {
		return v.words[i].Level
	}
	return Plain
}

// fold maps the spellings that count as the same to one.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' {
			return '_'
		}
		return unicode.ToUpper(r)
	}, s)
}
