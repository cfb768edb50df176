package tables

import (
	"cmp"
	"errors"
	"io/fs"
	"iter"
	"maps"
	"slices"

	"netql/query"
	"netql/query/schema"
	"netql/sources/procfs"
)

// namespace is a row of namespaces.
type namespace struct {
	inode     uint64
	names     []string
	current   any
	processes int
	first     *processRow // nil if there is none
}

// namespaces declares the table of network namespaces.
func namespaces() *query.Table {
	first := func(get func(*processRow) any) func(*namespace) any {
		return func(n *namespace) any {
			if n.first == nil {
				return nil
			}
			return get(n.first)
		}
	}
	return query.Define(query.Spec[namespace]{
		Doc: "A network namespace that has a process or a name. One that lives only because a file descriptor, a socket or a mount elsewhere " +
			"holds it is not found.",
		Examples: []string{
			"namespaces",
			"namespaces name != nil | select name, processes",
			"namespaces container != nil | select inode, container, process | sort container",
			"namespaces processes == 0",
		},
		Fields: []query.Field[namespace]{
			{Name: "inode", Type: integer, Doc: "Its inode number, by which /proc/PID/ns/net names it.", Get: func(n *namespace) any { return saturate(n.inode) }},
			{Name: "name", Type: text, Doc: "Its name under /run/netns, as ip-netns(8) gives it; the first of several.",
				Get: func(n *namespace) any { return orNull(append(n.names, "")[0], len(n.names) > 0) }},
			{Name: "names", Type: schema.ListOf(text), Doc: "All its names.", Get: func(n *namespace) any { return list(n.names) }},
			{Name: "current", Type: boolean, Doc: "Whether it is the one that queries are about.", Get: func(n *namespace) any { return n.current }},
			{Name: "processes", Type: integer, Change: schema.Gauge, Doc: "The processes in it, the kernel's threads not counted.", Get: func(n *namespace) any { return n.processes }},
			{Name: "pid", Type: integer, Doc: "The first of them by number; of a container that is often the one that it was started for.",
				Get: first(func(p *processRow) any { return p.PID })},
			{Name: "process", Type: text, Doc: "The name of that process.", Get: first(func(p *processRow) any { return p.Command })},
			{Name: "cmdline", Type: text, Costly: true, Doc: "Its command line (/proc/PID/cmdline).",
				Get: first(func(p *processRow) any { return nonEmpty(p.facts.process(p.PID).commandLine()) })},
			{Name: "unit", Type: text, Costly: true, Doc: "The systemd unit in which it runs.",
				Get: first(func(p *processRow) any { return nonEmpty(p.facts.process(p.PID).unit()) })},
			{Name: "container", Type: text, Costly: true, Doc: "The container in which it runs, by the id that Docker, containerd, Podman or CRI-O gave it.",
				Get: first(func(p *processRow) any { return nonEmpty(p.facts.process(p.PID).container()) })},
		},
		Shown:   []string{"inode", "name", "current", "processes", "pid", "process", "unit", "container"},
		Key:     []string{"inode"},
		Machine: true,
		Scan: func(r query.Request) query.Scan[namespace] {
			return streamScan[namespace]{"/proc/*/ns/net and /run/netns", "network namespaces", r, listNamespaces}
		},
	})
}

// listNamespaces lists the namespaces by inode number.
func listNamespaces(s *scanState) iter.Seq2[*namespace, error] {
	return func(yield func(*namespace, error) bool) {
		f, found := &processFacts{scanState: s}, namespaceSet{}
		for _, named := range f.system.NamedNamespaces() {
			n := found.get(named.Inode)
			n.names = append(n.names, named.Name)
		}
		failure := found.addProcesses(f)
		current, err := procfs.ReadNamespace(f.system.Files, "net")
		for _, n := range slices.SortedFunc(maps.Values(found), func(a, b *namespace) int { return cmp.Compare(a.inode, b.inode) }) {
			n.current = orNull(n.inode == current, err == nil)
			if !yield(n, nil) {
				return
			}
		}
		if err := errors.Join(failure, err); err != nil {
			yield(nil, err)
		}
	}
}

// namespaceSet finds namespaces by inode number.
type namespaceSet map[uint64]*namespace

func (s namespaceSet) get(inode uint64) *namespace {
	if s[inode] == nil {
		s[inode] = &namespace{inode: inode}
	}
	return s[inode]
}

// addProcesses counts processes, which come by number. The error says which could not be looked at.
func (s namespaceSet) addProcesses(f *processFacts) (failure error) {
	refused := 0
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
		case errors.Is(answer.err, fs.ErrPermission) && !p.ended():
			refused++
		case !procfs.Gone(answer.err) && !p.ended():
			failure = answer.err
		}
	}
	if refused > 0 {
		f.warnHidden("network namespaces may be missing, or have more processes than is said", refused)
	}
	return failure
}
