package query

import (
	"strconv"
	"strings"

	"netql/query/syntax"
)

// quoting is the edit that puts quotes around a text without them which is no word, such as user@1000.service or
// /usr/bin/sshd, if a mistake is in such a text, and that stands behind a comparison.
func quoting(text string, place int) (*syntax.Fix, bool) {
	const around = " \t\r\n()[]{},|"
	start := strings.LastIndexAny(text[:place], around) + 1
	end := len(text)
	if i := strings.IndexAny(text[place:], around); i >= 0 {
		end = place + i
	}
	word := strings.TrimRight(text[start:end], ";")
	if !strings.ContainsAny(word, ".@:/+%-") || strings.ContainsAny(word, "\"'`=<>!~&$\\") || !opensText(text[:start]) {
		return nil, false
	}
	return &syntax.Fix{Range: syntax.Range{Start: start, End: start + len(word)}, Text: strconv.Quote(word)}, true
}

// opensText says whether a value is to follow a text: it ends with a comparison, or within a list behind in.
func opensText(text string) bool {
	text = strings.ToLower(strings.TrimRight(text, " \t\r\n"))
	if list := strings.LastIndexAny(text, "(["); list > 0 && (strings.HasSuffix(text, ",") || list == len(text)-1) {
		return strings.HasSuffix(strings.TrimRight(text[:list], " "), " in")
	}
	for _, operator := range [...]string{"=", "<>", " contains", " startswith", " endswith", " matches"} {
		if strings.HasSuffix(text, operator) {
			return true
		}
	}
	return false
}
