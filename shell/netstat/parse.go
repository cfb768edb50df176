package netstat

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Parse says what the words after "netstat" ask for. dialect is a value of --dialect; a wrong line is an *Error.
func Parse(words []string, dialect string, protocols Protocols) (*Command, error) {
	command, err := parse(words, dialect, protocols)
	if err != nil {
		return nil, withLine(err, words, protocols)
	}
	return command, nil
}

// parse is Parse, but that an error does not tell the line that another dialect takes.
func parse(words []string, dialect string, protocols Protocols) (*Command, error) {
	l := split(words, dialectsOf(dialect), protocols)
	d, err := choose(l)
	if err != nil {
		return nil, err
	}
	if l.help || l.version {
		return &Command{Dialect: d, Help: l.help, Version: l.version}, nil
	}
	r := &request{protocols: protocols}
	table := d
	if table == nil {
		table = &linux // the system it runs on
	}
	if err := r.fill(table, l); err != nil {
		return nil, err
	}
	if r.help || r.version {
		return &Command{Dialect: d, Help: r.help, Version: r.version}, nil
	}
	displays := table.displays(r) // may add notes, so it comes before they are read
	r.noteUnused(displays)
	return &Command{
		Dialect: d, Displays: displays, Interface: r.device, Capture: r.core, Namespace: r.system,
		NamespaceIsWord: r.systemIsWord, Notes: r.notes, Format: r.format, Samples: r.samples,
	}, nil
}

// noteUnused adds a note for each flag that says nothing about what is shown.
func (r *request) noteUnused(displays []Display) {
	for _, g := range r.given {
		views := strings.Fields(g.flag.on)
		about := func(d Display) bool { return slices.Contains(views, d.view) }
		if len(views) == 0 || slices.ContainsFunc(displays, about) {
			continue
		}
		r.note("%s does nothing here: it goes with %s", g.name, strings.Join(viewNames(views), ", "))
	}
}

// note adds a note for the person, once.
func (r *request) note(format string, arguments ...any) {
	if text := fmt.Sprintf(format, arguments...); !slices.Contains(r.notes, text) {
		r.notes = append(r.notes, text)
	}
}

// viewNames are what people call the views.
func viewNames(views []string) []string {
	names := make([]string, len(views))
	for i, view := range views {
		names[i] = spelling(nameOfView, view)
	}
	return names
}

// nameOfView is what people call a view, where it is not the view's word.
var nameOfView = map[string]string{
	"unix": "unix sockets", "groups": "multicast groups", "multicast": "multicast routes",
	"traffic": "an interval of interfaces", "listeners": "listen queues", "captures": "packet sockets",
	"ports": "counts of ports",
}

// dialectsOf are those that a value of --dialect means: the one of this name, or all.
func dialectsOf(name string) []*Dialect {
	for _, d := range Dialects() {
		if d.Name == name {
			return []*Dialect{d}
		}
	}
	return Dialects()
}

// fill adds what the flags and the other words ask for, and checks that it goes together.
func (r *request) fill(d *Dialect, l *line) error {
	for _, o := range l.flags {
		flag, err := d.flag(o)
		if err != nil {
			return err
		}
		if err := flag.ask(r, o.arguments); err != nil {
			return err
		}
		r.given = append(r.given, givenFlag{flag, o.name()})
	}
	for _, word := range l.rest {
		if d == &bsd && !isNumber(word) {
			if err := r.setSystemOrCore(word); err != nil {
				return err
			}
			continue
		}
		if d == &linux || r.interval != 0 {
			return r.strayWord(d, word)
		}
		if err := r.setInterval(word); err != nil {
			return err
		}
	}
	return r.check(d)
}

// setSystemOrCore takes a word at the end of BSD's first form, [system] [core].
func (r *request) setSystemOrCore(word string) error {
	switch {
	case r.system == "":
		r.system, r.systemIsWord = word, true
	case r.core == "":
		r.core = word
	default:
		return &Error{Message: strconv.Quote(word) + " is one word too many", Hint: "at the end stand [system] [core]"}
	}
	return nil
}

// flag finds the dialect's flag for an occurrence, with an argument or without as that has one.
func (d *Dialect) flag(o occurrence) (*Flag, error) {
	var missing *Flag
	for i := range d.Flags {
		switch f := &d.Flags[i]; {
		case !o.is(f):
		case len(o.arguments) > 0 == (f.Argument != "") || f.Optional:
			return f, nil
		default:
			missing = f
		}
	}
	if missing != nil && missing.Argument != "" {
		return nil, &Error{Message: o.name() + " needs an argument",
			Hint: o.name() + " " + missing.Argument + ": " + missing.Doc}
	}
	if missing != nil {
		return nil, &Error{Message: o.name() + " takes no argument in the " + d.Name + " dialect, and " +
			strconv.Quote(o.arguments[0]) + " is no flag", Hint: missing.usage() + ": " + missing.Doc}
	}
	return nil, unknownFlag(d, o)
}

// internetOnly are the views that have nothing of unix sockets, and what errors call their rows.
var internetOnly = map[string]string{
	"statistics": "statistics", "routes": "routes", "multicast": "multicast routes", "hosts": "hosts", "rules": "rules",
}

// check is the error of flags that do not go together. In Windows, -p with a protocol that has no connections asks for
// its statistics.
func (r *request) check(d *Dialect) error {
	if r.system != "" && r.core != "" {
		return &Error{
			Message: "a core (-M) and a system (-N) together: a capture has but one network namespace in it, its own",
			Hint: "for a capture of that namespace: netql --netns " + r.system + " record FILE, and then -M FILE; -M " +
				r.core + " alone asks the capture that there is"}
	}
	if d != &windows && r.unix && len(r.families) == 0 {
		for _, view := range r.views {
			if d == &bsd && view == "interfaces" {
				return &Error{Message: "unix: no interface has an address of this family",
					Hint: "inet and inet6 have some"}
			}
			if what := internetOnly[view]; what != "" {
				return &Error{Message: "unix: there are no " + what + " of this family",
					Hint: "inet and inet6 have some"}
			}
		}
	}
	if d != &windows {
		return nil
	}
	for _, p := range r.chosen {
		if !p.windows {
			return &Error{Message: "the windows dialect does not know the protocol " + p.names[0],
				Hint: "--dialect bsd shows its statistics"}
		}
		if p.transport == "" {
			r.view("statistics")
		}
	}
	return nil
}
