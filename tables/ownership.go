package tables

import (
	"iter"
	"path"
	"slices"
	"strings"

	"netql/query"
	"netql/query/schema"
	"netql/sources/cgroup"
	"netql/sources/containers"
	"netql/sources/owners"
)

// ownerStatuses are the reasons why a socket has the owners that it has, or none.
func ownerStatuses() *schema.Vocabulary {
	return schema.NewVocabulary(
		schema.Word{Name: "ok"},
		schema.Word{Name: "partial"},
		schema.Word{Name: "time_wait"},
		schema.Word{Name: "unaccepted", Level: schema.Busy},
		schema.Word{Name: "orphan", Level: schema.Busy},
		schema.Word{Name: "kernel"},
		schema.Word{Name: "other_namespace"},
		schema.Word{Name: "no_permission", Level: schema.Bad},
		schema.Word{Name: "exited"},
		schema.Word{Name: "unlisted"},
	)
}

// ownership finds the owners of the sockets of one table.
type ownership struct {
	*scanState
	inodes     func() iter.Seq[uint64] // lists the inodes of all sockets of the table's kind
	alive      lazy[map[uint64]bool]   // these inodes
	later      lazy[*owners.Table]     // the owners once more, for sockets that had none
	shortLived bool                    // sockets of the kind often close while a query runs, such as netql's own
	last       uint64                  // the inode of the last look-up; several columns need the same
	found      []owners.Owner          // by that look-up; the next one uses the memory again
}

// exists says whether a socket still exists. One without an owner that exists is the kernel's own.
func (o *ownership) exists(inode uint64) bool {
	return o.alive.get(func() map[uint64]bool {
		alive := map[uint64]bool{}
		for inode := range o.inodes() {
			alive[inode] = true
		}
		return alive
	})[inode]
}

// ownedRow is a row of a table of sockets, *T, with methods that give its owners.
type ownedRow[T any] interface {
	*T
	owned() (status string, all []owners.Owner) // the list is valid until the next call, of any row
	process(pid int) *process
}

// ownerColumns are the columns of the processes that have the socket open. All of them need a walk over /proc/*/fd,
// once for a query.
func ownerColumns[T any, R ownedRow[T]]() []query.Column[T] {
	first := func(row *T) *owners.Owner {
		if _, all := R(row).owned(); len(all) > 0 {
			return &all[0]
		}
		return nil
	}
	holder := func(row *T) *process {
		if o := first(row); o != nil {
			return R(row).process(o.PID)
		}
		return nil
	}
	return slices.Concat(
		query.Within(first,
			query.Col("pid", "The process that has the socket; the first by number where several do (see owners).",
				func(o *owners.Owner) int { return o.PID }).Costly(),
			query.Col("process", "The name of that process (/proc/PID/stat).",
				func(o *owners.Owner) string { return o.Process }).Costly()),
		query.Within(holder,
			query.NonZero("cmdline", "Its command line (/proc/PID/cmdline).", (*process).commandLine).Costly(),
			query.NonZero("program", "What the process was started as: the first word of its command line, without "+
				"the directories if that begins with one.", (*process).program).Costly()),
		query.Within(first,
			query.Col("fd", "The file descriptor by which it has the socket.",
				func(o *owners.Owner) int { return o.FD }).Costly()),
		query.Within(holder,
			query.NonZero("unit", "The systemd unit in which it runs (/proc/PID/cgroup).", (*process).unit).Costly(),
			query.NonZero("container", "The container in which it runs, by the id that Docker, containerd, Podman "+
				"or CRI-O gave it.", (*process).container).Costly().ForPeople(shortContainer)),
		containerColumns(func(row *T) *containers.Container {
			if p := holder(row); p != nil {
				return p.named()
			}
			return nil
		}),
		[]query.Column[T]{
			query.Records("owners", "All that have the socket: a shared listener has many.",
				ownerParts(), func(row *T) []owners.Owner { _, all := R(row).owned(); return all }).Costly(),
			query.Enum("owner_status", "Why pid is what it is: ok; partial (others may have the socket, too: some "+
				"processes may not be inspected); time_wait (no process any more); unaccepted (nobody has accepted "+
				"the connection, the owner is its listener's); orphan (its process closed it, the kernel finishes "+
				"it); kernel (the kernel's own); other_namespace; no_permission; exited; unlisted (in events: it "+
				"came and went between two lists).",
				ownerStatuses(), func(row *T) string { status, _ := R(row).owned(); return status }).Costly(),
		})
}

// ownerParts are the parts of one element of owners.
func ownerParts() []query.Column[owners.Owner] {
	return []query.Column[owners.Owner]{
		query.Col("pid", "", func(o *owners.Owner) int { return o.PID }),
		query.Col("process", "", func(o *owners.Owner) string { return o.Process }),
		query.Col("fd", "", func(o *owners.Owner) int { return o.FD }),
	}
}

// lookup is the owners of a socket, and the status that says why they may not be all, or why there are none; "" where
// processes cannot be walked. The list is valid until the next look-up.
func (o *ownership) lookup(inode uint64) (status string, all []owners.Owner) {
	table := o.socketOwners()
	if table == nil {
		return "", nil
	}
	if inode != o.last {
		o.last, o.found = inode, table.AppendOwners(o.found[:0], inode)
	}
	if all = o.found; len(all) > 0 {
		return foundStatus(table), all
	}
	if own, ok := o.ours(inode); ok {
		return "ok", []owners.Owner{own}
	}
	switch {
	case o.shortLived && !o.exists(inode):
		return "exited", nil
	case table.Partial():
		o.warnUnseen(table)
		return "no_permission", nil
	case !table.Complete:
		return "other_namespace", nil
	case !o.exists(inode):
		return "exited", nil
	}
	later := o.again(table)
	if all = later.Owners(inode); len(all) > 0 {
		return foundStatus(later), all
	}
	if later.Partial() { // a process has come that refuses inspection
		o.warnUnseen(later)
		return "no_permission", nil
	}
	return "kernel", nil
}

// foundStatus is the status of a socket that has owners in a table.
func foundStatus(table *owners.Table) string {
	if table.Partial() {
		return "partial"
	}
	return "ok"
}

// again is the owners as they are later, where they are quickly found again: a socket may have been opened since they
// were listed first, beside the sockets, or before those of other namespaces that share the list.
func (o *ownership) again(table *owners.Table) *owners.Table {
	return o.later.get(func() *owners.Table {
		if !table.Listed {
			return table
		}
		later, err := owners.Renewed(o.system.Owners).Find(o.ctx)
		if err != nil {
			return table
		}
		return later
	})
}

// ours is netql itself as the owner of a socket that it used for this query; false for other sockets.
func (o *ownership) ours(inode uint64) (owners.Owner, bool) {
	if !o.shortLived || o.system.Own == nil {
		return owners.Owner{}, false
	}
	return o.system.Own(inode)
}

// socketOwners is the owners of all sockets, by one walk over /proc; nil where that fails, as without /proc.
func (s *scanState) socketOwners() *owners.Table { return s.owners.get(s.findOwners) }

func (s *scanState) findOwners() *owners.Table {
	s.startOwners()
	table, err := s.finder.Find(s.ctx)
	if s.ctx.Err() != nil {
		return nil // no warning for a query that was cancelled
	}
	if err != nil {
		s.warn("the owners of sockets are unknown: " + err.Error())
		return nil
	}
	return table
}

// process is what is read of a process beside /proc/PID/stat; empty where it has exited meanwhile.
type process struct {
	arguments []string // of its command line
	cgroup    string   // the path of its control group
	state     *scanState
}

func (p *process) commandLine() string { return strings.Join(p.arguments, " ") }

// program is the first argument, without directories if it is an absolute path. A process that has overwritten its
// arguments with a title has the whole title there.
func (p *process) program() string {
	if len(p.arguments) == 0 {
		return ""
	}
	name := p.arguments[0]
	if strings.HasPrefix(name, "/") {
		name = path.Base(name)
	}
	return name
}

func (p *process) unit() string      { return cgroup.Unit(p.cgroup) }
func (p *process) container() string { return cgroup.Container(p.cgroup) }

// process is what is read of the process of a number, once for a scan.
func (s *scanState) process(pid int) *process { return s.processes.get(pid, s.readProcess) }
