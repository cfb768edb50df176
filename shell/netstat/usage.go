package netstat

import (
	"fmt"
	"strings"
)

// Usage is the text of --help: the flags of the dialects, of all of them where none is given.
func Usage(dialects ...*Dialect) string {
	if len(dialects) == 0 {
		dialects = Dialects()
	}
	var b strings.Builder
	b.WriteString("netstat's flags, in three dialects. Each line becomes a query, which --explain shows.\n")
	for _, d := range dialects {
		fmt.Fprintf(&b, "\n%s (--dialect %s)\n", d.Title, d.Name)
		for _, s := range d.Synopsis {
			fmt.Fprintf(&b, "  %s\n", s)
		}
		for _, f := range d.Flags {
			fmt.Fprintf(&b, "    %-19s %s\n", f.usage(), f.Doc)
		}
	}
	return b.String()
}

// Synopsis is the text after the error of a wrong line: the synopses of the dialects, of all of them where none is
// given.
func Synopsis(dialects ...*Dialect) string {
	if len(dialects) == 0 {
		dialects = Dialects()
	}
	var b strings.Builder
	for _, d := range dialects {
		for i, s := range d.Synopsis {
			name := d.Name
			if i > 0 {
				name = ""
			}
			fmt.Fprintf(&b, "%-8s %s\n", name, s)
		}
	}
	return b.String()
}

// usage is the flag with its argument.
func (f Flag) usage() string {
	switch {
	case f.Argument == "":
		return "-" + f.Letter
	case f.Optional:
		return "-" + f.Letter + " [" + f.Argument + "]"
	}
	return "-" + f.Letter + " " + f.Argument
}

// Letters are the flags of all dialects, each once, for completion.
func Letters() []string {
	var letters []string
	seen := map[string]bool{}
	for _, d := range Dialects() {
		for _, f := range d.Flags {
			if !seen[f.Letter] {
				seen[f.Letter] = true
				letters = append(letters, "-"+f.Letter)
			}
		}
	}
	return letters
}
