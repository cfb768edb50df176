package tables

import (
	"errors"
	"fmt"
	"io/fs"

	"netql/sources/access"
	"netql/sources/multierror"
	"netql/sources/owners"
	"netql/sources/procfs"
)

// warnRefused warns that something is missing because some processes may not be inspected.
func (s *scanState) warnRefused(what string, refused access.Refused) {
	s.warn(what + ", because " + refused.Explain(s.system.Advice))
}

// warnUnseen warns that owners of sockets are unknown, because /proc hides processes or they may not be inspected.
func (s *scanState) warnUnseen(table *owners.Table) {
	const what = "the owners of some sockets are unknown"
	if table.Hidden {
		s.warn(what + ", because " + procfs.ErrHidden.Error())
	}
	if table.Unreadable > 0 {
		s.warnRefused(what, table.Refused())
	}
}

// readProcess reads the command line and the control group of a process. Files of a process that has exited count as
// empty; other failures cost one warning.
func (s *scanState) readProcess(pid int) *process {
	p, err := s.tryProcess(pid)
	if err != nil && !s.unread {
		s.unread = true
		s.warnUnread(err)
	}
	return p
}

func (s *scanState) tryProcess(pid int) (*process, error) {
	arguments, err := procfs.ReadCmdline(s.system.Files, pid)
	groups, failed := procfs.ReadCgroups(s.system.Files, pid)
	return &process{arguments, procfs.CgroupPath(groups), s}, multierror.Join(unlessGone(err), unlessGone(failed))
}

// warnUnread warns of an error, with the number of processes that have such an error now.
func (s *scanState) warnUnread(err error) {
	n := s.countProcesses(func(pid int) bool { _, err := s.tryProcess(pid); return err != nil })
	s.warn(fmt.Sprintf("command lines or control groups of %s are unknown: %v", processCount(n), firstOf(err)))
}

// countProcesses counts the processes for which is holds. It is 1 at least, for the process that made the caller ask,
// which may have exited meanwhile.
func (s *scanState) countProcesses(is func(pid int) bool) int {
	n := 0
	pids, _ := procfs.Processes(s.system.Files)
	for _, pid := range pids {
		if s.ctx.Err() != nil {
			break
		}
		if is(pid) {
			n++
		}
	}
	return max(n, 1)
}

// processCount is a number of processes in words.
func processCount(n int) string {
	if n == 1 {
		return "a process"
	}
	return fmt.Sprintf("%d processes", n)
}

// unlessGone is the error; nil for that of a process which has exited.
func unlessGone(err error) error {
	if procfs.Gone(err) {
		return nil
	}
	return err
}

// firstOf is the first of joined errors, for a message of one line.
func firstOf(err error) error {
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		return joined.Unwrap()[0]
	}
	return err
}

// faults are errors of one kind, of which a message has the first and the number of the others.
type faults struct {
	first error
	count int
}

func (f *faults) add(err error) {
	if err == nil {
		return
	}
	if f.count++; f.count == 1 {
		f.first = err
	}
}

func (f *faults) err() error {
	if f.count < 2 {
		return f.first
	}
	return fmt.Errorf("%w, and %d more like it", f.first, f.count-1)
}

// answered says whether a file of a process could be read: err is nil. It warns once of processes that may not be
// inspected, and once of another failure, with the number of processes for which ask fails so. A process that has
// exited costs no warning.
func (f *processFacts) answered(pid int, err error, ask func(pid int) error) bool {
	switch {
	case err == nil:
		return true
	case procfs.Gone(err):
	case errors.Is(err, fs.ErrPermission):
		f.warnRefusedFacts(pid)
	case !f.failed:
		f.failed = true
		n := f.countProcesses(func(pid int) bool {
			err := unlessGone(ask(pid))
			return err != nil && !errors.Is(err, fs.ErrPermission)
		})
		f.warn(fmt.Sprintf("some facts of %s are unknown: %v", processCount(n), err))
	}
	return false
}

// warnRefusedFacts warns, once, that facts of processes are unknown because they may not be inspected. known is one of
// these processes, unless it has exited while it was looked at, which the kernel tells in the same way
// (proc_pid_readlink in fs/proc/base.c).
func (f *processFacts) warnRefusedFacts(known int) {
	if f.refused {
		return
	}
	alone, refused := access.Refused{}, access.Refused{}
	if alone.Consider(f.system.Files, known); alone.Count == 0 {
		return
	}
	f.refused = true
	for p, err := range f.list(func(int) bool { return true }) {
		if err == nil && !p.ended() && errors.Is(f.namespaceOf(p.PID).err, fs.ErrPermission) {
			refused.Add(p.PID, p.Command)
		}
	}
	if refused.Count == 0 {
		refused = alone
	}
	if f.ctx.Err() == nil {
		f.scanState.warnRefused("some facts are unknown", refused)
	}
}
