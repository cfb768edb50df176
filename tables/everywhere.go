package tables

import (
	"context"
	"sync"

	"netql/query"
	"netql/query/schema"
	"netql/sources"
	"netql/sources/cgroup"
	"netql/sources/owners"
	"netql/sources/procfs"
)

// Everywhere builds the catalogue of all network namespaces of the machine. A table has the rows of all, which netns tells
// apart; one about the machine is as it is everywhere.
func Everywhere(all *sources.Everywhere) *query.Catalog {
	live := sources.Live()
	here := Catalog(live)
	union := &query.Union{Name: "every network namespace", Columns: memberColumns(), Members: func(_ context.Context, warn func(string)) []query.Member {
		stacks, err := all.List()
		if err != nil {
			warn("there may be more network namespaces: " + err.Error())
		}
		finder := owners.Shared(live.Owners)
		var members []query.Member
		for _, s := range stacks {
			members = append(members, member(all, s, finder, live))
		}
		return members
	}}
	joint := &query.Catalog{Functions: here.Functions, Ports: here.Ports}
	for _, t := range here.Tables {
		if t.Name != "tables" && t.Name != "columns" {
			joint.Tables = append(joint.Tables, union.Table(t))
		}
	}
	return described(joint)
}

// memberColumns say of each row in which namespace it is.
func memberColumns() []query.MemberColumn {
	return []query.MemberColumn{
		{Column: schema.Column{Name: "netns", Type: text, Doc: "The network namespace: its name under /run/netns, else its inode number."}, Identifies: true},
		{Column: schema.Column{Name: "container", Type: text, Doc: "The container of the namespace's first process, by the id that Docker, containerd, Podman or CRI-O gave it."}},
		{Column: schema.Column{Name: "unit", Type: text, Doc: "The systemd unit of the namespace's first process."}},
	}
}

// member is one namespace as a part of the catalogue.
func member(all *sources.Everywhere, s sources.Stack, finder owners.Finder, live *sources.System) query.Member {
	group := sync.OnceValue(func() string {
		groups, _ := procfs.ReadCgroups(live.Files, s.PID)
		return procfs.CgroupPath(groups)
	})
	values := map[string]func() any{
		"netns":     func() any { return s.String() },
		"container": func() any { return nonEmpty(cgroup.Container(group())) },
		"unit":      func() any { return nonEmpty(cgroup.Unit(group())) },
	}
	return query.Member{
		Name:  "netns " + s.String(),
		Value: func(column string) any { return values[column]() },
		Open: func() (*query.Catalog, error) {
			system, err := all.Enter(s, finder)
			if err != nil || system == nil {
				return nil, err
			}
			return Catalog(system), nil
		},
	}
}
