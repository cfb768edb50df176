package inetdiag

import (
	"fmt"
	"strings"
)

// String is the filter in words: "lport == 22 and raddr in 10.0.0.0/8". Port 0 is none.
func (f Filter) String() string {
	switch f.kind {
	case anySocket:
		return "true"
	case noSocket:
		return "false"
	case inPorts:
		return [...]string{Local: "lport", Remote: "rport"}[f.end] + " " + f.ports.text()
	case inPrefix:
		return [...]string{Local: "laddr", Remote: "raddr"}[f.end] + " " + f.prefixText()
	}
	texts := make([]string, len(f.parts))
	for i, part := range f.parts {
		texts[i] = part.String()
		if part.kind == anyOf {
			texts[i] = "(" + texts[i] + ")"
		}
	}
	return strings.Join(texts, map[filterKind]string{allOf: " and ", anyOf: " or "}[f.kind])
}

func (f Filter) prefixText() string {
	equal, in := "== ", "in "
	if f.outside {
		equal, in = "!= ", "not in "
	}
	if f.prefix.IsSingleIP() {
		return equal + f.prefix.Addr().String()
	}
	return in + f.prefix.String()
}

// text is the set behind "port", or what it leaves out where that is shorter.
func (set portSet) text() string {
	equal, in := "== ", "in "
	if others := set.complement(); len(others) < len(set) {
		set, equal, in = others, "!= ", "not in "
	}
	texts := make([]string, len(set))
	for i, r := range set {
		texts[i] = fmt.Sprint(r.First)
		if r.Last != r.First {
			texts[i] += fmt.Sprint("..", r.Last)
		}
	}
	switch {
	case len(set) > 1:
		return in + "[" + strings.Join(texts, ", ") + "]"
	case set[0].First == set[0].Last:
		return equal + texts[0]
	}
	return in + texts[0]
}
