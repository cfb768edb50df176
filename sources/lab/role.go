package lab

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// roleEnv holds an order, as JSON: it makes a process of this test binary something else than a test run.
const roleEnv = "NETQL_LAB_ROLE"

// An order says what a helper process is to do, from first to last field.
type order struct {
	Drop       bool   // give up all capabilities and start again without them
	Exec       string // become this program, with this process's arguments
	Comm       []byte // the process's name
	Undumpable bool   // refuse inspection by processes that lack CAP_SYS_PTRACE
	Holder     Holder // which thread has the files
}

// Role becomes the helper process that this process was started to be, and does not return; in any other process it
// does nothing. Main calls it. A TestMain that does something of its own before Main should call Role first.
func Role() {
	text, isHelper := os.LookupEnv(roleEnv)
	if !isHelper {
		return
	}
	var todo order
	if err := json.Unmarshal([]byte(text), &todo); err != nil {
		todo.exit(fmt.Errorf("%s: %w", roleEnv, err))
	}
	todo.exit(todo.run())
}

// exit ends a helper process.
func (o order) exit(err error) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "lab helper: %v\n", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// run carries the order out.
func (o order) run() error {
	if o.Drop {
		return o.runWithoutCapabilities()
	}
	if o.Exec != "" {
		os.Unsetenv(roleEnv)
		return unix.Exec(o.Exec, os.Args, os.Environ())
	}
	return o.hold()
}

// runWithoutCapabilities carries out the rest of the order in a program image without capabilities. They belong to
// threads: this one drops them, and exec makes it the only one.
func (o order) runWithoutCapabilities() error {
	runtime.LockOSThread()
	if err := dropCapabilities(); err != nil {
		return err
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	o.Drop = false
	os.Setenv(roleEnv, o.String())
	return unix.Exec(exe, os.Args, os.Environ())
}

// String is the order as the value of roleEnv.
func (o order) String() string {
	text, err := json.Marshal(o)
	if err != nil {
		panic(err) // cannot be: an order holds only booleans, text and bytes
	}
	return string(text)
}

// dropCapabilities empties the bounding set of the calling thread first, so that uid 0 does not get everything back
// at the next exec, then all other sets. See capabilities(7).
func dropCapabilities() error {
	for c := uintptr(0); ; c++ {
		if err := unix.Prctl(unix.PR_CAPBSET_DROP, c, 0, 0, 0); err == unix.EINVAL {
			break // beyond the last one this kernel knows
		} else if err != nil {
			return fmt.Errorf("drop capability %d: %w", c, err)
		}
	}
	if err := unix.Prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0); err != nil {
		return fmt.Errorf("clear the ambient capabilities: %w", err)
	}
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var none [2]unix.CapUserData // version 3 takes two: 64 capabilities
	if err := unix.Capset(&header, &none[0]); err != nil {
		return fmt.Errorf("capset: %w", err)
	}
	return nil
}

// Unprivileged is a command that will run without any capability in the namespaces of the calling goroutine, as an
// ordinary user's would: files of processes with capabilities, such as this one, are not readable to it. Its
// environment is set already; append to cmd.Env instead of replacing it.
func Unprivileged(t testing.TB, name string, args ...string) *exec.Cmd {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("lab.Unprivileged: %v", err)
	}
	return helperCommand(t, order{Drop: true, Exec: path}, append([]string{name}, args...))
}

// helperCommand is this test binary in another role, under the given arguments.
func helperCommand(t testing.TB, o order, args []string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatalf("lab: %v", err)
	}
	cmd := exec.CommandContext(t.Context(), exe)
	cmd.Args = args
	cmd.Env = append(os.Environ(), roleEnv+"="+o.String())
	return cmd
}
