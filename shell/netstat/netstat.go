// Package netstat knows the flags of three netstats, Windows', BSD's and that of Linux' net-tools, and turns them into
// queries. A dialect is one literal table, from which the queries, usage and docs/netstat.md come. The package reads
// nothing: the shell runs the queries, and a Layout lays out their rows.
package netstat

// Command is what a line of flags asks for.
type Command struct {
	Dialect   *Dialect // nil where the flags mean the same in all of them
	Displays  []Display
	Interface string   // an interface that the flags name, which must exist; "" for none
	Capture   string   // the file of a capture that is asked instead of the system; "" for none
	Namespace string   // the network namespace that is asked; "" for our own
	Format    string   // the format of the rows, as --format has it; "" where the flags say nothing of it
	Samples   int      // after how many samples an interval display ends; 0 for never
	Notes     []string // what the person should know beside the answer
	Help      bool     // only usage is asked for
	Version   bool     // only the version is asked for

	// NamespaceIsWord says that the namespace was given as a word at the end, which may have been meant as an interval.
	NamespaceIsWord bool
}

// Display is one query, and the layout of its rows in the manual.
type Display struct {
	Name   string // what it shows, which tells it from others of the same line
	Query  string
	Layout Layout
	view   string // of those of the flags; "" for that of none
}

// Dialect is the netstat of one system: its flags and what it shows for them.
type Dialect struct {
	Name     string // as --dialect takes it
	Title    string // the system's name
	Synopsis []string
	Flags    []Flag
	Examples []Example
	anyCase  bool // a letter in upper case is the flag in lower case

	displays func(r *request) []Display // what the flags ask for together
}

// Flag is one flag of a dialect.
type Flag struct {
	Letter   string   // "" for one that has long names only
	Long     []string // its long names, without the dashes
	Argument string   // what usage calls its argument; "" if it takes none
	Optional bool     // the argument may be left out
	Doc      string   // what it shows
	Becomes  string   // what it becomes in a query

	tells         strength                                   // how strongly it tells that its dialect is meant
	with, without string                                     // it does so only with, or without, one of these letters
	tellsBy       func(l *line, arguments []string) strength // how strongly, by its arguments; nil: as tells says
	view          string                                     // what it shows instead of sockets; "" for sockets
	on            string                                     // the views that it says something about; "" for all
	keeps         bool                                       // what it promises of them may be so without it
	set           func(r *request)                           // what it asks for; nil where view says all
	take          func(r *request, arguments []string) error // the same for one that takes an argument
	refused       *Error                                     // why it has no answer; nil where it has one
}

// ask adds what the flag asks for to the request.
func (f *Flag) ask(r *request, arguments []string) error {
	if f.refused != nil {
		return f.refused
	}
	if f.view != "" {
		r.view(f.view)
	}
	if f.set != nil {
		f.set(r)
	}
	if f.take != nil {
		return f.take(r, arguments)
	}
	return nil
}

// Example is a line of flags for usage and docs, and what it shows.
type Example struct {
	Flags, Doc string
	told       bool // only --dialect tells that it is of its dialect
}

// Dialects are all dialects, in the order in which usage and docs list them.
func Dialects() []*Dialect { return []*Dialect{&windows, &bsd, &linux} }

// Names are the dialects' names, as --dialect takes them.
func Names() []string {
	var names []string
	for _, d := range Dialects() {
		names = append(names, d.Name)
	}
	return names
}

// Error says what is wrong with a line of flags, and what to do.
type Error struct {
	Message, Hint string
	here          []string // what to do in this dialect, besides
	elsewhere     []string // the dialects that may take what this one does not
}

func (e *Error) Error() string { return e.Message }
