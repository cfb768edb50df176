package lab

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// A Holder is where a helper process has its sockets.
type Holder int

const (
	// AllThreads is what is usual: the threads of a process share its file descriptors.
	AllThreads Holder = iota
	// OtherThread leaves them to a thread that has file descriptors of its own; the process's first thread closes
	// them.
	OtherThread
	// CopyInThread gives a thread copies of them; the process keeps its own.
	CopyInThread
	// ExitedLeader ends the first thread of the process, and /proc/PID/fd with it. The others go on.
	ExitedLeader
)

// inOtherThread runs f when only a thread has the files from 3 on.
func inOtherThread(f func() error) error {
	if err := copyFiles(); err != nil {
		return err
	}
	for fd := 3; ; fd++ { // those that were passed on; the runtime's own are behind them
		link, err := os.Readlink(fmt.Sprintf("/proc/self/fd/%d", fd))
		if err != nil || !strings.HasPrefix(link, "socket:") {
			return f()
		}
		unix.Close(fd)
	}
}

// copyFiles gives a thread a copy of the file descriptors.
func copyFiles() error {
	done := make(chan error)
	go unshareFiles(done)
	if err := <-done; err != nil {
		return fmt.Errorf("unshare: %w", err)
	}
	return nil
}

// unshareFiles gives a thread that is not the process's first file descriptors of its own. It does not return.
func unshareFiles(done chan<- error) {
	runtime.LockOSThread() // never unlocked
	if unix.Gettid() == unix.Getpid() {
		go unshareFiles(done)
	} else {
		done <- unix.Unshare(unix.CLONE_FILES)
	}
	select {}
}

// withoutLeader runs f when the first thread of the process has exited.
func withoutLeader(f func() error) error {
	done := make(chan error)
	go exitLeader(func() { done <- f() })
	return <-done
}

// exitLeader ends the first thread, and runs f in another one. It tries one thread after the other.
func exitLeader(f func()) {
	runtime.LockOSThread() // never unlocked
	if unix.Gettid() != unix.Getpid() {
		go exitLeader(f)
		select {}
	}
	go func() {
		for !leaderExited() {
			runtime.Gosched()
		}
		f()
	}()
	syscall.Syscall(unix.SYS_EXIT, 0, 0, 0)
}

func leaderExited() bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/self/task/%d/stat", os.Getpid()))
	return err == nil && strings.Contains(string(stat), ") Z ")
}
