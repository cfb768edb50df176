package taskfile_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"netql/sources/lab"
	"netql/sources/owners"
	"netql/sources/taskfile"
)

// fallbackEnv makes TestFallback report, in a process whose rights are restricted: the inode of a socket that it has
// open, and what it does to itself first.
const (
	fallbackEnv = "NETQL_TASKFILE_INODE"
	seccompEnv  = "NETQL_TASKFILE_SECCOMP"
)

// TestFallback: where the kernel may not be asked, the same owners come from /proc, and the reason is told.
func TestFallback(t *testing.T) {
	if text := os.Getenv(fallbackEnv); text != "" {
		reportOwner(t, text)
		return
	}
	require(t) // or else there is nothing to fall back from
	userNamespace := &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{Size: 1}}, GidMappings: []syscall.SysProcIDMap{{Size: 1}}}
	pidNamespace := &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWPID}
	for name, test := range map[string]struct {
		attr     *syscall.SysProcAttr
		seccomp  string
		ordinary bool
		way      string
	}{
		"nothing in the way":   {way: "BPF task_file"},
		"user namespace":       {attr: userNamespace, way: "user namespace"},
		"pid namespace":        {attr: pidNamespace, way: "user namespace"},
		"without capabilities": {ordinary: true, way: "CAP_BPF and CAP_PERFMON"},
		"seccomp":              {seccomp: "kill", way: "seccomp"},
	} {
		t.Run(name, func(t *testing.T) {
			s := lab.Listen(t, lab.TCP, "127.0.0.1:0")
			cmd := exec.Command(os.Args[0], "-test.run=^TestFallback$")
			cmd.Env = os.Environ()
			if test.ordinary {
				cmd = lab.Unprivileged(t, os.Args[0], "-test.run=^TestFallback$")
			}
			file := duplicate(t, s)
			cmd.ExtraFiles, cmd.SysProcAttr = []*os.File{file}, test.attr
			cmd.Env = append(cmd.Env, fmt.Sprint(fallbackEnv, "=", s.Inode), seccompEnv+"="+test.seccomp)
			out, err := cmd.CombinedOutput()
			file.Close()
			if test.attr == userNamespace && errors.Is(err, unix.EPERM) {
				lab.Cannot(t, "there are no user namespaces here")
			}
			var got report
			if err := errors.Join(err, json.Unmarshal([]byte(strings.TrimSuffix(string(out), "PASS\n")),
				&got)); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			if !strings.Contains(got.Way, test.way) || !got.Found {
				t.Errorf("%+v, want %q", got, test.way)
			}
		})
	}
}

// report is what a restricted process sees.
type report struct {
	Way   string // how owners are found
	Found bool   // itself, with file 3, as an owner of the socket
}

func reportOwner(t *testing.T, text string) {
	if os.Getenv(seccompEnv) != "" {
		killWhoCallsBPF(t)
	}
	var inode uint64
	if err := json.Unmarshal([]byte(text), &inode); err != nil {
		t.Fatal(err)
	}
	got := report{Way: owners.Way(owners.Machine{})}
	for _, o := range find(t, owners.Machine{}).Owners(inode) {
		got.Found = got.Found || o.FD == 3 && o.Process == "taskfile.test"
	}
	if err := json.NewEncoder(os.Stdout).Encode(got); err != nil {
		t.Fatal(err)
	}
}

// killWhoCallsBPF installs a seccomp filter, for all threads, that kills the process if it calls bpf(2).
func killWhoCallsBPF(t *testing.T) {
	runtime.LockOSThread()
	filter := []unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS}, // struct seccomp_data: the number of the system call
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, Jf: 1, K: unix.SYS_BPF},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_KILL_PROCESS},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW},
	}
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		t.Fatal(err)
	}
	if _, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC,
		uintptr(unsafe.Pointer(&program))); errno != 0 {
		t.Fatal(errno)
	}
}

// TestCancel: a list that is cancelled is an error with the reason.
func TestCancel(t *testing.T) {
	require(t)
	why := errors.New("changed my mind")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	for s, err := range taskfile.Sockets(ctx) {
		if s != nil || !errors.Is(err, why) {
			t.Errorf("%v, %v", s, err)
		}
	}
	if table, err := (owners.Machine{}).Find(ctx); table != nil || !errors.Is(err, why) {
		t.Errorf("%v, %v", table, err)
	}
}
