package tables

import (
	"strings"
	"sync"

	"netql/sources"
	"netql/sources/procfs"
)

// protocolNames finds a protocol of IP in /etc/protocols, by its name or an alias, in any case. A machine without that file has
// no names.
func protocolNames(system *sources.System) func(name string) (string, bool) {
	names := sync.OnceValue(func() map[string]string {
		names := map[string]string{}
		all, err := procfs.ReadIPProtocols(system.Files)
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
	})
	return func(name string) (string, bool) {
		first, ok := names()[strings.ToLower(name)]
		return first, ok
	}
}
