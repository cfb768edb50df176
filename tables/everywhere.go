package tables

import (
	"context"
	"sync"

	"netql/query"
	"netql/query/schema"
	"netql/sources"
	"netql/sources/cgroup"
	"netql/sources/containers"
	"netql/sources/owners"
	"netql/sources/procfs"
)

// Everywhere is the catalogue of all network namespaces of the machine. A table has the rows of all of them, with a
// column netns; a table about the whole machine stays as it is. Queries over it need the state of AskEverywhere.
func Everywhere(catalog *query.Catalog) *query.Catalog {
	union := &query.Union{Name: "every network namespace", Columns: memberColumns(), Members: members}
	return union.Catalog(catalog)
}

// memberColumns are the columns of a row's network namespace.
func memberColumns() []query.MemberColumn {
	column := func(name, doc string) schema.Column {
		return schema.Column{Name: name, Type: schema.Of(schema.Text), Doc: doc}
	}
	return []query.MemberColumn{
		{Column: column("netns", "The network namespace: its name under /run/netns, else its inode number."),
			Identifies: true},
		{Column: column("container", "The container of the namespace's first process, by the id that Docker, "+
			"containerd, Podman or CRI-O gave it.")},
		{Column: column("container_name", "The name of that container, as its runtime's files have it.")},
		{Column: column("image", "The image of that container.")},
		{Column: column("pod", "The pod of Kubernetes to which it belongs.")},
		{Column: column("pod_namespace", "The namespace of Kubernetes in which the pod is.")},
		{Column: column("unit", "The systemd unit of the namespace's first process.")},
	}
}

// members are the network namespaces that there are now. They share one walk over the processes for owners of sockets.
// Our own is always one of them, so that without any there is an error.
func members(_ context.Context, state query.State, warn func(string)) (list []query.Member, err error) {
	q := ofQuery(state)
	stacks, err := q.everywhere.List()
	switch {
	case len(stacks) == 0:
		return nil, &Unreadable{"network namespaces", err}
	case err != nil:
		warn("there may be more network namespaces: " + err.Error())
	}
	finder := owners.Shared(q.system.Owners)
	names := newMemberNames(q.system, warn)
	for _, s := range stacks {
		list = append(list, q.member(s, finder, names, warn))
	}
	return list, nil
}

// member is one network namespace; its container and unit are read when a column of them is.
func (q *QueryState) member(
	s sources.Stack, finder owners.Finder, names *memberNames, warn func(string),
) query.Member {
	group := sync.OnceValue(func() string {
		if s.PID == 0 {
			return ""
		}
		groups, err := procfs.ReadCgroups(q.system.Files, s.PID)
		if err = unlessGone(err); err != nil {
			warn("the container and unit of netns " + s.String() + " are unknown: " + err.Error())
		}
		return procfs.CgroupPath(groups)
	})
	return query.Member{
		Name: "netns " + s.String(),
		Value: func(column string) any {
			value := s.String()
			switch column {
			case "container":
				value = cgroup.Container(group())
			case "unit":
				value = cgroup.Unit(group())
			case "container_name":
				value = names.of(group()).Name
			case "image":
				value = names.of(group()).Image
			case "pod":
				value = names.of(group()).Pod
			case "pod_namespace":
				value = names.of(group()).PodNamespace
			}
			if value == "" {
				return nil
			}
			return value
		},
		Open: func() (query.State, error) {
			system, err := q.everywhere.Enter(s, finder)
			if err != nil || system == nil {
				return nil, err
			}
			state := Ask(system)
			state.elsewhere = !s.Own
			return state, nil
		},
	}
}

// memberNames finds what runtimes call the containers of namespaces, which are read in parallel.
type memberNames struct {
	lock   sync.Mutex
	finder *containers.Finder
	warn   func(string)
	warned bool
}

func newMemberNames(system *sources.System, warn func(string)) *memberNames {
	return &memberNames{finder: containers.NewFinder(system.Files), warn: warn}
}

// of is what is known of the container of a control group; empty if there is none.
func (n *memberNames) of(group string) containers.Container {
	n.lock.Lock()
	defer n.lock.Unlock()
	c, err := n.finder.Find(group)
	if err != nil && !n.warned {
		n.warned = true
		n.warn("the names of some containers are unknown: " + err.Error())
	}
	if c == nil {
		return containers.Container{}
	}
	return *c
}
