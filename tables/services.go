package tables

import (
	"errors"
	"io/fs"
	"iter"

	"netql/query"
	"netql/sources/procfs"
)

// service is a row of services: one name of one port.
type service struct {
	name, proto string
	port        query.Port
	alias       bool
}

// servicesTable declares the table of the names of ports.
func servicesTable() *query.Table {
	return query.Define(query.Spec[service]{
		Doc: "A name of a transport port, as /etc/services has it.",
		Examples: []string{
			"services port == 443",
			`services name contains "http" | select name, port, proto | sort port`,
			"services | group by port, proto: names = list(name) | where len(names) > 1",
		},
		Columns: []query.Column[service]{
			query.Col("name", "The name of the service, or another one that it has.",
				func(s *service) string { return s.name }),
			query.Col("port", "The port.", func(s *service) query.Port { return s.port }),
			query.Col("proto", "The transport protocol: tcp, udp, sctp and so on.",
				func(s *service) string { return s.proto }),
			query.Col("alias", "Whether it is another name of a service that has one already.",
				func(s *service) bool { return s.alias }),
		},
		Shown: []string{"name", "port", "proto"},
		Key:   []string{"name", "port", "proto"},
		Scope: query.MachineScope,
		Scan: func(r query.Request) query.Scan[service] {
			return streamScan[service]{"/etc/services", "services", r, serviceRows}
		},
	})
}

// serviceRows lists the names of ports. The file may have a line twice: a name of a port and protocol is listed once.
func serviceRows(s *scanState) iter.Seq2[*service, error] {
	return func(yield func(*service, error) bool) {
		all, err := procfs.ReadServices(s.system.Files)
		if errors.Is(err, fs.ErrNotExist) {
			yield(nil, absence("there is no /etc/services"))
			return
		}
		seen := map[service]bool{}
		for _, s := range all {
			for i, name := range append([]string{s.Name}, s.Aliases...) {
				row := service{name: name, proto: s.Protocol, port: query.Port(s.Port)}
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
