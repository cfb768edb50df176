package shell

import "strings"

// recall is the way of the arrow keys through what was typed before: from entry to entry that begins with what stands
// in the line.
type recall struct {
	entries []string // the oldest first
	at      int      // the entry in the line; len(entries) for none
	typed   string   // what was in the line before, with which the entries begin
	shown   string   // what the last step put into the line
}

// step gives the entry before the line (by -1) or after it (by 1), or, behind the newest, what was typed; false where
// there is none. from is the line of an entry that was searched, from which the way goes through all entries.
func (r *recall) step(line string, by int, searched bool) (string, bool) {
	if line != r.shown || r.at >= len(r.entries) {
		r.at, r.typed = len(r.entries), line
		if searched || by > 0 {
			r.find(line)
		}
	}
	for at := r.at + by; at >= 0 && at < len(r.entries); at += by {
		if entry := r.entries[at]; entry != line && strings.HasPrefix(entry, r.typed) {
			r.at, r.shown = at, entry
			return entry, true
		}
	}
	if by < 0 || r.at >= len(r.entries) {
		return "", false
	}
	r.at, r.shown = len(r.entries), r.typed
	return r.typed, true
}

// find starts the way at the newest entry that is this line, if one is.
func (r *recall) find(line string) {
	for at := len(r.entries) - 1; at >= 0; at-- {
		if r.entries[at] == line {
			r.at, r.typed = at, ""
			return
		}
	}
}

// suggestion is the rest of the newest entry that begins with the line; "" where there is none.
func (r *recall) suggestion(line string) string {
	if line == "" {
		return ""
	}
	for at := len(r.entries) - 1; at >= 0; at-- {
		if rest, ok := strings.CutPrefix(r.entries[at], line); ok && rest != "" {
			return rest
		}
	}
	return ""
}
