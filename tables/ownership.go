package tables

import (
	"fmt"
	"iter"
	"path"
	"strings"

	"netql/query"
	"netql/query/schema"
	"netql/sources/cgroup"
	"netql/sources/owners"
	"netql/sources/procfs"
)

// ownerStatuses say why a socket has the owners that it has.
var ownerStatuses = schema.NewVocabulary(
	schema.Word{Name: "ok"},
	schema.Word{Name: "time_wait"},
	schema.Word{Name: "unaccepted", Level: schema.Busy},
	schema.Word{Name: "orphan", Level: schema.Busy},
	schema.Word{Name: "kernel"},
	schema.Word{Name: "other_namespace"},
	schema.Word{Name: "no_permission", Level: schema.Bad},
	schema.Word{Name: "exited"},
)

// ownerParts are the fields of one element of owners.
var ownerParts = []schema.Field{{Name: "pid", Type: integer}, {Name: "process", Type: text}, {Name: "fd", Type: integer}}

// ownership finds the processes that have the sockets of one table.
type ownership struct {
	*scanState
	inodes   func() iter.Seq[uint64] // of all sockets of the table's kind: a socket of the kernel's own is there still
	alive    lazy[map[uint64]bool]   // these inodes
	fleeting bool                    // sockets of this kind often go while a query runs, netql's own for one
}

// exists says whether a socket is there now.
func (o *ownership) exists(inode uint64) bool {
	return o.alive.get(func() map[uint64]bool {
		alive := map[uint64]bool{}
		for inode := range o.inodes() {
			alive[inode] = true
		}
		return alive
	})[inode]
}

// ownedRow is a row of a table of sockets: *T, with what says who has it.
type ownedRow[T any] interface {
	*T
	owned() (status string, all []owners.Owner)
	process(pid int) *process
}

// ownerFields say which processes have the socket. All of them cost a walk over /proc/*/fd, once for a query.
func ownerFields[T any, R ownedRow[T]]() []query.Field[T] {
	costly := func(name string, typ schema.Type, doc string, get func(R) any) query.Field[T] {
		return query.Field[T]{Name: name, Type: typ, Doc: doc, Costly: true, Get: func(row *T) any { return get(row) }}
	}
	first := func(get func(R, owners.Owner) any) func(R) any {
		return func(row R) any {
			if _, all := row.owned(); len(all) > 0 {
				return get(row, all[0])
			}
			return nil
		}
	}
	all := schema.ListOf(schema.Type{Kind: schema.Object, Fields: ownerParts})
	return []query.Field[T]{
		costly("pid", integer, "The process that has the socket; the first by number where several do (see owners).",
			first(func(_ R, o owners.Owner) any { return o.PID })),
		costly("process", text, "The name of that process (/proc/PID/stat).",
			first(func(_ R, o owners.Owner) any { return o.Process })),
		costly("cmdline", text, "Its command line (/proc/PID/cmdline).",
			first(func(row R, o owners.Owner) any { return row.process(o.PID).commandLine() })),
		costly("program", text, "What the process was started as: the first word of its command line, without the directories if that begins with one.",
			first(func(row R, o owners.Owner) any { return row.process(o.PID).program() })),
		costly("fd", integer, "The file descriptor by which it has the socket.",
			first(func(_ R, o owners.Owner) any { return o.FD })),
		costly("unit", text, "The systemd unit in which it runs (/proc/PID/cgroup).",
			first(func(row R, o owners.Owner) any { return row.process(o.PID).unit() })),
		costly("container", text, "The container in which it runs, by the id that Docker, containerd, Podman or CRI-O gave it.",
			first(func(row R, o owners.Owner) any { return row.process(o.PID).container() })),
		costly("owners", all, "All that have the socket: a shared listener has many.",
			func(row R) any { _, all := row.owned(); return ownerList(all) }),
		costly("owner_status", enum(ownerStatuses), "Why pid is what it is: ok; time_wait (no process any more); unaccepted (nobody has accepted the connection, "+
			"the owner is its listener's); orphan (its process closed it, the kernel finishes it); kernel (the kernel's own); other_namespace; no_permission; exited.",
			func(row R) any { status, _ := row.owned(); return nonEmpty(status) }),
	}
}

func ownerList(all []owners.Owner) any {
	if len(all) == 0 {
		return nil
	}
	values := make([]any, len(all))
	for i, o := range all {
		values[i] = schema.Record{Fields: ownerParts, Values: []any{o.PID, o.Process, o.FD}}
	}
	return values
}

// of says who has a socket, and why nobody does.
func (o *ownership) of(inode uint64) (status string, all []owners.Owner) {
	holders := o.socketHolders()
	if holders == nil {
		return "", nil
	}
	if all = holders.Owners(inode); len(all) > 0 {
		return "ok", all
	}
	switch {
	case o.fleeting && !o.exists(inode):
		return "exited", nil
	case holders.Unreadable > 0:
		o.warnUnreadable(holders.Unreadable)
		return "no_permission", nil
	case !holders.Complete:
		return "other_namespace", nil
	case !o.exists(inode):
		return "exited", nil
	}
	return "kernel", nil
}

// socketHolders says who has which socket. /proc is walked once; nil where that cannot be done, as without /proc.
func (s *scanState) socketHolders() *owners.Table { return s.holders.get(s.findHolders) }

func (s *scanState) findHolders() *owners.Table {
	table, err := s.system.Owners.Find(s.ctx)
	if s.ctx.Err() != nil {
		return nil // whoever cancelled the query wants no more of it
	}
	if err != nil {
		s.warn("the owners of sockets are unknown: " + err.Error())
		return nil
	}
	return table
}

func (o *ownership) warnUnreadable(processes int) {
	o.warnHidden("the owners of some sockets are unknown", processes)
}

// warnHidden says what is missing because some processes may not be inspected.
func (s *scanState) warnHidden(what string, processes int) {
	s.warn(fmt.Sprintf("%s, because %d of the processes may not be inspected: run as root, or with CAP_SYS_PTRACE, to see all", what, processes))
}

// process is what columns about a process tell of it; it may have exited meanwhile.
type process struct {
	arguments []string
	cgroup    string
}

func (p *process) commandLine() any { return nonEmpty(strings.Join(p.arguments, " ")) }

// program is the first argument, which is the whole title of a process that has overwritten its arguments to show one.
func (p *process) program() any {
	if len(p.arguments) == 0 {
		return nil
	}
	name := p.arguments[0]
	if strings.HasPrefix(name, "/") {
		name = path.Base(name)
	}
	return nonEmpty(name)
}

func (p *process) unit() any      { return nonEmpty(cgroup.Unit(p.cgroup)) }
func (p *process) container() any { return nonEmpty(cgroup.Container(p.cgroup)) }

// process is what is known of a process, which is read once.
func (s *scanState) process(pid int) *process { return s.processes.get(pid, s.readProcess) }

func (s *scanState) readProcess(pid int) *process {
	arguments, _ := procfs.ReadCmdline(s.system.Files, pid)
	groups, _ := procfs.ReadCgroups(s.system.Files, pid)
	return &process{arguments, procfs.CgroupPath(groups)}
}
