package query

import (
	"net/netip"
	"strconv"
	"strings"

	"netql/query/expression"
	"netql/query/schema"
	"netql/query/syntax"
)

// oneWord is the edit for a table with one word behind it, which is no condition: the stage of that name, or the rows
// in which the word is, as a port, an address, a word of an enum or a name.
func (m *mender) oneWord(text string, wrong *syntax.Error) (*syntax.Fix, bool) {
	at := stageAt(text, wrong.Range.Start)
	words := strings.Fields(text[at.Start:at.End])
	if at.Start != 0 || len(words) != 2 || wrong.Fix != nil && wrong.Hint != "" {
		return nil, false
	}
	plan, err := m.beginning(words[0])
	if err != nil {
		return nil, false
	}
	f := &foreignStage{input: plan.Schema()}
	condition := f.meantBy(words[1])
	if _, address := wordValue(words[1]).(netip.Addr); address && plan.table.asks() {
		condition = plan.table.AskedBy[0] + " == " + words[1]
	}
	if _, isStage := Language.Stage(words[1]); isStage {
		condition = "| " + words[1]
	}
	if condition == "" {
		return nil, false
	}
	return &syntax.Fix{Range: at, Text: words[0] + " " + condition + " "}, true
}

// meantBy is the condition that a word alone stands for; "" for none.
func (f *foreignStage) meantBy(word string) string {
	word = strings.Trim(word, `"'`)
	if port, behind := strings.CutPrefix(word, ":"); behind && plainName(port) {
		word = port
	}
	value := wordValue(word)
	if _, column := expression.FindColumn(f.input, word); column {
		return ""
	}
	if _, routes := expression.FindColumn(f.input, "dst"); routes && word == "default" {
		return "dst == " + everywhere
	}
	if condition := f.stateNamed(word); condition != "" {
		return condition
	}
	name, named := expression.FindColumn(f.input, "name")
	if named && value == nil && name.Type.Kind == schema.Text && plainName(word) {
		if name.Parts {
			return "name contains " + strconv.Quote(word)
		}
		return "name == " + strconv.Quote(word)
	}
	if value == nil && !plainName(word) {
		return ""
	}
	return f.holding(word, false)
}

// stateNamed is the condition that the state of a row is the word: a column that is shown and is called so, such as
// state and operstate.
func (f *foreignStage) stateNamed(word string) string {
	for _, c := range f.input.Visible() {
		if c.Type.Kind == schema.Enum && c.Type.Words != nil && strings.HasSuffix(c.Name, "state") {
			if canonical, isWord := c.Type.Words.Find(word); isWord {
				return Language.Identifier(c.Name).String() + " == " + canonical
			}
		}
	}
	return ""
}

// everywhere is the destination of a default route.
const everywhere = "0.0.0.0/0"

// defaultRoute is the edit for the word default where a prefix is compared, as iproute2 has it.
func defaultRoute(text string, wrong *syntax.Error) (*syntax.Fix, bool) {
	at := wrong.Range
	if at.Start < 0 || at.End > len(text) || at.Start > at.End || text[at.Start:at.End] != "default" ||
		!strings.HasSuffix(strings.TrimRight(text[:at.Start], " ="), "dst") {
		return nil, false
	}
	return &syntax.Fix{Range: at, Text: everywhere}, true
}

// plainName says whether a word is of the letters that names of interfaces, programs and users have.
func plainName(word string) bool {
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789-_."
	return word != "" && word[0] != '-' && strings.Trim(strings.ToLower(word), letters) == ""
}

// withoutCounterpart is the hint for a stage of other languages that no stage does; "" for others.
func withoutCounterpart(text string, wrong *syntax.Error) string {
	at := stageAt(text, wrong.Range.Start)
	if at.Start == 0 {
		return ""
	}
	word, rest, _ := strings.Cut(strings.TrimSpace(text[at.Start:at.End]), " ")
	switch negative := strings.HasPrefix(strings.TrimSpace(rest), "-"); {
	case word == "skip" || word == "offset":
		return noOffset
	case negative && (word == "limit" || word == "take"):
		return "a number of rows is 0 or more; without limit all are shown"
	case word == "format" || word == "output":
		return "the format is chosen outside of the query: --format json, or at the prompt: format json"
	case word == "tail" || word == "last":
		return "rows have no last ones before a sort: sort COLUMN desc | limit 10"
	}
	return ""
}
