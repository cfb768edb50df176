package tables

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"slices"

	"netql/query"
	"netql/sources/access"
	"netql/sources/containers"
	"netql/sources/multierror"
	"netql/sources/procfs"
)

// namespace is a row of namespaces.
type namespace struct {
	inode     uint64
	names     []string
	current   optional[bool] // whether it is the one that the query asks
	processes int            // how many are in it
	first     *processRow    // the one with the lowest number; nil if there is none
}

// namespacesTable declares the table of network namespaces.
func namespacesTable() *query.Table {
	return query.Define(query.Spec[namespace]{
		Doc: "A network namespace that has a process or a name, or is mounted where another mount covers its name. " +
			"One that lives only because a file descriptor, a socket or a mount elsewhere holds it is not found.",
		Examples: []string{
			"namespaces",
			"namespaces name != nil | select name, processes",
			"namespaces container != nil | select inode, container, process | sort container",
			"namespaces processes == 0",
		},
		Columns: namespaceColumns(),
		Shown:   []string{"inode", "name", "current", "processes", "pid", "process", "unit", "container"},
		Quiet:   []string{"name", "unit", "container"},
		Spare:   []string{"unit", "pid"},
		Key:     []string{"inode"},
		Scope:   query.MachineScope,
		Scan: func(r query.Request) query.Scan[namespace] {
			return streamScan[namespace]{"/proc/*/ns/net and /run/netns", "network namespaces", r, listNamespaces}
		},
	})
}

func namespaceColumns() []query.Column[namespace] {
	return slices.Concat([]query.Column[namespace]{
		query.Col("inode", "Its inode number, by which /proc/PID/ns/net names it.",
			func(n *namespace) uint64 { return n.inode }),
		query.NonZero("name", "Its name under /run/netns, as ip-netns(8) gives it; the first of several.",
			(*namespace).name),
		query.List("names", "All its names.", func(n *namespace) []string { return n.names }),
		query.Opt("current", "Whether it is the one that queries are about.",
			func(n *namespace) (bool, bool) { return n.current.get() }),
		query.Col("processes", "The processes in it, the kernel's threads not counted.",
			func(n *namespace) int { return n.processes }).Gauge(),
	}, query.Within(func(n *namespace) *processRow { return n.first },
		query.Col("pid", "The first of them by number; of a container that is often the one that it was started for.",
			func(p *processRow) int { return p.PID }),
		query.Col("process", "The name of that process.", func(p *processRow) string { return p.Command }),
	), query.Within((*namespace).firstProcess,
		query.NonZero("cmdline", "Its command line (/proc/PID/cmdline).", (*process).commandLine).Costly(),
		query.NonZero("unit", "The systemd unit in which it runs.", (*process).unit).Costly(),
		query.NonZero("container", "The container in which it runs, by the id that Docker, containerd, Podman or "+
			"CRI-O gave it.", (*process).container).Costly().ForPeople(shortContainer),
	), containerColumns(func(n *namespace) *containers.Container {
		if p := n.firstProcess(); p != nil {
			return p.named()
		}
		return nil
	}))
}

// name is the first of its names; "" if it has none.
func (n *namespace) name() string {
	if len(n.names) == 0 {
		return ""
	}
	return n.names[0]
}

func (n *namespace) firstProcess() *process {
	if n.first == nil {
		return nil
	}
	return n.first.process()
}

// listNamespaces lists the namespaces by inode number.
func listNamespaces(s *scanState) iter.Seq2[*namespace, error] {
	return func(yield func(*namespace, error) bool) {
		f, found := &processFacts{scanState: s}, namespaceSet{}
		for _, named := range f.namedNamespaces() {
			n := found.get(named.Inode)
			n.names = append(n.names, named.Name)
		}
		found.addCovered(s)
		failure := found.addProcesses(f)
		current, err := procfs.ReadNamespace(f.system.Files, "net")
		for _, inode := range slices.Sorted(maps.Keys(found)) {
			n := found[inode]
			n.current = optional[bool]{inode == current, err == nil}
			if !yield(n, nil) {
				return
			}
		}
		if err := multierror.Join(failure, err); err != nil {
			yield(nil, err)
		}
	}
}

// namespaceSet is namespaces by inode number.
type namespaceSet map[uint64]*namespace

// get is the namespace of an inode number, which it adds where it is missing.
func (s namespaceSet) get(inode uint64) *namespace {
	if s[inode] == nil {
		s[inode] = &namespace{inode: inode}
	}
	return s[inode]
}

// addCovered adds the namespaces that are mounted where they would have a name, but below another mount. The warning
// says where, because the row cannot.
func (s namespaceSet) addCovered(scan *scanState) {
	covered, err := scan.system.CoveredNamespaces()
	if err != nil {
		scan.warn("network namespaces that other mounts cover may be missing: " + err.Error())
	}
	for _, c := range covered {
		s.get(c.Inode)
		scan.warn(fmt.Sprintf("network namespace %d is mounted at %s, but something else is mounted over it, so that "+
			"it has not that name", c.Inode, c.Path))
	}
}

// addProcesses counts the processes in each namespace. The error is why some could not be read; for processes that may
// not be inspected there is a warning instead.
func (s namespaceSet) addProcesses(f *processFacts) (failure error) {
	refused := access.Refused{}
	for p, err := range f.list(func(int) bool { return true }) {
		if err != nil {
			failure = err
			continue
		}
		answer := f.namespaceOf(p.PID)
		switch {
		case answer.err == nil:
			n := s.get(answer.value)
			n.processes++
			if n.first == nil {
				n.first = p
			}
		case errors.Is(answer.err, fs.ErrPermission):
			refused.Consider(f.system.Files, p.PID)
		case !procfs.Gone(answer.err) && !p.ended():
			failure = answer.err
		}
	}
	if refused.Count > 0 {
		f.warnRefused("network namespaces may be missing, or have more processes than is said", refused)
	}
	return failure
}
