package lab

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// FirstPID is the process of runInit: the first of those that an isolated test can see, itself in the test's network
// namespace.
const FirstPID = 1

// runInit is the life of process 1 of a new pid namespace: it makes the machine outside invisible, starts this program
// a second time, as what the first was started for, and returns its exit status. It has to be a process of its own,
// because the kernel ignores signals to process 1 that would end any other (pid_namespaces(7)), and hands it every
// orphan.
//
// An error means that the namespaces are of no use, as where a container forbids to mount /proc.
func runInit() (status int, err error) {
	runtime.LockOSThread() // the cgroup namespace is this thread's, and its child's
	defer runtime.UnlockOSThread()
	if err := setUpInit(); err != nil {
		return 0, err
	}
	signals := make(chan os.Signal, 8)
	notify(signals)
	defer signal.Stop(signals)
	exe, err := os.Executable()
	if err := errors.Join(err, os.Setenv(markEnv, ready)); err != nil {
		return 0, err
	}
	child, err := os.StartProcess(exe, os.Args, &os.ProcAttr{
		Files: []*os.File{os.Stdin, os.Stdout, os.Stderr},
		Sys:   &syscall.SysProcAttr{Pdeathsig: unix.SIGKILL},
	})
	if err != nil {
		return 0, err
	}
	go forward(signals, child)
	return reap(child.Pid)
}

// setUpInit prepares the namespaces that this process was started in.
func setUpInit() error {
	if err := raise("lo"); err != nil {
		return fmt.Errorf("cannot configure the new network namespace: %w", err)
	}
	// Addresses are usable as soon as they are there, and no search for duplicates changes anything later (ip-sysctl
	// in the kernel's documentation). A kernel without IPv6 has no such files.
	for _, file := range []string{"all", "default"} {
		_ = os.WriteFile("/proc/sys/net/ipv6/conf/"+file+"/accept_dad", []byte("0"), 0)
	}
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("cannot make mounts private: %w", err)
	}
	if err := unix.Mount("proc", "/proc", "proc", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, ""); err != nil {
		return fmt.Errorf("cannot mount /proc of the new pid namespace: %w", err)
	}
	if err := hideNames(); err != nil {
		return err
	}
	return enterCgroup(os.Getenv(cgroupEnv))
}

// hideNames hides /run: the names of network namespaces (ip-netns(8)) and the services of the machine, a name service
// cache for one. It hides /var/lib, too, where container runtimes have their files.
func hideNames() error {
	for _, dir := range []string{"/run", "/var/lib"} {
		err := unix.Mount("none", dir, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, "mode=755")
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("cannot hide %s: %w", dir, err)
		}
	}
	return nil
}

// reap waits for a child's end, and meanwhile for the orphans that the kernel hands to process 1.
func reap(child int) (status int, err error) {
	for {
		var state syscall.WaitStatus
		switch pid, err := syscall.Wait4(-1, &state, 0, nil); {
		case err == syscall.EINTR:
		case err != nil:
			return 0, fmt.Errorf("wait for the tests: %w", err)
		case pid == child:
			return exitStatus(state), nil
		}
	}
}
