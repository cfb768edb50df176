package syntax

import "strings"

// part is the text of a definition in a source, without the comments behind it.
type part struct {
	start     int // in the source
	text, doc string
	comment   int // where the comment begins that is the doc; start where there is none
}

// parts cuts a source before each line that begins with def. What stands before the first is a part of its own, unless
// it is blank or comments. The comment right before a definition is its doc.
func parts(source string) (all []part) {
	at, doc, commentAt := 0, "", 0
	for line := range strings.Lines(source) {
		comment, isComment := cutComment(line)
		before := doc
		doc = ""
		switch {
		case beginsDefinition(line):
			if before == "" {
				commentAt = at
			}
			all = append(all, part{at, line, strings.TrimSpace(before), commentAt})
		case isComment:
			if before == "" {
				commentAt = at
			}
			doc = before + comment + " "
		case strings.TrimSpace(line) == "":
		case len(all) == 0:
			all = append(all, part{at, line, "", at})
		default: // with blank lines and comments before it
			last := &all[len(all)-1]
			last.text = source[last.start : at+len(line)]
		}
		at += len(line)
	}
	return all
}

// defines says whether the part is the definition of a name, right or wrong.
func (p part) defines(name string) bool {
	return beginsDefinition(p.text) && strings.EqualFold(definedName(p.text), name)
}

// beginsDefinition says whether a line begins with the word def.
func beginsDefinition(line string) bool { return strings.EqualFold(line[:wordLength(line)], "def") }

// definedName is the name behind def, whatever follows it; "" where there is none.
func definedName(text string) string {
	text = strings.TrimLeft(text[wordLength(text):], " \t\r\n")
	if quoted, ok := strings.CutPrefix(text, "`"); ok {
		name, _, _ := strings.Cut(quoted, "`")
		return name
	}
	return text[:wordLength(text)]
}

// cutComment is the text of a line that is a comment.
func cutComment(line string) (string, bool) {
	line = strings.TrimSpace(line)
	for _, sign := range []string{"#", "//"} {
		if comment, ok := strings.CutPrefix(line, sign); ok {
			return strings.TrimSpace(comment), true
		}
	}
	return "", false
}

// WithDefinition is the text of a source in which the definition of this name is another, which is added where there is
// none. Everything else stays as it is. An empty definition leaves that of the name out.
func WithDefinition(source, name, definition string) string {
	var b strings.Builder
	at, found := 0, false
	for _, p := range parts(source) {
		if !p.defines(name) {
			continue
		}
		b.WriteString(source[at:p.start])
		if !found {
			b.WriteString(definition)
		}
		at, found = p.start+len(p.text), true
	}
	b.WriteString(source[at:])
	if !found {
		if text := b.String(); text != "" && !strings.HasSuffix(text, "\n") {
			b.WriteString("\n")
		}
		b.WriteString(definition)
	}
	return b.String()
}

// WithoutDefinition is the text of a source without the definition of a name and its doc, and the text of that
// definition; "" where there is none. Everything else stays as it is.
func WithoutDefinition(source, name string) (rest, definition string) {
	var b strings.Builder
	at := 0
	for _, p := range parts(source) {
		if p.defines(name) {
			b.WriteString(source[at:p.comment])
			definition, at = strings.TrimSpace(p.text), p.start+len(p.text)
		}
	}
	b.WriteString(source[at:])
	return b.String(), definition
}
