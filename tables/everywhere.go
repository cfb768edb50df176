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

// Everywhere is the catalogue of all network namespaces of the machine. A table has the rows of all, which netns tells
// apart; one about the machine is as it is everywhere. Queries ask it with what AskEverywhere gives.
func Everywhere(catalog *query.Catalog) *query.Catalog {
	union := &query.Union{Name: "every network namespace", Columns: memberColumns(), Members: members}
	return union.Catalog(catalog)
}

// memberColumns say of each row in which namespace it is.
func memberColumns() []query.MemberColumn {
	return []query.MemberColumn{
		{Column: schema.Column{Name: "netns", Type: text, Doc: "The network namespace: its name under /run/netns, " +
			"else its inode number."}, Identifies: true},
		{Column: schema.Column{Name: "container", Type: text, Doc: "The container of the namespace's first process, " +
			"by the id that Docker, containerd, Podman or CRI-O gave it."}},
		{Column: schema.Column{Name: "unit", Type: text, Doc: "The systemd unit of the namespace's first process."}},
	}
}

// members are the namespaces of now. One walk over the processes finds the owners of the sockets of all.
func members(_ context.Context, state query.State, warn func(string)) (list []query.Member) {
	q := ofQuery(state)
	stacks, err := q.everywhere.List()
	if err != nil {
		warn("there may be more network namespaces: " + err.Error())
	}
	finder := owners.Shared(q.system.Owners)
	for _, s := range stacks {
		list = append(list, q.member(s, finder))
	}
	return list
}

// member is one namespace.
func (q *QueryState) member(s sources.Stack, finder owners.Finder) query.Member {
	group := sync.OnceValue(func() string {
		groups, _ := procfs.ReadCgroups(q.system.Files, s.PID)
		return procfs.CgroupPath(groups)
	})
	return query.Member{
		Name: "netns " + s.String(),
		Value: func(column string) any {
			switch column {
			case "container":
				return nonEmpty(cgroup.Container(group()))
			case "unit":
				return nonEmpty(cgroup.Unit(group()))
			}
			return s.String()
		},
		Open: func() (query.State, error) {
			system, err := q.everywhere.Enter(s, finder)
			if err != nil || system == nil {
				return nil, err
			}
			return Ask(system), nil
		},
	}
}
