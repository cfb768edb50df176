package tables

import (
	"strings"

	"netql/sources/procfs"
	"netql/sources/vfs"
)

// protocolNames are the names of IP protocols in /etc/protocols. Where the file cannot be read, there are none.
type protocolNames struct {
	first   map[string]string // the official name by that name or an alias, in lower case
	numbers map[int]string    // the official name by number
}

// Protocol is the official name of an IP protocol in /etc/protocols, by that name or an alias, in any case.
func (q *QueryState) Protocol(name string) (string, bool) {
	first, ok := q.protocolNames().first[strings.ToLower(name)]
	return first, ok
}

func (q *QueryState) protocolNames() protocolNames {
	return q.protocols.get(func() protocolNames { return readProtocolNames(q.system.Files) })
}

func readProtocolNames(files vfs.Files) protocolNames {
	names := protocolNames{map[string]string{}, map[int]string{}}
	all, err := procfs.ReadIPProtocols(files)
	if err != nil {
		return names
	}
	for _, p := range all {
		if _, known := names.numbers[int(p.Number)]; !known {
			names.numbers[int(p.Number)] = p.Name
		}
		for _, name := range append([]string{p.Name}, p.Aliases...) {
			if _, known := names.first[strings.ToLower(name)]; !known {
				names.first[strings.ToLower(name)] = p.Name
			}
		}
	}
	return names
}
