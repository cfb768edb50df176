package procfs

import (
	"errors"
	"io/fs"
	"slices"
	"strconv"
	"syscall"

	"netql/sources/vfs"
)

var (
	// ErrNotMounted says that there are no processes in /proc, not even our own.
	ErrNotMounted = errors.New("/proc shows no process: it is not mounted")
	// ErrHidden says that /proc does not list all processes (hidepid in proc(5)).
	ErrHidden = errors.New("/proc does not show processes of others (its mount option hidepid)")
)

// Processes lists the pids of the processes in /proc, sorted. With an error it lists those that could be read.
func Processes(files vfs.Files) ([]int, error) {
	entries, err := files.ReadDir("/proc")
	var pids []int
	for _, entry := range entries {
		if pid, err := strconv.Atoi(entry.Name); err == nil && pid > 0 {
			pids = append(pids, pid)
		}
	}
	slices.Sort(pids)
	switch {
	case err != nil:
	case len(pids) == 0:
		err = ErrNotMounted
	default:
		err = Unlisted(files, pids[0])
	}
	return pids, err
}

// Gone says whether an error means that the process has exited: its directory does not exist any more, or reading a
// file that is still open fails with ESRCH.
func Gone(err error) bool { return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ESRCH) }

// ReadExecutable reads /proc/PID/exe: the path of the program that a process runs. The kernel adds " (deleted)" to
// that of a file which is no more. It takes the right to inspect the process (ptrace(2)).
func ReadExecutable(files vfs.Files, pid int) (string, error) {
	return files.ReadLink("/proc/" + strconv.Itoa(pid) + "/exe")
}
