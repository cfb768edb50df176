package owners

import (
	"context"
	"errors"
	"os"
	"strconv"

	"golang.org/x/sys/unix"

	"netql/sources/vfs"
)

// Threads share the file descriptors of their process, but not always: a thread may have a table of its own (unshare(2)
// with CLONE_FILES), and /proc/PID/fd, which is that of the first thread, is empty once that has exited. Listing the
// files of each thread would take too long, because a process may have thousands of both. kcmp(2), where it is
// permitted, tells which threads share a table.

// maxCompared is how many threads with different tables of file descriptors each further thread is compared with.
const maxCompared = 8

// threads adds the sockets of threads whose table of file descriptors is none of those that were listed before.
func (w *walker) threads(ctx context.Context, dir int, index int32, p *process) error {
	list, err := listThreads(dir)
	if denied(err) {
		p.refused = true
		return nil
	}
	if err != nil {
		return unlessGone(err)
	}
	seen := []int{p.pid}
	for _, thread := range list {
		if ctx.Err() != nil {
			return nil
		}
		if thread == p.pid || w.sameFiles(seen, thread) {
			continue
		}
		if seen = append(seen, thread); len(seen) > maxCompared {
			seen = seen[1:]
		}
		p.several = true
		if err := w.files(ctx, dir, "task/"+strconv.Itoa(thread)+"/fd", index); denied(err) {
			p.refused = true
		} else if unlessGone(err) != nil {
			return err
		}
	}
	return nil
}

// severalThreads says whether a process has more than one thread. The kernel adds their number to the two links that
// every directory has (proc_task_getattr in fs/proc/base.c), which costs less than reading the list, or stat.
func severalThreads(dir int) (bool, error) {
	var stat unix.Stat_t
	err := unix.Fstatat(dir, "task", &stat, 0)
	return stat.Nlink > 3, err
}

// listThreads lists the threads of a process that has several; none for one that has only its first.
func listThreads(dir int) ([]int, error) {
	if several, err := severalThreads(dir); !several || err != nil {
		return nil, err
	}
	fd, err := open(dir, "task")
	if err != nil {
		return nil, err
	}
	task := os.NewFile(uintptr(fd), "task")
	defer task.Close()
	names, err := task.Readdirnames(-1)
	var list []int
	for _, name := range names {
		if thread, err := strconv.Atoi(name); err == nil {
			list = append(list, thread)
		}
	}
	return list, err
}

// kcmpFiles is KCMP_FILES of linux/kcmp.h: do two threads have the same file descriptors?
const kcmpFiles = 2

// sameFiles says whether a thread shares its file descriptors with one of those before; false also where kcmp cannot
// tell.
func (w *walker) sameFiles(seen []int, thread int) bool {
	for _, other := range seen {
		if !w.kcmp {
			return false
		}
		order, _, errno := unix.Syscall6(unix.SYS_KCMP, uintptr(other), uintptr(thread), kcmpFiles, 0, 0, 0)
		if errno == 0 && order == 0 {
			return true
		}
	}
	return false
}

// procOfOwnNamespace says whether /proc shows the pids of our own pid namespace, which system calls take; it may have
// been mounted for another one.
func procOfOwnNamespace() bool {
	self, err := vfs.Machine.ReadLink("/proc/self")
	return err == nil && self == strconv.Itoa(os.Getpid())
}

func denied(err error) bool { return errors.Is(err, unix.EACCES) || errors.Is(err, unix.EPERM) }
