package query

import (
	"strings"
)

// jqWords are filters of jq that are nothing but a word.
var jqWords = []string{"keys", "first"}

// jq is the stage that does what a filter of jq does; false for other texts.
func (f *foreignStage) jq(segment string) (stage string, ok bool) {
	segment = strings.TrimSpace(segment)
	if inner, ok := called(segment, "map"); ok {
		if condition, ok := called(inner, "select"); ok {
			return "where " + undotted(condition), true
		}
		segment = inner
	}
	if condition, ok := called(segment, "select"); ok && strings.Contains(condition, ".") {
		return "where " + undotted(condition), true
	}
	if keys, ok := called(segment, "unique_by"); ok {
		return "distinct " + undotted(keys), true
	}
	switch {
	case segment == "." || segment == ".[]":
		return "", true
	case segment == "keys" || segment == "keys[]":
		return "limit 1", true
	case strings.HasPrefix(segment, ".[:"), strings.HasPrefix(segment, ".[0:"):
		_, n, _ := strings.Cut(strings.TrimSuffix(segment, "]"), ":")
		return "limit " + n, true
	case segment == ".[0]" || segment == "first":
		return "limit 1", true
	case strings.HasPrefix(segment, "{") && strings.HasSuffix(segment, "}"):
		return "select " + jqObject(segment[1:len(segment)-1]), true
	case strings.HasPrefix(segment, "[.") && strings.HasSuffix(segment, "]"):
		return "select " + undotted(segment[1:len(segment)-1]), true
	case strings.HasPrefix(segment, "."):
		return "select " + undotted(strings.ReplaceAll(strings.TrimPrefix(segment, ".[]"), "[]", "")), true
	}
	return "", false
}

// called is the argument of a call of the function, if the text is nothing else.
func called(text, function string) (argument string, ok bool) {
	rest, ok := strings.CutPrefix(text, function)
	rest = strings.TrimSpace(rest)
	if !ok || !strings.HasPrefix(rest, "(") || !strings.HasSuffix(rest, ")") {
		return "", false
	}
	return strings.TrimSpace(rest[1 : len(rest)-1]), true
}

// jqObject is the items of an object: a, and name: .a.
func jqObject(text string) string {
	var items []string
	for item := range strings.SplitSeq(text, ",") {
		name, value, named := strings.Cut(strings.TrimSpace(item), ":")
		if value = undotted(strings.TrimSpace(value)); named && value != name {
			name += " = " + value
		}
		items = append(items, undotted(name))
	}
	return strings.Join(items, ", ")
}

// undotted is a text without the points before the names of fields, outside of quotes.
func undotted(text string) string {
	var b strings.Builder
	quoted, before := false, byte(' ')
	for i := range len(text) {
		c := text[i]
		quoted = quoted != (c == '"')
		if quoted || c != '.' || strings.IndexByte(" (,=<>!", before) < 0 {
			b.WriteByte(c)
		}
		before = c
	}
	return b.String()
}
