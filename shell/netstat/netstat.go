// Package netstat knows the flags of three netstats, Windows', BSD's and that of Linux' net-tools, and turns them into
// queries. A dialect is one literal table, from which translation, usage and docs/netstat.md come. Nothing is read here.
package netstat

// Command is what a line of flags asks for.
type Command struct {
	Dialect   *Dialect // nil where the flags mean the same in all of them
	Displays  []Display
	Interface string   // must exist; "" is none
	Capture   string   // that answers; "" is none
	Namespace string   // that answers; "" is our own
	Placed    bool     // the namespace is a word at the end, which could have been meant as an interval
	Notes     []string // what the person should know beside the answer
	Help      bool     // only usage is wanted
}

// Display is one query, and how the manual lays out its rows for people.
type Display struct {
	Query  string
	Layout Layout
}

// Dialect is one netstat.
type Dialect struct {
	Name     string
	Title    string // whose it is
	Synopsis []string
	Flags    []Flag
	Examples []Example

	displays func(r *request) []Display
}

// Flag is one flag of a dialect.
type Flag struct {
	Letter   string
	Argument string // what usage calls it; "" if there is none
	Optional bool   // the argument may be left out
	Doc      string // what it shows
	Becomes  string // what it is in a query

	sign sign
	set  func(r *request, arguments []string) error
}

// Example is a line that somebody types.
type Example struct{ Flags, Doc string }

// Dialects are all of them.
func Dialects() []*Dialect { return []*Dialect{&windows, &bsd, &linux} }

// Names are the values of --dialect.
func Names() []string {
	names := []string{"auto"}
	for _, d := range Dialects() {
		names = append(names, d.Name)
	}
	return names
}

// Error says what is wrong with a line of flags.
type Error struct {
	Message, Hint string
	Dialect       *Dialect // whose usage helps; nil: everybody's
	Usage         bool     // usage helps
}

func (e *Error) Error() string { return e.Message }
