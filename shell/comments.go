package shell

import (
	"bytes"
	"strings"
)

// cutComments is a text without the comments that begin with a sign, all for "". Lines keep their numbers.
func cutComments(text, sign string) string {
	var kept []byte
	sql := isSQL(text)
	for at := 0; at < len(text); {
		length, comment := lexeme(text, at, sql)
		part := text[at : at+length]
		if comment && strings.HasPrefix(part, sign) {
			kept = bytes.TrimRight(kept, " \t")
			if part = strings.Repeat("\n", strings.Count(part, "\n")); part == "" && at+length < len(text) {
				part = " " // words may stand on both sides
			}
		}
		kept = append(kept, part...)
		at += length
	}
	return string(kept)
}

// lexeme is the length of what begins at a place of a text, and says whether it is a comment: // up to the end of the
// line, /* up to */, a line that begins with # or --, and in SQL what is behind any --. Other lexemes are a text in
// quotes, and a byte of anything else.
func lexeme(text string, at int, sql bool) (length int, comment bool) {
	rest := text[at:]
	switch {
	case strings.IndexByte("\"'`", rest[0]) >= 0:
		return quotedLength(rest), false
	case strings.HasPrefix(rest, "/*"):
		return lengthTo(rest, "*/"), true
	case strings.HasPrefix(rest, "//"),
		strings.HasPrefix(rest, "--") && (sql || beginsLine(text[:at])),
		rest[0] == '#' && beginsLine(text[:at]):
		return lengthTo(rest, "\n"), true
	}
	return 1, false
}

// beginsLine says whether a line begins behind a text, but for blanks.
func beginsLine(before string) bool {
	before = strings.TrimRight(before, " \t\r")
	return before == "" || strings.HasSuffix(before, "\n")
}

// quotedLength is the length of the text in quotes with which a text begins; all of it where they are not closed.
func quotedLength(text string) int {
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == text[0]:
			return i + 1
		case text[i] == '\\' && text[0] != '`':
			i++
		}
	}
	return len(text)
}

// lengthTo is the length of a text up to the end of its first part that is end; all of it where there is none.
func lengthTo(text, end string) int {
	if i := strings.Index(text, end); i >= 0 {
		return i + len(end)
	}
	return len(text)
}

// isQuery says whether a line asks for anything: it is neither blank nor a comment.
func isQuery(line string) bool { return strings.TrimSpace(line) != "" && !isComment(line) }

// isComment says whether a line is a comment as a whole: those of shells, SQL and the language itself.
func isComment(line string) bool {
	line = strings.TrimSpace(line)
	return strings.HasPrefix(line, "#") || strings.HasPrefix(line, "--") || strings.HasPrefix(line, "//")
}
