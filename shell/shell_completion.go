package shell

import (
	"strings"

	"netql/query/schema"
	"netql/shell/complete"
)

// completeCommand is the command by which the completion scripts ask for the ways to complete a query that is typed in
// a shell: __complete QUOTE TEXT WORDS... . QUOTE is the quote that is open, TEXT what stands behind it up to the
// cursor, and WORDS are those before it, whose flags say what is asked. It takes any flags, as the words are a command
// line of their own.
const completeCommand = "__complete"

// completeInShell writes a line for each candidate: the whole text with it, a tab, what a list shows of it, a tab, and
// its doc.
func (s *session) completeInShell(words []string) int {
	if len(words) < 2 {
		return s.usageFailure("", usagef("%s needs a quote and a text", completeCommand))
	}
	quote, text := words[0], words[1]
	o, _, err := parseArguments(append(words[2:], text)) // which may be the argument of the last flag
	if err != nil {
		return wrong // a word is half typed: there is nothing to offer, and nothing to say between keys
	}
	s.configure(&o)
	*s.options = o
	s.tables.Memory = o.memoryLimit()
	defer s.closeTarget()
	if s.applyColumns(o.columns) != nil || s.useOptions(&o) != nil {
		return wrong
	}
	found := s.candidates(text)
	before := text[:len(text)-len(found.Word)]
	var b strings.Builder
	for _, c := range found.Candidates {
		typed, ok := insideQuote(quote, c, before)
		if ok {
			b.WriteString(typed + c.End + "\t" + schema.Visible(c.Shown()) + "\t" + schema.Visible(c.Doc) + "\n")
		}
	}
	if len(found.Candidates) == 0 && found.Note != "" {
		b.WriteString("\t" + found.Note + "\t\n")
	}
	return s.print(b.String())
}

// insideQuote is the text with a candidate, as it can stand behind an open quote of a shell; false where it cannot, or
// not in the line that tells it. The language has two quotes, of which one is free.
func insideQuote(quote string, c complete.Candidate, before string) (string, bool) {
	candidate := c.Text
	if quote == `"` && c.Kind == complete.Value && strings.HasPrefix(candidate, `"`) {
		candidate = "'" + strings.Trim(candidate, `"`) + "'"
	}
	special := quote
	if quote == `"` {
		special = "\"$`\\!"
	}
	if strings.ContainsAny(candidate, special) || strings.ContainsAny(before, "\n\t") {
		return "", false
	}
	return before + candidate, true
}
