package netstat

import (
	"slices"
	"strconv"
	"strings"
)

// Parse says what the words after "netstat" ask for. dialect is a value of --dialect; a wrong line is an *Error.
func Parse(words []string, dialect string, protocols Protocols) (*Command, error) {
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
	return &Command{
		Dialect: d, Displays: displays, Interface: r.device, Capture: r.core, Namespace: r.system,
		NamespaceIsWord: r.systemIsWord, Notes: r.notes,
	}, nil
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
	}
	for _, word := range l.rest {
		if d == &bsd && !isNumber(word) {
			if err := r.setSystemOrCore(word); err != nil {
				return err
			}
			continue
		}
		if d == &linux || r.interval != 0 {
			return strayWord(d, word)
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

// request is what the flags of any dialect ask for together. A field that no flag of the dialect sets stays zero.
type request struct {
	protocols Protocols

	all         bool // sockets in all states, interfaces that are down
	listening   bool // listening sockets only
	bound       bool // bound but idle sockets, too
	help        bool // usage, and nothing else
	version     bool // the version, and nothing else
	hostNumbers bool // no names of hosts and networks
	portNumbers bool // no names of services
	userNumbers bool // no names of users
	wide        bool // addresses in full length
	pids        bool // the processes of sockets
	executables bool // the programs of sockets
	extended    bool // more columns
	extensions  int  // how often -e was given
	timers      bool // the timers of sockets
	identities  bool // the kernel's cookies of sockets
	drops       bool // dropped packets

	views      []string   // what is asked for instead of sockets: the views of the flags, each once
	transports []string   // the transport protocols of -t, -u and so on
	unix       bool       // unix sockets
	families   []string   // address families: inet, inet6
	chosen     []protocol // the protocols of -p
	device     string     // the interface of -I
	core       string     // the capture of -M
	system     string     // the network namespace of -N
	interval   int        // between two samples, in seconds; 0 for one sample
	notes      []string   // what the person should know beside the answer

	systemIsWord bool // system is a word at the end, not the argument of -N
}

// view asks for a view, once.
func (r *request) view(name string) {
	if !r.shows(name) {
		r.views = append(r.views, name)
	}
}

func (r *request) shows(name string) bool { return slices.Contains(r.views, name) }

// setInterval takes a number of seconds.
func (r *request) setInterval(word string) error {
	n, err := strconv.Atoi(word)
	if err != nil || n < 1 || n > longestInterval {
		return &Error{Message: "an interval cannot be " + strconv.Quote(word),
			Hint: "it is a whole number of seconds, from 1"}
	}
	r.interval = n
	return nil
}

// longestInterval is a year, in seconds.
const longestInterval = 366 * 24 * 60 * 60

// setProtocols takes the names after -p.
func (r *request) setProtocols(names []string) error {
	for _, name := range names {
		found, ok := r.protocols.find(name)
		switch {
		case !ok:
			return &Error{Message: name + ": unknown or uninstrumented protocol",
				Hint: "names are in /etc/protocols, and " + strings.Join(windowsOnly, ", ")}
		case found == nil:
			return &Error{Message: name + ": no statistics routine for it",
				Hint: "the kernel counts for " + strings.Join(countedNames(), ", ")}
		}
		r.chosen = append(r.chosen, *found)
	}
	return nil
}

func countedNames() []string {
	var names []string
	for _, p := range counted {
		names = append(names, p.names[0])
	}
	return names
}

// setFamily takes the argument of BSD's -f and of Linux' -A.
func (r *request) setFamily(name string) error {
	switch strings.ToLower(name) {
	case "inet", "inet6":
		r.families = append(r.families, strings.ToLower(name))
	case "unix":
		r.unix = true
	case "ns":
		return &Error{Message: "ns: not supported by this kernel", Hint: "address families are inet, inet6 and unix"}
	default:
		return &Error{Message: name + ": unknown address family", Hint: "address families are inet, inet6 and unix"}
	}
	return nil
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
			Hint:    "-M " + r.core + " alone asks the capture, -N " + r.system + " alone the namespace"}
	}
	if d == &bsd && r.unix && len(r.families) == 0 {
		for _, view := range r.views {
			if what := internetOnly[view]; what != "" {
				return &Error{Message: "unix: there are no " + what + " of this family",
					Hint: "-f inet and -f inet6 have some"}
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
