package query

import (
	"regexp"
	"strings"

	"netql/query/expression"
	"netql/query/syntax"
)

// typedHabit is the edit for what is no stage of another language, but a way to write conditions there.
func (m *mender) typedHabit(text string, wrong *syntax.Error) (*syntax.Fix, bool) {
	if at := wrong.Range; at.Start < 0 || at.Start > at.End || at.End > len(text) {
		return nil, false
	}
	edits := [...]func(string, *syntax.Error) (*syntax.Fix, bool){
		afterTable, qualified, m.either, endpoint, missingComparison, aggregatesInSelect,
	}
	for _, edit := range edits {
		if fix, ok := edit(text, wrong); ok {
			return fix, true
		}
	}
	return nil, false
}

// afterTable is the edit for an operator between the table and its condition: sockets and state == LISTEN. A || before
// a stage is a |.
func afterTable(text string, wrong *syntax.Error) (*syntax.Fix, bool) {
	at := wrong.Range
	if len(strings.Fields(text[:at.Start])) != 1 {
		return nil, false
	}
	switch operator := strings.ToLower(strings.TrimPrefix(wrong.Message, "unexpected ")); operator {
	case "and", "&&", "or", "on", "with", ":":
		return &syntax.Fix{Range: at}, true
	case "||":
		if _, stage := Language.Stage(syntax.FirstWord(text[at.End:]).Name); stage {
			return &syntax.Fix{Range: at, Text: "|"}, true
		}
		return &syntax.Fix{Range: at}, true
	}
	return nil, false
}

// qualified is the edit for columns with the table before them, as SQL has them: sockets.lport == 22.
func qualified(text string, _ *syntax.Error) (*syntax.Fix, bool) {
	start := len(text) - len(strings.TrimLeft(text, " \t"))
	table := syntax.FirstWord(text).Name
	rest, found := strings.CutPrefix(text[start:], table+".")
	if table == "" || !found {
		return nil, false
	}
	if word := syntax.FirstWord(rest).Name; word != "" && strings.TrimSpace(rest) == word {
		rest = "| select " + word
	}
	unqualified := table + " " + strings.ReplaceAll(rest, table+".", "")
	return &syntax.Fix{Range: syntax.Range{Start: 0, End: len(text)}, Text: unqualified}, true
}

// eitherSide are words for what a socket has on both sides, and the columns of these.
var eitherSide = map[string][2]string{"port": {"lport", "rport"}, "ip": {"laddr", "raddr"}, "addr": {"laddr", "raddr"},
	"address": {"laddr", "raddr"}, "host": {"laddr", "raddr"}}

// comparedSide is such a word and what it is compared with, as a regular expression.
const comparedSide = `^([a-z]+)\s*(==?|\bin\b|)\s*(\[[^\]]*\]|\([^)]*\)|[0-9a-fA-F][^\s|&()]*)`

// either is the edit for a comparison of port or address without saying whose: those of both sides.
func (m *mender) either(text string, wrong *syntax.Error) (*syntax.Fix, bool) {
	start := wrong.Range.Start
	before := strings.TrimRight(text[:start], " ")
	if word := lastWord(before); len(before) < start && eitherSide[word] != [2]string{} { // port 22
		start = len(before) - len(word)
	}
	parts := regexp.MustCompile(comparedSide).FindStringSubmatch(text[start:])
	if parts == nil {
		return nil, false
	}
	sides, operator := eitherSide[parts[1]], parts[2]
	plan, err := m.beginning(syntax.FirstWord(text).Name)
	if err != nil || sides[0] == "" {
		return nil, false
	}
	if _, there := expression.FindColumn(plan.Schema(), sides[0]); !there {
		return nil, false
	}
	if operator != "in" {
		operator = "=="
	}
	comparison := " " + operator + " " + parts[3]
	return &syntax.Fix{Range: syntax.Range{Start: start, End: start + len(parts[0])},
		Text: "(" + sides[0] + comparison + " or " + sides[1] + comparison + ")"}, true
}

// lastWord is the word that a text ends with.
func lastWord(text string) string { return text[strings.LastIndexAny(text, " \t|(")+1:] }

// withPort is a comparison of an address with one that has a port behind it, as a regular expression.
const withPort = `\b([lr])addr\s*==?\s*["']?([0-9.]+):([0-9]+)["']?`

// endpoint is the edit for an address with its port: both are compared.
func endpoint(text string, wrong *syntax.Error) (*syntax.Fix, bool) {
	pattern := regexp.MustCompile(withPort)
	at := pattern.FindStringSubmatchIndex(text)
	if at == nil || wrong.Range.Start < at[0] || wrong.Range.Start >= at[1] {
		return nil, false
	}
	both := pattern.ReplaceAllString(text[at[0]:at[1]], "(${1}addr == $2 and ${1}port == $3)")
	return &syntax.Fix{Range: syntax.Range{Start: at[0], End: at[1]}, Text: both}, true
}

// missingComparison is the edit for a column and a value without an operator: state listen, lport 22.
func missingComparison(text string, wrong *syntax.Error) (*syntax.Fix, bool) {
	at := wrong.Range.Start
	column := lastWord(strings.TrimRight(text[:at], " \t"))
	isColumn := plainName(column) && (column[0] < '0' || column[0] > '9')
	if !isColumn || !strings.HasPrefix(wrong.Message, "unexpected ") || wrong.Fix != nil || at == len(text) {
		return nil, false
	}
	if value := text[at : at+1]; strings.IndexByte("\"'`[", value[0]) < 0 && !plainName(value) {
		return nil, false
	}
	return &syntax.Fix{Range: syntax.Range{Start: at, End: at}, Text: "== "}, true
}

// aggregatesInSelect is the edit for aggregates in a select, which stand in group and stats.
func aggregatesInSelect(text string, wrong *syntax.Error) (*syntax.Fix, bool) {
	stage := stageAt(text, wrong.Range.Start)
	items, found := strings.CutPrefix(strings.TrimSpace(text[stage.Start:stage.End]), "select ")
	if stage.Start == 0 || !found || !strings.Contains(items, "(") {
		return nil, false
	}
	var keys []string
	for item := range strings.SplitSeq(items, ",") {
		if item = strings.TrimSpace(item); !strings.ContainsAny(item, "()") {
			keys = append(keys, item)
		}
	}
	statement := "select " + items + " from x"
	if keys != nil {
		statement += " group by " + strings.Join(keys, ", ")
	}
	query, _, ok := fromSelect(statement)
	instead, grouped := strings.CutPrefix(query, "x | ")
	if !ok || !grouped || strings.HasPrefix(instead, "select") {
		return nil, false
	}
	return &syntax.Fix{Range: stage, Text: " " + instead + " "}, true
}
