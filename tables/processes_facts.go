package tables

import (
	"iter"
	"time"

	"netql/sources/multierror"
	"netql/sources/procfs"
	"netql/sources/vfs"
)

// processFacts are what columns of processes need beside /proc/PID/stat. Each is read once for a query, and only if
// some row asks for it.
type processFacts struct {
	*scanState
	boot       lazy[time.Time]           // when the machine was started; zero if unknown
	uptime     lazy[time.Duration]       // zero if unknown
	users      memo[int, answer[uint32]] // effective users, by the number of the process
	namespaces memo[int, answer[uint64]] // inode numbers of network namespaces, by the number of the process
	refused    bool                      // the warning that some processes may not be inspected was given
	failed     bool                      // the warning that facts could not be read was given
}

// answer is a value of a file of one process, or why it could not be read.
type answer[T any] struct {
	value T
	err   error
}

func (f *processFacts) bootTime() time.Time {
	return f.boot.get(func() time.Time {
		boot, err := procfs.ReadBootTime(f.system.Files)
		if err != nil {
			f.warn("when processes were started is unknown: " + err.Error())
		}
		return boot
	})
}

func (f *processFacts) sinceBoot() time.Duration {
	return f.uptime.get(func() time.Duration {
		uptime, err := procfs.ReadUptime(f.system.Files)
		if err != nil {
			f.warn("how long processes have been running is unknown: " + err.Error())
		}
		return uptime
	})
}

func (f *processFacts) effectiveUser(pid int) answer[uint32] {
	return f.users.get(pid, func(pid int) answer[uint32] {
		uid, err := procfs.ReadEffectiveUser(f.system.Files, pid)
		return answer[uint32]{uid, err}
	})
}

func (f *processFacts) namespaceOf(pid int) answer[uint64] {
	return f.namespaces.get(pid, func(pid int) answer[uint64] {
		inode, err := procfs.ReadNamespaceOf(f.system.Files, pid, "net")
		return answer[uint64]{inode, err}
	})
}

// list lists the processes of user space whose number is wanted.
func (f *processFacts) list(wanted func(pid int) bool) iter.Seq2[*processRow, error] {
	return f.rows(wanted, procfs.Processes)
}

// rows are the processes of user space whose number is wanted, of those that find finds. One that exits meanwhile is
// left out; other failures are one error at the end.
func (f *processFacts) rows(
	wanted func(pid int) bool, find func(vfs.Files) ([]int, error),
) iter.Seq2[*processRow, error] {
	return func(yield func(*processRow, error) bool) {
		pids, err := find(f.system.Files)
		if err != nil && len(pids) > 0 { // these were read, whether they are wanted or not
			f.warn("not all processes could be read: " + err.Error())
			err = nil
		}
		if err != nil && !yield(nil, err) {
			return
		}
		var fault faults
		for _, pid := range pids {
			if f.ctx.Err() != nil {
				break
			}
			if !wanted(pid) {
				continue
			}
			stat, err := procfs.ReadStat(f.system.Files, pid)
			if err != nil {
				fault.add(unlessGone(err))
				continue
			}
			if !stat.Kernel && !yield(&processRow{stat, f}, nil) {
				return
			}
		}
		if err := multierror.Join(f.ctx.Err(), fault.err()); err != nil {
			yield(nil, err)
		}
	}
}
