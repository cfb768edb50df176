package lab

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// A Helper describes a process that holds sockets.
type Helper struct {
	// Comm is its name, byte by byte as given: up to 15 bytes, anything but NUL. The empty name is a name too.
	Comm string
	// Args is its command line, Args[0] included; nil is the one argument "lab-helper".
	Args []string
	// Undumpable keeps its /proc entries from processes without CAP_SYS_PTRACE (PR_SET_DUMPABLE in prctl(2)).
	Undumpable bool
	// Unprivileged starts it without capabilities, so that an Unprivileged command can read its files.
	Unprivileged bool
	// Holder says which of its threads has the sockets.
	Holder Holder
	// OtherNamespace starts it in a network namespace of its own, though its sockets stay in the caller's.
	OtherNamespace bool
}

// A Process is a running helper. It ends with the test, or with the test process, whichever comes first.
type Process struct {
	Pid  int
	Comm string

	cmd     *exec.Cmd
	sockets []*Socket
}

// commLength is the longest name the kernel keeps, TASK_COMM_LEN in <linux/sched.h> less its final NUL.
const commLength = 15

// Start starts a helper that holds the given sockets as its files 3, 4 and so on. Sockets of the caller stay open:
// close them to leave the helper as their only owner.
func Start(t testing.TB, h Helper, sockets ...*Socket) *Process {
	t.Helper()
	args := h.Args
	if args == nil {
		args = []string{"lab-helper"}
	}
	cmd := helperCommand(t, order{Drop: h.Unprivileged, Comm: []byte(h.Comm), Undumpable: h.Undumpable,
		Holder: h.Holder}, args)
	cmd.Stderr = os.Stderr
	if h.OtherNamespace {
		cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWNET}
	}
	for _, s := range sockets {
		file := s.duplicate()
		defer file.Close()
		cmd.ExtraFiles = append(cmd.ExtraFiles, file)
	}
	p := &Process{Comm: h.Comm[:min(len(h.Comm), commLength)], cmd: cmd, sockets: sockets}
	if err := p.start(); err != nil {
		t.Fatalf("lab.Start: helper %q: %v", h.Comm, err)
	}
	t.Cleanup(p.Stop)
	for i, s := range sockets {
		s.holders = append(s.holders, Owner{Pid: p.Pid, Comm: p.Comm, FD: 3 + i})
	}
	return p
}

// start starts the process and waits until it is what it should be.
func (p *Process) start() error {
	if _, err := p.cmd.StdinPipe(); err != nil { // its end means that this process is gone
		return err
	}
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := p.cmd.Start(); err != nil {
		return err
	}
	p.Pid = p.cmd.Process.Pid
	if _, err := io.ReadFull(stdout, make([]byte, 1)); err != nil {
		p.Stop()
		return fmt.Errorf("it ended before it was ready: %w", err)
	}
	return nil
}

// Stop ends the process and waits for its end. It may be called again.
func (p *Process) Stop() {
	p.cmd.Process.Kill() // rather than an orderly exit, for which a race-enabled program takes a second
	p.cmd.Wait()         // their errors are about an earlier call or about the exit status; neither is news
	for _, s := range p.sockets {
		s.holders = slices.DeleteFunc(s.holders, func(o Owner) bool { return o.Pid == p.Pid })
	}
}

// hold makes this process the helper of the order, reports that with one byte, and waits for the end of its input,
// which comes even when the parent is killed.
func (o order) hold() error {
	// The file, unlike PR_SET_NAME, names the main thread whichever thread writes; the kernel cuts at NUL.
	if err := os.WriteFile("/proc/self/comm", append(bytes.Clone(o.Comm), 0), 0); err != nil {
		return err
	}
	if o.Undumpable {
		if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
			return fmt.Errorf("PR_SET_DUMPABLE: %w", err)
		}
	}
	wait := func() error {
		if _, err := os.Stdout.WriteString("!"); err != nil {
			return err
		}
		_, err := io.Copy(io.Discard, os.Stdin)
		return err
	}
	switch o.Holder {
	case OtherThread:
		return inOtherThread(wait)
	case CopyInThread:
		if err := copyFiles(); err != nil {
			return err
		}
	case ExitedLeader:
		return withoutLeader(wait)
	}
	return wait()
}
