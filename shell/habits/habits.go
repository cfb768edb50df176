// Package habits answers lines that people type out of habit, of SQL consoles, of iproute2, of kubectl, of a shell:
// with the line of netql that does the same. The lines are rows of data, a file for each family of programs.
package habits

import (
	"net/netip"
	"slices"
	"strings"

	"netql/query"
)

// Answer is what a line that is typed out of habit is answered with.
type Answer struct {
	Line string // what to type instead: a query, or a word of the prompt with its arguments; "" if there is none
	Says string // what to do where there is no such line
	Same bool   // the line means nothing else, so that the prompt runs it without asking
}

// habit is a line of another program, and the answer to it. typed is a pattern of words with blanks between them: a
// word in small letters stands for itself, a|b for either, [a] may be missing, -* is any number of words that begin
// with a minus, and ... any words at all. The placeholders may stand in line and says, too.
type habit struct {
	typed, line string
	says        string // as in Answer; so is same
	same        bool
}

// Find is the answer to a line; false for a line that is no such habit. What follows a | is for the query to say.
func Find(text string, catalog *query.Catalog) (Answer, bool) {
	text = strings.Trim(text, "; \t\n")
	if line := unprefixed(text); line != text && line != "" {
		if answer, ok := Find(line, catalog); ok {
			return answer, true
		}
		return Answer{Line: line}, true
	}
	before, after, piped := strings.Cut(text, "|")
	if piped {
		if answer, ok := find(before, catalog); ok && answer.Line != "" {
			name, _, _ := strings.Cut(answer.Line, " ")
			_, isQuery := catalog.Table(name)
			return Answer{Line: answer.Line + " |" + after, Same: answer.Same && isQuery}, true
		}
	}
	return find(text, catalog)
}

func find(text string, catalog *query.Catalog) (Answer, bool) {
	words := strings.Fields(text)
	if len(words) == 0 || len(words) > maxWords {
		return Answer{}, false
	}
	for _, family := range [...][]habit{consoles, sqlWords, iproute, tools, clusters, shells} {
		for _, h := range family {
			m := match{catalog: catalog}
			if m.matches(strings.Fields(h.typed), words) {
				return Answer{m.filled(h.line), m.filled(h.says), h.same}, true
			}
		}
	}
	return Answer{}, false
}

// unprefixed is a line without what starts netql in a shell, or another program for somebody else, and without the
// quotes around the rest.
func unprefixed(text string) string {
	first, rest, _ := strings.Cut(text, " ")
	if !slices.Contains([]string{"sudo", "doas", "netql", "./netql", "netql>", "$", "#"}, first) {
		return text
	}
	rest = unprefixed(strings.TrimSpace(rest))
	if n := len(rest) - 1; n > 0 && strings.IndexByte(`"'`, rest[0]) >= 0 &&
		strings.IndexByte(rest[1:], rest[0]) == n-1 {
		rest = strings.TrimSpace(rest[1:n])
	}
	if strings.HasPrefix(rest, "--") {
		return text
	}
	if strings.HasPrefix(rest, "-") {
		return "netstat " + rest
	}
	return rest
}

// maxWords bounds what a long line can cost.
const maxWords = 40

// match is what the words of a pattern stand for.
type match struct {
	catalog *query.Catalog
	values  [][2]string // a placeholder, and its text
}

// matches says whether the words are such as the pattern wants.
func (m *match) matches(pattern, words []string) bool {
	if len(pattern) == 0 {
		return len(words) == 0
	}
	part, rest := pattern[0], pattern[1:]
	optional, isOptional := strings.CutPrefix(part, "[")
	switch {
	case part == "...":
		return true
	case part == "REST":
		m.values = append(m.values, [2]string{part, strings.Join(words, " ")})
		return true
	case part == "-*":
		return m.matches(rest, words) ||
			len(words) > 0 && strings.HasPrefix(words[0], "-") && m.matches(pattern, words[1:])
	}
	kept := m.values
	if len(words) > 0 && m.matchesWord(strings.TrimSuffix(optional, "]"), words[0]) && m.matches(rest, words[1:]) {
		return true
	}
	m.values = kept
	return isOptional && m.matches(rest, words)
}

// matchesWord says whether a word is what a part of a pattern wants, and keeps what a placeholder stands for.
func (m *match) matchesWord(part, word string) bool {
	for _, p := range placeholders {
		if p.name == part {
			value, ok := p.value(m.catalog, word)
			m.values = append(m.values, [2]string{part, value})
			return ok
		}
	}
	return slices.ContainsFunc(strings.Split(part, "|"), func(one string) bool {
		return one == word || strings.EqualFold(one, word) && !strings.HasPrefix(one, `\`)
	})
}

// placeholders stand for a word of some kind, and for a part of it.
var placeholders = [...]struct {
	name  string
	value func(catalog *query.Catalog, word string) (string, bool)
}{
	// the name of a table, the beginning of one, or another word for one
	{"TABLE", func(c *query.Catalog, word string) (string, bool) { return c.Meant(word) }},
	{"NUMBER", func(_ *query.Catalog, word string) (string, bool) {
		return word, strings.Trim(word, "0123456789") == ""
	}},
	// a number behind a minus
	{"DASHED", func(_ *query.Catalog, word string) (string, bool) {
		number, dashed := strings.CutPrefix(word, "-")
		return number, dashed && number != "" && strings.Trim(number, "0123456789") == ""
	}},
	// the number or name of a port as lsof takes it, of any protocol or of one: :22, -i:22, -iTCP:22
	{"PORT", portBehind("", "-i")},
	{"TCPPORT", portBehind("tcp", "-iTCP")},
	{"UDPPORT", portBehind("udp", "-iUDP")},
	// lsof's -sTCP:LISTEN
	{"STATE", func(_ *query.Catalog, word string) (string, bool) {
		flag, state, _ := strings.Cut(word, ":")
		return state, strings.EqualFold(flag, "-sTCP") && state != "" && plain(state)
	}},
	// the same before a slash, behind which the protocol is
	{"SERVICE", func(_ *query.Catalog, word string) (string, bool) {
		port, _, _ := strings.Cut(word, "/")
		return port, port != "" && plain(port)
	}},
	{"ADDRESS", func(_ *query.Catalog, word string) (string, bool) {
		_, err := netip.ParseAddr(word)
		return word, err == nil
	}},
	{"WORD", func(_ *query.Catalog, word string) (string, bool) {
		return word, plain(word) && !strings.HasPrefix(word, "-")
	}},
}

// portBehind takes the port behind one of these and a colon. A range of ports is none.
func portBehind(before ...string) func(*query.Catalog, string) (string, bool) {
	return func(_ *query.Catalog, word string) (string, bool) {
		flag, port, found := strings.Cut(word, ":")
		isNumber := port != "" && strings.Trim(port, "0123456789") == ""
		isName := port != "" && plain(port) && (port[0] < '0' || port[0] > '9')
		named := slices.ContainsFunc(before, func(b string) bool { return strings.EqualFold(b, flag) })
		return port, found && named && (isNumber || isName)
	}
}

// plain says whether a word can stand in a query as it is, or between double quotes.
func plain(word string) bool { return !strings.ContainsAny(word, "|\"'`\\()[]{},;$<>") }

// filled is a line with the texts of its placeholders.
func (m *match) filled(line string) string {
	for _, v := range m.values {
		line = strings.ReplaceAll(line, v[0], v[1])
	}
	return line
}
