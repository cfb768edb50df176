package lab

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// runInside starts this program again, with the same arguments, as uid 0 of new namespaces and returns its exit
// status. An error means that it could not be started.
func runInside() (int, error) {
	exe, err := os.Executable()
	if err := errors.Join(err, quickExits()); err != nil {
		return 0, err
	}
	cmd := exec.Command(exe)
	cmd.Args = os.Args
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	defer enterNamespaces(cmd)()
	cmd.SysProcAttr.Cloneflags |= unix.CLONE_NEWUSER
	cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
	cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	return run(cmd)
}

// enterNamespaces lets a command of this program become the first process of new network, mount and pid namespaces and
// of a new cgroup, see runInit, and die with the thread that starts it. The returned function cleans up after its end.
func enterNamespaces(cmd *exec.Cmd) (cleanUp func()) {
	cgroup := newCgroup()
	cmd.Env = append(os.Environ(), markEnv+"="+fresh, cgroupEnv+"="+cgroup)
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: unix.CLONE_NEWNET | unix.CLONE_NEWNS | unix.CLONE_NEWPID,
		Pdeathsig:  unix.SIGKILL,
	}
	return func() { removeCgroup(cgroup) }
}

// run runs cmd on one thread, since a parent-death signal means the death of the thread that started the child
// (prctl(2)), and forwards signals to it.
func run(cmd *exec.Cmd) (status int, err error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	signals := make(chan os.Signal, 8)
	notify(signals)
	defer close(signals)
	defer signal.Stop(signals)
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	go forward(signals, cmd.Process)
	cmd.Wait() // its error repeats the exit status
	return exitStatus(cmd.ProcessState.Sys().(syscall.WaitStatus)), nil
}

// notify sends to a channel the signals that people and `go test` send to a test.
func notify(signals chan<- os.Signal) {
	signal.Notify(signals, unix.SIGINT, unix.SIGTERM, unix.SIGQUIT, unix.SIGHUP, unix.SIGUSR1, unix.SIGUSR2)
}

// forward hands signals on.
func forward(signals <-chan os.Signal, to *os.Process) {
	for s := range signals {
		to.Signal(s)
	}
}

// exitStatus is the status a shell would show: 128 and the signal's number for a killed process.
func exitStatus(state syscall.WaitStatus) int {
	if state.Signaled() {
		return 128 + int(state.Signal())
	}
	return state.ExitStatus()
}

// Namespace moves the calling goroutine into an empty network namespace for the rest of its test or benchmark: lo is
// up and there is no socket. It is cheap, but it is only this goroutine, on its own operating system thread:
//
//   - sockets that it opens and processes that it starts are in the new namespace; those that live on in other
//     goroutines may be used there;
//   - other goroutines, subtests among them, stay where they were;
//   - /proc/net and /proc/self/net show the process's namespace, not this one: read /proc/thread-self/net, and
//     from this goroutine;
//   - /proc/sys/net is this namespace's, for this goroutine.
//
// Use Isolate where that is too little. The thread ends with the test, and with it the namespace.
func Namespace(t testing.TB) {
	t.Helper()
	Require(t)
	runtime.LockOSThread() // never unlocked: the runtime ends the thread with the goroutine
	if unix.Gettid() == unix.Getpid() {
		t.Fatal("lab.Namespace: on the main thread, which must keep its namespace")
	}
	if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
		t.Fatalf("lab.Namespace: unshare: %v", err)
	}
	if err := raise("lo"); err != nil {
		t.Fatalf("lab.Namespace: %v", err)
	}
}

// raise brings a link up. The kernel gives lo its addresses at that moment.
func raise(link string) error { return setUp(link, true) }

// setUp sets or clears IFF_UP on a link of the calling thread's namespace; see netdevice(7).
func setUp(link string, up bool) error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("set the state of %s: %w", link, err)
	}
	defer unix.Close(fd)
	request, err := unix.NewIfreq(link)
	if err != nil {
		return fmt.Errorf("set the state of %s: %w", link, err)
	}
	if err := unix.IoctlIfreq(fd, unix.SIOCGIFFLAGS, request); err != nil {
		return fmt.Errorf("read the flags of %s: %w", link, err)
	}
	flags := request.Uint16() &^ unix.IFF_UP
	if up {
		flags |= unix.IFF_UP
	}
	request.SetUint16(flags)
	if err := unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, request); err != nil {
		return fmt.Errorf("set the flags of %s: %w", link, err)
	}
	return nil
}
