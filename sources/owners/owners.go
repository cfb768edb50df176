// Package owners finds the processes that have sockets open, by the sockets' inode numbers.
package owners

import (
	"cmp"
	"context"
	"iter"
	"maps"
	"slices"

	"netql/sources/access"
)

// An Owner is a process with a file descriptor of a socket.
type Owner struct {
	PID     int
	Process string // the process's name (comm), up to 15 bytes of any value
	FD      int
}

// A Finder finds the owners of all sockets of a system.
type Finder interface {
	Find(context.Context) (*Table, error)
}

// A Table is a Finder's result. It does not change.
type Table struct {
	// Unreadable is how many processes refuse inspection, and so may have sockets that are not here.
	Unreadable int
	// Hidden says that there may be more processes in our pid namespace, because /proc does not list them.
	Hidden bool
	// Complete says that ours is the machine's first pid namespace, of which all others are part. If it is false, a
	// socket without an owner may belong to a process in another one.
	Complete bool
	// Listed says that this is the kernel's list of open files, which is quickly made again.
	Listed bool

	processes []process  // by pid
	sockets   inodeIndex // none of them twice
}

type process struct {
	pid     int
	name    string
	sockets int32 // file descriptors
	refused bool  // it refuses inspection, and may have more
	several bool  // threads have file descriptors of their own: copies, perhaps, of those of the process
}

// A socket is one file descriptor of one process. It is small, because there may be a million.
type socket struct {
	inode   uint64
	process int32 // index
	fd      int32
}

func compareSockets(a, b socket) int {
	return cmp.Or(cmp.Compare(a.inode, b.inode), cmp.Compare(a.process, b.process), cmp.Compare(a.fd, b.fd))
}

// newTable makes a table of both lists, which belong to it then. Processes must be sorted by pid. A socket may be
// there twice only if its process has several tables of file descriptors.
func newTable(processes []process, sockets []socket) *Table {
	sockets = distinct(processes, sockets)
	for _, s := range sockets {
		processes[s.process].sockets++
	}
	return &Table{processes: processes, sockets: indexInodes(sockets)}
}

// distinct leaves each socket there once.
func distinct(processes []process, sockets []socket) []socket {
	once := 0
	for i, s := range sockets {
		if !processes[s.process].several {
			sockets[i], sockets[once] = sockets[once], s
			once++
		}
	}
	slices.SortFunc(sockets[once:], compareSockets)
	return sockets[:once+len(slices.Compact(sockets[once:]))]
}

// SocketOwner is a socket and one of its owners.
type SocketOwner struct {
	Inode uint64
	Owner
}

// A Process is one that a Finder found, with sockets or without.
type Process struct {
	PID     int
	Name    string // empty where it was not needed: the process has no sockets and refused nothing
	Refused bool   // it refuses inspection of its file descriptors
}

// NewTable makes a table from lists in any order: sockets with their owners, and other processes. The fields
// Unreadable, Hidden and Complete are left to the caller.
func NewTable(seen []SocketOwner, others ...Process) *Table {
	names, refused := map[int]string{}, map[int]bool{}
	for _, other := range others {
		names[other.PID], refused[other.PID] = other.Name, other.Refused
	}
	for _, held := range seen {
		names[held.PID] = held.Process
	}
	var processes []process
	index := map[int]int32{}
	for _, pid := range slices.Sorted(maps.Keys(names)) {
		index[pid] = int32(len(processes))
		processes = append(processes, process{pid: pid, name: names[pid], refused: refused[pid], several: true})
	}
	sockets := make([]socket, 0, len(seen))
	for _, held := range seen {
		sockets = append(sockets, socket{held.Inode, index[held.PID], int32(held.FD)})
	}
	return newTable(processes, sockets)
}

// Owners lists who holds a socket, by pid and then by file descriptor: several processes if they share it, one
// process several times if it duplicated it. Inode 0 belongs to nobody.
func (t *Table) Owners(inode uint64) []Owner { return t.AppendOwners(nil, inode) }

// AppendOwners appends what Owners lists to an empty list, whose memory it uses again.
func (t *Table) AppendOwners(owners []Owner, inode uint64) []Owner {
	if inode == 0 {
		return owners
	}
	var few [4]socket
	for _, s := range t.sockets.appendOf(few[:0], inode) {
		p := &t.processes[s.process]
		owners = append(owners, Owner{PID: p.pid, Process: p.name, FD: int(s.fd)})
	}
	if len(owners) > 1 {
		slices.SortFunc(owners, CompareOwners)
	}
	return owners
}

// CompareOwners compares by pid and then by file descriptor.
func CompareOwners(a, b Owner) int { return cmp.Or(cmp.Compare(a.PID, b.PID), cmp.Compare(a.FD, b.FD)) }

// Count is how many file descriptors of sockets a process has. It is unknown for a process that refuses inspection,
// and, if there are such or hidden ones, for a process that is not in the table.
func (t *Table) Count(pid int) (sockets int, known bool) {
	i, found := slices.BinarySearchFunc(t.processes, pid,
		func(p process, pid int) int { return cmp.Compare(p.pid, pid) })
	if !found {
		return 0, !t.Partial()
	}
	return int(t.processes[i].sockets), !t.processes[i].refused
}

// Partial says that there may be owners that are not here, as far as those in our pid namespace and below go.
func (t *Table) Partial() bool { return t.Unreadable > 0 || t.Hidden }

// Refused are the processes that refuse inspection, with the first of them by pid.
func (t *Table) Refused() access.Refused {
	refused := access.Refused{Count: t.Unreadable}
	i := slices.IndexFunc(t.processes, func(p process) bool { return p.refused })
	if i >= 0 {
		refused.PID, refused.Name = t.processes[i].pid, t.processes[i].name
	}
	return refused
}

// All lists every socket with each of its owners, by inode, pid and file descriptor.
func (t *Table) All() iter.Seq[SocketOwner] {
	return func(yield func(SocketOwner) bool) {
		for _, s := range slices.SortedFunc(slices.Values(t.sockets.all()), compareSockets) {
			p := t.processes[s.process]
			if !yield(SocketOwner{s.inode, Owner{PID: p.pid, Process: p.name, FD: int(s.fd)}}) {
				return
			}
		}
	}
}

// Processes are all processes of the table, by pid.
func (t *Table) Processes() []Process {
	var all []Process
	for _, p := range t.processes {
		all = append(all, Process{p.pid, p.name, p.refused})
	}
	return all
}
