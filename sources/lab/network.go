package lab

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// EnterNetwork is Enter for a benchmark that stays among the machine's own processes and users: only the network and
// the mounts are new. It takes root of the machine. What may be done in the first pid namespace alone, such as a walk
// over the files of all processes by BPF, can be measured there.
func EnterNetwork() (inside bool, status int, err error) {
	switch mark := os.Getenv(markEnv); mark {
	case "":
		if status, err = runInNetwork(); err != nil {
			err = fmt.Errorf("cannot start a process in a new network namespace: %w", err)
		}
		return false, status, err
	case network:
		return true, 0, errors.Join(setUpNetwork(), os.Setenv(markEnv, ready))
	case ready:
		return true, 0, nil
	default:
		return false, 0, errors.New(mark)
	}
}

// runInNetwork starts this program again, with the same arguments, in new network and mount namespaces, and returns
// its exit status.
func runInNetwork() (int, error) {
	exe, err := os.Executable()
	if err != nil {
		return 0, err
	}
	cmd := exec.Command(exe)
	cmd.Args = os.Args
	cmd.Env = append(os.Environ(), markEnv+"="+network)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: unix.CLONE_NEWNET | unix.CLONE_NEWNS,
		Pdeathsig:  unix.SIGKILL,
	}
	return run(cmd)
}

// setUpNetwork brings lo up and hides the names of the machine's network namespaces.
func setUpNetwork() error {
	if err := raise("lo"); err != nil {
		return fmt.Errorf("cannot configure the new network namespace: %w", err)
	}
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("cannot make mounts private: %w", err)
	}
	return hideNames()
}
