package syntax

import (
	"slices"
	"strings"
)

// StageKind is a kind of stage: what parser, documentation, help and completion know of it. The engine compiles the
// Nodes that its parser makes.
type StageKind struct {
	Name    string   // the word that starts it
	Aliases []string // other words that start it
	Usage   string   // how it is written
	Doc     string   // what it does, in a line
	Details string   // sentences that tell the rest; "" where Doc tells all
	// Example is a query that uses it. People see it in help; tests run it on the machine, and over made-up sockets and
	// services (exampleCatalog in query/pushdown_test.go), of which it gives a row. So it names these tables and
	// columns of theirs.
	Example string
	Parse   func(*Parser) (Node, *Error) // reads what follows the word, up to the next | or the end
	// Words are the other words that its parser looks for where a name may stand. Names spelt so are quoted.
	Words []string

	Filter bool // may stand right after the table, without | and without its word; one stage of a language may
	// First says that nothing but filters may stand before it, and that its rows have no end, so that stages which
	// need one are refused after it.
	First bool
	// NeedsEnd says that the stage has to see all rows before it can hand one on.
	NeedsEnd bool
	// Last is above 0 where only stages with a greater Last may come after it.
	Last int
}

// Node is what a stage's parser makes of the text.
type Node interface {
	// String is the canonical text of the stage, from its word on.
	String() string
}

// Stage is one step of the pipeline.
type Stage struct {
	Kind  *StageKind
	Range Range // in the text, from its first word on
	Node
}

// Language is the kinds of stages of a language, in the order in which people are told of them.
type Language []StageKind

// Stage is the kind of stage that a word starts, in any case.
func (l Language) Stage(word string) (*StageKind, bool) {
	for i, kind := range l {
		same := func(name string) bool { return strings.EqualFold(name, word) }
		if same(kind.Name) || slices.ContainsFunc(kind.Aliases, same) {
			return &l[i], true
		}
	}
	return nil, false
}

// exampleStage is the stage in its example.
func (k *StageKind) exampleStage() string {
	for part := range strings.SplitSeq(k.Example, " | ") {
		if strings.HasPrefix(part, k.Name+" ") {
			return part
		}
	}
	return k.Example
}

// Identifier is a name in the language, which says how a query spells it.
func (l Language) Identifier(name string) Identifier {
	return Identifier{Name: name, reserved: l.reserved(name)}
}

// reserved says whether a name would be taken for a word of some stage.
func (l Language) reserved(name string) bool {
	return slices.ContainsFunc(l, func(kind StageKind) bool {
		return slices.ContainsFunc(kind.Words, func(word string) bool { return strings.EqualFold(word, name) })
	})
}

// Words are all words that start a stage, sorted.
func (l Language) Words() []string {
	var words []string
	for _, kind := range l {
		words = append(append(words, kind.Name), kind.Aliases...)
	}
	slices.Sort(words)
	return words
}

// filter is the kind of stage that may stand right after the table.
func (l Language) filter() *StageKind {
	return &l[slices.IndexFunc(l, func(kind StageKind) bool { return kind.Filter })]
}

// names are those of the kinds of stages that satisfy a condition.
func (l Language) names(is func(StageKind) bool) (names []string) {
	for _, kind := range l {
		if is(kind) {
			names = append(names, kind.Name)
		}
	}
	return names
}
