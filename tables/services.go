package tables

import (
	"context"
	"errors"
	"io/fs"
	"iter"

	"netql/query"
	"netql/sources"
	"netql/sources/procfs"
	"netql/sources/vfs"
)

// service is a row of services: one name of one port.
type service struct {
	name, proto string
	port        int
	alias       bool
}

// servicesTable declares the table of the names of ports.
func servicesTable(system *sources.System) query.Spec[service] {
	return query.Spec[service]{
		Name: "services",
		Doc:  "A name of a transport port, as /etc/services has it.",
		Examples: []string{
			"services port == 443",
			`services name contains "http" | select name, port, proto | sort port`,
			"services | group by port, proto: names = list(name) | where len(names) > 1",
		},
		Fields: []query.Field[service]{
			{Name: "name", Type: text, Doc: "The name of the service, or another one that it has.", Get: func(s *service) any { return s.name }},
			{Name: "port", Type: port, Doc: "The port.", Get: func(s *service) any { return s.port }},
			{Name: "proto", Type: text, Doc: "The transport protocol: tcp, udp, sctp and so on.", Get: func(s *service) any { return s.proto }},
			{Name: "alias", Type: boolean, Doc: "Whether it is another name of a service that has one already.", Get: func(s *service) any { return s.alias }},
		},
		Shown:   []string{"name", "port", "proto"},
		Key:     []string{"name", "port", "proto"},
		Machine: true,
		Scan: func(r query.Request) query.Scan[service] {
			return reading[service]{"/etc/services", "services", r.Warn, func(context.Context) iter.Seq2[*service, error] {
				return serviceRows(system.Files)
			}}
		},
	}
}

// serviceRows gives each name once for a port and protocol: the file may repeat itself. A machine without the file has
// no names for ports.
func serviceRows(files vfs.Files) iter.Seq2[*service, error] {
	return func(yield func(*service, error) bool) {
		all, err := procfs.ReadServices(files)
		if errors.Is(err, fs.ErrNotExist) {
			yield(nil, errors.New("there is no /etc/services"))
			return
		}
		seen := map[service]bool{}
		for _, s := range all {
			for i, name := range append([]string{s.Name}, s.Aliases...) {
				row := service{name: name, proto: s.Protocol, port: int(s.Port)}
				if seen[row] {
					continue
				}
				seen[row] = true
				row.alias = i > 0
				if !yield(&row, nil) {
					return
				}
			}
		}
		if err != nil {
			yield(nil, err)
		}
	}
}
