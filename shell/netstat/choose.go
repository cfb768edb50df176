package netstat

import (
	"slices"
	"strings"
)

// strength is how strongly a flag tells that its dialect is meant.
type strength uint8

const (
	shared   strength = iota // not at all: other dialects have the flag too, and it means the same there
	weak                     // it is of this dialect, unless another flag says otherwise
	distinct                 // it is of this dialect alone
)

// strength is how strongly the flag, with these arguments and among these flags, tells that its dialect is meant.
func (f *Flag) strength(l *line, arguments []string) strength {
	switch {
	case f.tellsBy != nil:
		return f.tellsBy(l, arguments)
	case f.with != "" && !l.has(f.with), f.without != "" && l.has(f.without):
		return shared
	}
	return f.tells
}

// claim is a flag, or another word, that tells which dialect is meant.
type claim struct {
	dialect *Dialect
	text    string // as it was typed
}

// choose finds the dialect: the only one that it may be, else the one that the flags tell. nil says that they mean the
// same in all dialects.
func choose(l *line) (*Dialect, error) {
	if len(l.dialects) == 1 {
		return l.dialects[0], nil
	}
	if err := unknown(l); err != nil {
		return nil, err
	}
	claims := l.claims(distinct)
	if len(claims) == 0 {
		claims = l.claims(weak)
	}
	if len(claims) == 0 {
		return l.onlyOther(), nil
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

// onlyOther is the first dialect that has all of the flags, where the flags of Linux are not all of them; else nil,
// which says that they mean the same everywhere, or nothing.
func (l *line) onlyOther() *Dialect {
	has := func(d *Dialect) bool {
		return !slices.ContainsFunc(l.flags, func(o occurrence) bool { _, err := d.flag(o); return err != nil })
	}
	if i := slices.IndexFunc(Dialects(), has); i >= 0 && !has(&linux) {
		return Dialects()[i]
	}
	return nil
}

// unknown is the error of the first flag that no dialect has, or has without such an argument; nil if there is none.
func unknown(l *line) error {
	for _, o := range l.flags {
		if ownerOf(o) != nil {
			continue
		}
		for _, d := range Dialects() {
			if _, err := d.flag(o); slices.ContainsFunc(d.Flags, func(f Flag) bool { return o.is(&f) }) {
				return err
			}
		}
		return unknownFlag(nil, o)
	}
	return nil
}

// ownerOf is the first dialect that has the flag; nil if none has.
func ownerOf(o occurrence) *Dialect {
	for _, d := range Dialects() {
		if _, err := d.flag(o); err == nil {
			return d
		}
	}
	return nil
}

// claims are the flags that tell the dialect with the wanted strength. A word that is no flag is a weak claim: BSD
// takes [system] [core], and an interval beside -i; Windows takes an interval.
func (l *line) claims(wanted strength) (claims []claim) {
	for _, o := range l.flags {
		if o.slash && wanted == distinct {
			claims = append(claims, claim{&windows, o.String()})
			continue
		}
		for _, d := range Dialects() {
			if f, err := d.flag(o); err == nil && f.strength(l, o.arguments) == wanted {
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

// conflict is the error of flags that belong to two dialects.
func conflict(a, b claim) error {
	return &Error{
		Message: a.text + " is of the " + a.dialect.Name + " dialect, and " + b.text + " of " + b.dialect.Name,
		Hint: "leave one of them out, or say which is meant with --dialect " + a.dialect.Name + " or --dialect " +
			b.dialect.Name + "; netstat --dialect auto --help lists the flags of each",
	}
}

// windowsProtocols is how strongly the arguments of -p tell that Windows is meant. tcp and udp alone show connections
// there; what has no connections shows its statistics, as in BSD, unless -s is there.
func windowsProtocols(l *line, names []string) strength {
	switch {
	case slices.ContainsFunc(names, isWindowsOnly):
		return distinct
	case windowsHas(l, names):
		return weak
	}
	return shared
}

// bsdProtocols is how strongly they tell that BSD is meant.
func bsdProtocols(l *line, names []string) strength {
	if slices.ContainsFunc(names, isWindowsOnly) || windowsHas(l, names) {
		return shared
	}
	return weak
}

func isWindowsOnly(name string) bool { return slices.Contains(windowsOnly, strings.ToLower(name)) }

// windowsHas says whether -p with all of these protocols means something in Windows.
func windowsHas(l *line, names []string) bool {
	return !slices.ContainsFunc(names, func(name string) bool {
		found, _ := Protocols(nil).find(name)
		return found == nil || !found.windows || found.transport == "" && !l.has("s")
	})
}
