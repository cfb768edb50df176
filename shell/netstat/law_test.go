package netstat

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// sampleArguments are arguments for the flags of each dialect that need one, by name.
var sampleArguments = map[string]string{
	"-A": "inet6,unix", "-f": "inet6", "-I": "lo", "-M": "file", "-N": "blue", "-p": "udp", "-q": "3", "-w": "2",
	"--libxo": "json",
}

// words are the flag as it is typed, with an argument if it takes one.
func (f *Flag) words() []string {
	name := "-" + f.Letter
	if f.Letter == "" {
		name = "--" + f.Long[0]
	}
	if f.Argument == "" {
		return []string{name}
	}
	return []string{name, sampleArguments[name]}
}

// sayTheSame are pairs of flags that say the same where they stand together, which may be said twice.
var sayTheSame = map[string][]string{
	"bsd":   {"-6 -f", "-f -6", "-i -I", "-i -w", "-s -p"},
	"linux": {"-6 -A", "-x -A"},
}

// TestNothingIsIgnored: of every two flags of a dialect, each changes what the other alone becomes, or gives a note or
// an error; only what a flag promises of a view may be so already.
func TestNothingIsIgnored(t *testing.T) {
	for _, d := range Dialects() {
		pairs := 0
		for i := range d.Flags {
			f := &d.Flags[i]
			if isAsking(f) {
				continue
			}
			checkIgnored(t, d, f, nil)
			for j := range d.Flags {
				g := &d.Flags[j]
				pair := f.words()[0] + " " + g.words()[0]
				if i != j && !isAsking(g) && !slices.Contains(sayTheSame[d.Name], pair) {
					checkIgnored(t, d, f, g.words())
					pairs++
				}
			}
		}
		if pairs < 200 {
			t.Errorf("%s: only %d pairs", d.Name, pairs)
		}
	}
}

// checkIgnored checks that the flag is not ignored beside other words.
func checkIgnored(t *testing.T, d *Dialect, f *Flag, beside []string) {
	t.Helper()
	without, err := Parse(beside, d.Name, someProtocols)
	if err != nil {
		return // a flag that is refused
	}
	line := slices.Concat(beside, f.words())
	with, err := Parse(line, d.Name, someProtocols)
	switch {
	case err != nil, translation(with) != translation(without):
		return
	case slices.ContainsFunc(with.Notes, func(note string) bool { return !slices.Contains(without.Notes, note) }):
		return
	case f.keeps && speaksOf(f, with):
		return
	}
	t.Errorf("%s: netstat %s is what it is without %s, and nothing says so:\n%s", d.Name, strings.Join(line, " "),
		f.usage(), translation(with))
}

// speaksOf says whether a flag says something about what is shown.
func speaksOf(f *Flag, command *Command) bool {
	return f.on == "" || slices.ContainsFunc(command.Displays, func(d Display) bool {
		return slices.Contains(strings.Fields(f.on), d.view)
	})
}

// translation is what a line becomes, but for its notes.
func translation(c *Command) string {
	var b strings.Builder
	for _, d := range c.Displays {
		fmt.Fprintf(&b, "%s\n%s\n%s\n", d.Query, strings.Join(d.Layout.Title, "\n"), d.Layout.Heading())
	}
	fmt.Fprintln(&b, c.Interface, c.Capture, c.Namespace, c.Format, c.Samples)
	return b.String()
}
