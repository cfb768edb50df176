package shell

import (
	"strings"

	"netql/shell/render"
)

// expandedEndings are what psql and mysql have people type behind a query whose rows they want as records. Alone on a
// line the first turns that on and off for all queries.
var expandedEndings = [...]string{`\x`, `\G`}

// cutExpanded is an entry of the prompt without such an ending; expanded says that it had one.
func cutExpanded(text string) (query string, expanded bool) {
	text = strings.TrimRight(text, " \t\n;")
	for _, ending := range expandedEndings {
		if before, ok := strings.CutSuffix(text, ending); ok {
			return strings.TrimRight(before, " \t\n;"), true
		}
	}
	return text, false
}

// runExpanded runs an entry with its answer as records, or, where there is nothing but the ending, changes the format
// from records to the usual one, or from another to records. It gives the exit status.
func (s *session) runExpanded(text string) int {
	before := s.options.format
	s.options.format = render.Expanded
	if text != "" {
		defer func() { s.options.format = before }()
		return s.runEntry(text)
	}
	if before == render.Expanded {
		s.options.format = render.Auto
	}
	return s.print("format " + s.options.format + "\n")
}
