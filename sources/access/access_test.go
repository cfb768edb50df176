package access

import (
	"os"
	"slices"
	"testing"

	"golang.org/x/sys/unix"
)

// TestAdvice: it is about who runs netql, and what he lacks.
func TestAdvice(t *testing.T) {
	const ptrace, read, override = unix.CAP_SYS_PTRACE, unix.CAP_DAC_READ_SEARCH, unix.CAP_DAC_OVERRIDE
	for _, test := range []struct {
		uid   int
		inner bool
		has   []int
		want  string
	}{
		{1000, false, nil, "run as root, or with CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH, to see all"},
		{1000, false, []int{ptrace}, "run as root, or with CAP_DAC_READ_SEARCH, to see all"},
		{1000, false, []int{override}, "run as root, or with CAP_SYS_PTRACE, to see all"},
		{0, false, []int{read}, "run with CAP_SYS_PTRACE, which root does not have here, to see all"},
		{0, false, []int{ptrace, override},
			"although netql has the capabilities for it: something else forbids it, such as a security module"},
		{0, true, []int{ptrace, read},
			"they are outside of this user namespace: run as root of the machine to see all"},
		{0, true, []int{read}, "run as root of the machine, outside of this user namespace, to see all; here, " +
			"CAP_SYS_PTRACE would show those of the namespace"},
	} {
		got := advice(test.uid, test.inner, func(c int) bool { return slices.Contains(test.has, c) })
		if got != test.want {
			t.Errorf("%+v: %s", test, got)
		}
	}
}

func TestRefused(t *testing.T) {
	var r Refused
	r.Add(17, "sshd")
	if got := r.String(); got != "1 of the processes may not be inspected, 17 (sshd)" {
		t.Error(got)
	}
	r.Add(1, "init")
	if got := r.String(); got != "2 of the processes may not be inspected, such as 17 (sshd)" {
		t.Error(got)
	}
	r.Name = ""
	if got := r.String(); got != "2 of the processes may not be inspected, such as 17" {
		t.Error(got)
	}
}

// TestCapable: root of the machine may change the owner of a file, and nobody has a capability that does not exist.
func TestCapable(t *testing.T) {
	if Capable(63) {
		t.Error("there is no capability 63")
	}
	file := t.TempDir() + "/file"
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(file, os.Geteuid()+1, -1); (err == nil) != Capable(unix.CAP_CHOWN) {
		t.Errorf("chown: %v, capable: %v", err, Capable(unix.CAP_CHOWN))
	}
}
