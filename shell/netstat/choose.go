package netstat

import (
	"slices"
	"strings"
)

// sign says how much a flag tells of its dialect.
type sign func(l *line, arguments []string) strength

type strength uint8

const (
	shared   strength = iota // others have it too, and it means the same
	weak                     // it is the dialect's, unless another flag says otherwise
	distinct                 // it is the dialect's alone
)

func always(s strength) sign { return func(*line, []string) strength { return s } }

// unless is a weak sign where none of the letters is there.
func unless(letters string) sign {
	return func(l *line, _ []string) strength {
		if l.has(letters) {
			return shared
		}
		return weak
	}
}

// beside is a weak sign where one of the letters is there.
func beside(letters string) sign {
	return func(l *line, _ []string) strength {
		if l.has(letters) {
			return weak
		}
		return shared
	}
}

// claim is a flag that says which dialect is meant.
type claim struct {
	dialect *Dialect
	text    string
}

// choose finds the dialect: the one that was named, else the one that has the flags. nil: they mean the same in all.
func choose(l *line, named string) (*Dialect, error) {
	for _, d := range Dialects() {
		if d.Name == named {
			return d, nil
		}
	}
	if err := unknown(l); err != nil {
		return nil, err
	}
	claims := l.claims(distinct)
	if len(claims) == 0 {
		claims = l.claims(weak)
	}
	if len(claims) == 0 {
		return nil, nil
	}
	first := claims[0]
	for _, other := range claims[1:] {
		if other.dialect != first.dialect {
			return nil, conflict(first, other)
		}
	}
	for _, o := range l.flags {
		if _, err := first.dialect.flag(o); err != nil && o.String() != first.text {
			if other := ownerOf(o); other != nil {
				return nil, conflict(first, claim{other, o.String()})
			}
			return nil, err
		}
	}
	if first.dialect == &linux && len(l.rest) > 0 && isNumber(l.rest[0]) {
		return nil, conflict(first, claim{&windows, l.rest[0]})
	}
	return first.dialect, nil
}

// unknown finds a flag that no dialect has as it is there.
func unknown(l *line) error {
	for _, o := range l.flags {
		if ownerOf(o) != nil {
			continue
		}
		for _, d := range Dialects() {
			if _, err := d.flag(o); d.hasLetter(o.letter) {
				return err
			}
		}
		return &Error{Message: "unknown flag " + o.String(), Usage: true}
	}
	return nil
}

func (d *Dialect) hasLetter(letter string) bool {
	return slices.ContainsFunc(d.Flags, func(f Flag) bool { return f.Letter == letter })
}

// ownerOf is a dialect that has the flag.
func ownerOf(o occurrence) *Dialect {
	for _, d := range Dialects() {
		if _, err := d.flag(o); err == nil {
			return d
		}
	}
	return nil
}

// claims are the flags that say with a certain strength which dialect is meant.
func (l *line) claims(wanted strength) (claims []claim) {
	for _, o := range l.flags {
		if o.slash && wanted == distinct {
			claims = append(claims, claim{&windows, o.String()})
			continue
		}
		for _, d := range Dialects() {
			if f, err := d.flag(o); err == nil && f.sign != nil && f.sign(l, o.arguments) == wanted {
				claims = append(claims, claim{d, o.String()})
			}
		}
	}
	if wanted == weak && len(l.rest) > 0 {
		d := &windows
		if l.has("i") && !l.has("eo") || !isNumber(l.rest[0]) && !l.has("eo") {
			d = &bsd
		}
		claims = append(claims, claim{d, l.rest[0]})
	}
	return claims
}

// conflict tells of two readings.
func conflict(a, b claim) error {
	return &Error{
		Message: a.text + " is of the " + a.dialect.Name + " dialect, and " + b.text + " of " + b.dialect.Name,
		Hint: "leave one of them out, or say which is meant with --dialect " + a.dialect.Name + " or --dialect " + b.dialect.Name +
			"; netql netstat --help lists the flags of each",
	}
}

// protocolSign is how much the argument of -p tells. tcp and udp alone show connections in Windows; what has none shows its
// statistics, as in BSD.
func protocolSign(ofWindows bool) sign {
	return func(l *line, names []string) strength {
		if slices.ContainsFunc(names, func(name string) bool { return slices.Contains(windowsOnly, strings.ToLower(name)) }) {
			if ofWindows {
				return distinct
			}
			return shared
		}
		windowsHas := !slices.ContainsFunc(names, func(name string) bool {
			found, _ := Protocols(nil).find(name)
			return found == nil || !found.windows || found.transport == "" && !l.has("s")
		})
		if windowsHas == ofWindows {
			return weak
		}
		return shared
	}
}
