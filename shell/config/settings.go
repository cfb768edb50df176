package config

import (
	"strings"

	"netql/query/syntax"
)

// Setting is one line of the file with settings: KEY = VALUE.
type Setting struct {
	Key, Value string

	source            *syntax.Source
	keyRange, inValue syntax.Range
}

// Parse reads settings, one a line; blank lines, and those that begin with # or //, are none. A line that is no setting
// is an error, and the others are read.
func Parse(source *syntax.Source) (settings []Setting, problems []*syntax.Error) {
	at := 0
	for line := range strings.Lines(source.Text) {
		start := at
		at += len(line)
		if err := source.CheckLine(start, line); err != nil {
			problems = append(problems, err)
			continue
		}
		text := strings.TrimSpace(line)
		if text == "" || strings.HasPrefix(text, "#") || strings.HasPrefix(text, "//") {
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		keyRange := trimmed(start, key)
		s := Setting{strings.TrimSpace(key), unquoted(strings.TrimSpace(value)), source, keyRange,
			trimmed(start+len(key)+1, value)}
		switch {
		case !ok:
			problems = append(problems, source.Errorf(keyRange, "= is missing").WithHint("a setting is KEY = VALUE"))
		case s.Key == "":
			problems = append(problems, source.Errorf(keyRange, "a key is missing before =").
				WithHint("a setting is KEY = VALUE"))
		case s.Value == "":
			problems = append(problems, s.WrongKey("%s has no value", s.Key).WithHint("leave the line out, or end it"))
		default:
			settings = append(settings, s)
		}
	}
	return settings, problems
}

// WrongKey is an error that points at the key.
func (s Setting) WrongKey(format string, args ...any) *syntax.Error {
	return s.source.Errorf(s.keyRange, format, args...)
}

// WrongValue is an error that points at the value.
func (s Setting) WrongValue(format string, args ...any) *syntax.Error {
	return s.source.Errorf(s.inValue, format, args...)
}

// WrongPart is an error that points at a part of the value, which begins at a byte of it.
func (s Setting) WrongPart(start, length int, format string, args ...any) *syntax.Error {
	at := syntax.Range{Start: s.inValue.Start + start, End: s.inValue.Start + start + length}
	return s.source.Errorf(at, format, args...)
}

// trimmed is the place of a text without the blanks around it, where the text begins at start.
func trimmed(start int, text string) syntax.Range {
	from := start + len(text) - len(strings.TrimLeft(text, " \t\r\n"))
	to := start + len(strings.TrimRight(text, " \t\r\n"))
	return syntax.Range{Start: min(from, max(from, to)), End: max(from, to)}
}

// unquoted is a value without the double quotes around it.
func unquoted(value string) string {
	if len(value) >= 2 && value[0] == '"' && value[len(value)-1] == '"' {
		return value[1 : len(value)-1]
	}
	return value
}
