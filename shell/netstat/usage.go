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
	b.WriteString("netstat's flags. Each line becomes a query, which --explain shows; --format and netql's other " +
		"long flags\ngo with them.\n")
	for _, d := range dialects {
		fmt.Fprintf(&b, "\n%s (--dialect %s)\n", d.Title, d.Name)
		for _, s := range d.Synopsis {
			fmt.Fprintf(&b, "  %s\n", s)
		}
		for _, f := range d.Flags {
			fmt.Fprintf(&b, "    %-22s %s\n", f.usage(), f.Doc)
		}
	}
	if len(dialects) == 1 {
		b.WriteString("\nOther systems' netstat: netstat --dialect " + strings.Join(Names(), "|") +
			", or auto; NETQL_DIALECT=... says so for good.\n")
	}
	return b.String()
}

// usage is the flag with its argument.
func (f Flag) usage() string {
	var names []string
	if f.Letter != "" {
		names = append(names, "-"+f.Letter)
	}
	for _, long := range f.Long {
		names = append(names, "--"+long)
	}
	text := strings.Join(names, ", ")
	switch {
	case f.Argument == "":
		return text
	case f.Optional:
		return text + " [" + f.Argument + "]"
	}
	return text + " " + f.Argument
}

// Letters are the flags of all dialects, each once, for completion.
func Letters() []string {
	var letters []string
	seen := map[string]bool{}
	for _, d := range Dialects() {
		for _, f := range d.Flags {
			if f.Letter != "" && !seen[f.Letter] {
				seen[f.Letter] = true
				letters = append(letters, "-"+f.Letter)
			}
		}
	}
	return letters
}
