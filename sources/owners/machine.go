package owners

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"netql/sources/taskfile"
)

// Machine finds owners in the running system: in the kernel's own list of open files where this process may have that,
// which takes a tenth of the time, and else as Proc does. Both give the same answer.
type Machine struct{}

// Find looks now.
func (m Machine) Find(ctx context.Context) (*Table, error) { return m.Start(ctx).Find(ctx) }

// Start lists open files beside its caller. Where that fails, processes are looked at when the answer is asked for.
func (Machine) Start(ctx context.Context) Finder {
	s := &started{ended: make(chan struct{})}
	go func() {
		defer close(s.ended)
		s.table, s.err = listed(ctx)
	}()
	return s
}

// String says which way owners are found, and why not the fast one.
func (Machine) String() string {
	if err := taskfile.Available(); err != nil {
		return "/proc/*/fd (BPF: " + err.Error() + ")"
	}
	return "BPF task_file"
}

// started is a list that is being made.
type started struct {
	ended chan struct{} // closed when the table or error is there
	table *Table
	err   error
}

// Find waits for the list. A single step of it, of up to a million files, may outlast the context.
func (s *started) Find(ctx context.Context) (*Table, error) {
	select {
	case <-s.ended:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	if s.err != nil {
		return Proc{}.Find(ctx)
	}
	return s.table, nil
}

// listed makes a table of the kernel's list of open files, which is made in the first pid namespace only, and of the
// processes that a walk could not look into.
func listed(ctx context.Context) (*Table, error) {
	l := lister{index: map[int]int32{}}
	refused, err := refusing(ctx)
	if err != nil {
		return nil, err
	}
	for s, err := range taskfile.Sockets(ctx) {
		if err != nil {
			return nil, err
		}
		if l.add(s); l.threads > maxOfThreads {
			return nil, errThreads
		}
	}
	for _, p := range refused {
		l.processes[l.process(p.pid, p.name)].refused = true
	}
	l.sort()
	t := newTable(l.processes, l.sockets)
	t.Complete, t.Unreadable, t.Listed = true, len(refused), true
	return t, nil
}

// A lister collects processes and their sockets.
type lister struct {
	processes []process
	sockets   []socket
	index     map[int]int32 // of the processes by pid
	last      int32         // the index of the process of the last socket
	threads   int           // sockets of threads that are not the first of their process
}

// maxOfThreads bounds what is kept of threads. The kernel's list has the files of a process once for each thread when
// the first one has exited, and a process may have thousands of threads and hundreds of thousands of files. A walk over
// /proc can compare the tables of threads before it reads them.
const maxOfThreads = 50_000

var errThreads = errors.New("threads repeat the sockets of their process too often")

func (l *lister) add(s *taskfile.Socket) {
	if len(l.processes) == 0 || l.processes[l.last].pid != s.PID {
		l.last = l.process(s.PID, s.Name())
	}
	if s.Thread != s.PID {
		l.processes[l.last].several = true
		l.threads++
	}
	l.sockets = append(l.sockets, socket{s.Inode, l.last, int32(s.FD)})
}

// process is the index of a process.
func (l *lister) process(pid int, name string) int32 {
	index, known := l.index[pid]
	if !known {
		index = int32(len(l.processes))
		l.index[pid] = index
		l.processes = append(l.processes, process{pid: pid, name: name})
	}
	return index
}

// sort sorts the processes by pid, which they are unless the first thread of one has exited, or one refuses inspection.
func (l *lister) sort() {
	byPID := func(a, b process) int { return cmp.Compare(a.pid, b.pid) }
	if !slices.IsSortedFunc(l.processes, byPID) {
		slices.SortFunc(l.processes, byPID)
		places := make([]int32, len(l.processes)) // by the indexes before
		for i, p := range l.processes {
			places[l.index[p.pid]] = int32(i)
		}
		for i, s := range l.sockets {
			l.sockets[i].process = places[s.process]
		}
	}
}
