package owners

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"netql/sources/procfs"
	"netql/sources/vfs"
)

// Proc finds owners in the running system's /proc, by looking at the file descriptors of every process.
type Proc struct{}

// Find walks over all processes, several at a time. One that exits meanwhile is left out.
func (Proc) Find(ctx context.Context) (*Table, error) {
	proc, err := os.Open("/proc")
	if err != nil {
		return nil, err
	}
	defer proc.Close()
	processes, err := list(proc)
	if err != nil {
		return nil, err
	}
	sockets, err := walkAll(ctx, int(proc.Fd()), processes)
	if err != nil {
		return nil, fmt.Errorf("find the owners of sockets: %w", err)
	}
	t := newTable(processes, sockets)
	for _, p := range processes {
		if p.refused {
			t.Unreadable++
		}
	}
	t.Complete = complete()
	t.Hidden, err = hidden(processes)
	return t, err
}

// hidden says whether /proc leaves out other processes than these.
func hidden(processes []process) (bool, error) {
	first := 0
	if len(processes) > 0 {
		first = processes[0].pid
	}
	err := procfs.Unlisted(vfs.Machine, first)
	if errors.Is(err, procfs.ErrHidden) {
		return true, nil
	}
	return false, err
}

// list lists the processes of /proc, by pid.
func list(proc *os.File) ([]process, error) {
	names, err := proc.Readdirnames(-1)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(names, "self") {
		return nil, procfs.ErrNotMounted
	}
	var processes []process
	for _, name := range names {
		if pid, err := strconv.Atoi(name); err == nil {
			processes = append(processes, process{pid: pid})
		}
	}
	slices.SortFunc(processes, func(a, b process) int { return cmp.Compare(a.pid, b.pid) })
	return processes, nil
}

// complete says whether we are in the machine's first pid namespace, in which every process has a pid.
func complete() bool {
	inode, err := procfs.ReadNamespace(vfs.Machine, "pid")
	return err == nil && inode == procfs.InitialPIDNamespace
}

// walkAll shares the processes out among workers, who fill in the names; the first error stops them all.
func walkAll(ctx context.Context, proc int, processes []process) (sockets []socket, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var (
		next    atomic.Int32
		group   sync.WaitGroup
		workers = make([]walker, runtime.GOMAXPROCS(0))
		kcmp    = procOfOwnNamespace()
	)
	for i := range workers {
		w := &workers[i]
		w.proc, w.kcmp = proc, kcmp
		group.Go(func() {
			for ctx.Err() == nil {
				i := next.Add(1) - 1
				if int(i) >= len(processes) {
					return
				}
				if err := w.process(ctx, i, &processes[i]); err != nil {
					cancel(fmt.Errorf("process %d: %w", processes[i].pid, err))
				}
			}
		})
	}
	group.Wait()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	for i := range workers {
		sockets = append(sockets, workers[i].sockets...)
	}
	return sockets, nil
}
