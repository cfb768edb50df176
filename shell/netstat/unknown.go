package netstat

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"netql/query/syntax"
)

// unknownFlag is the error of a flag that the dialect does not have; nil stands for all dialects. It says what the flag
// is elsewhere, else which flag is the nearest.
func unknownFlag(d *Dialect, o occurrence) *Error {
	if len(o.among) > 0 {
		return &Error{Message: o.name() + " may be --" + strings.Join(o.among, ", --"), Hint: "write it out"}
	}
	if d == nil {
		return &Error{Message: "unknown flag " + o.name(), Hint: nearestFlag(Dialects(), o)}
	}
	wrong := &Error{Message: d.Title + " has no flag " + o.name(), Hint: nearestFlag([]*Dialect{d}, o)}
	var elsewhere []string
	for _, other := range Dialects() {
		if f := other.named(o); f != nil {
			elsewhere = append(elsewhere, fmt.Sprintf("%s has it for %q", other.Name, f.Doc))
			wrong.elsewhere = append(wrong.elsewhere, other.Name)
		}
	}
	if elsewhere != nil {
		wrong.Message += ": " + strings.Join(elsewhere, ", ")
	}
	return wrong
}

// withLine is the error of what another dialect takes with the line of that one, made of the words that were typed.
func withLine(err error, words []string, protocols Protocols) error {
	var wrong *Error
	if !errors.As(err, &wrong) {
		return err
	}
	lines := slices.Clone(wrong.here)
	for _, name := range wrong.elsewhere {
		if command, err := parse(words, name, protocols); err == nil && len(command.Notes) == 0 {
			lines = append(lines, "netstat --dialect "+name+" "+strings.Join(words, " "))
		}
	}
	if lines == nil {
		return err
	}
	return &Error{Message: wrong.Message, Hint: strings.Join(lines, ", or ")}
}

// named is the flag of this name, with an argument or without; nil if the dialect has none.
func (d *Dialect) named(o occurrence) *Flag {
	for i := range d.Flags {
		if o.is(&d.Flags[i]) {
			return &d.Flags[i]
		}
	}
	return nil
}

// nearestFlag is the hint for a flag that none of the dialects has.
func nearestFlag(dialects []*Dialect, o occurrence) string {
	var names []string
	for _, d := range dialects {
		for _, f := range d.Flags {
			if o.letter != "" && strings.EqualFold(f.Letter, o.letter) && f.refused == nil {
				return "did you mean -" + f.Letter + ": " + f.Doc + "?"
			}
			names = append(names, f.Long...)
		}
	}
	if near := syntax.Nearest(o.long, names); near != "" {
		return "did you mean --" + near + "?"
	}
	if len(dialects) > 1 {
		return "netstat --dialect auto --help lists the flags"
	}
	return dialects[0].helpHint()
}

// helpHint is the hint at the dialect's flags.
func (d *Dialect) helpHint() string { return "netstat --dialect " + d.Name + " --help lists the flags" }

// strayWord is the error of a word that is neither a flag nor belongs to one. Where another dialect takes it, the error
// says so.
func (r *request) strayWord(d *Dialect, word string) *Error {
	wrong := &Error{Message: strconv.Quote(word) + " is no flag of " + d.Title, Hint: d.helpHint()}
	found, _ := r.protocols.find(word)
	switch {
	case d != &linux:
		return wrong
	case areSlashed(word):
		wrong.elsewhere = []string{windows.Name}
	case isNumber(word):
		wrong.here, wrong.elsewhere = []string{"for every second: -c"}, []string{windows.Name, bsd.Name}
	case found != nil:
		wrong.elsewhere = []string{windows.Name, bsd.Name}
		if own := d.long(word); own != nil {
			wrong.here = []string{"for its sockets: -" + own.Letter + ", and not behind -p"}
		}
	case r.shows("interfaces"):
		wrong.here = []string{"netstat --dialect bsd -I " + word}
	}
	return wrong
}
