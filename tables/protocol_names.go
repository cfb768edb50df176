package tables

import (
	"strings"

	"netql/sources/procfs"
)

// Protocol is the official name of an IP protocol in /etc/protocols, by that name or an alias, in any case. Where the
// file cannot be read, there are no names.
func (q *QueryState) Protocol(name string) (string, bool) {
	first, ok := q.protocols.get(q.readProtocols)[strings.ToLower(name)]
	return first, ok
}

func (q *QueryState) readProtocols() map[string]string {
	names := map[string]string{}
	all, err := procfs.ReadIPProtocols(q.system.Files)
	if err != nil {
		return names
	}
	for _, p := range all {
		for _, name := range append([]string{p.Name}, p.Aliases...) {
			if _, known := names[strings.ToLower(name)]; !known {
				names[strings.ToLower(name)] = p.Name
			}
		}
	}
	return names
}
