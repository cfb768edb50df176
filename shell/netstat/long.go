package netstat

import (
	"slices"
	"strings"
)

// HasLong says whether a netstat has the long flag of this name, without its dashes.
func HasLong(name string) bool {
	return slices.ContainsFunc(Dialects(), func(d *Dialect) bool { return d.long(name) != nil })
}

// long is the flag that has this long name; nil if there is none.
func (d *Dialect) long(name string) *Flag {
	i := slices.IndexFunc(d.Flags, func(f Flag) bool { return slices.Contains(f.Long, name) })
	if i < 0 {
		return nil
	}
	return &d.Flags[i]
}

// completeLong is the long name that begins so, as getopt_long(3) completes it: the name itself, or the only one that
// begins with it. names are those that were possible, where there is not one.
func completeLong(dialects []*Dialect, name string) (long string, names []string) {
	for _, d := range dialects {
		for _, f := range d.Flags {
			if slices.Contains(f.Long, name) {
				return name, nil
			}
			i := slices.IndexFunc(f.Long, func(long string) bool { return strings.HasPrefix(long, name) })
			if i >= 0 { // the other names of the same flag mean the same
				names = append(names, f.Long[i])
			}
		}
	}
	if len(names) == 1 {
		return names[0], nil
	}
	return "", names
}

// splitLong takes a long flag apart from its argument, which stands behind = or is the next word. It gives the words
// that are left.
func (l *line) splitLong(text string, words []string) []string {
	typed, argument, inline := strings.Cut(text, "=")
	o := occurrence{long: typed}
	if long, names := completeLong(l.dialects, typed); long != "" {
		o.long = long
	} else {
		o.among = names
	}
	switch takes := slices.ContainsFunc(l.dialects, func(d *Dialect) bool {
		f := d.long(o.long)
		return f != nil && f.Argument != ""
	}); {
	case inline:
		o.arguments = []string{argument}
	case takes && len(words) > 0:
		o.arguments, words = words[:1], words[1:]
	}
	l.flags = append(l.flags, o)
	return words
}
