package taskfile

import (
	"golang.org/x/sys/unix"

	"netql/sources/access"
	"netql/sources/procfs"
	"netql/sources/vfs"
)

// NotAllowed is the error for a process that must not ask the kernel, or has not the right to; the text says where or
// for want of what.
type NotAllowed string

func (n NotAllowed) Error() string { return "not allowed " + string(n) }

// Reasons, as people read them: "owners by /proc/*/fd (BPF: not allowed ...)".
const (
	errNamespace    = NotAllowed("outside of the machine's first pid and user namespace")
	errCapabilities = NotAllowed("without root, or CAP_BPF and CAP_PERFMON")
	errSeccomp      = NotAllowed("where seccomp filters system calls")
)

// allowed says whether the kernel may be asked.
//
// Only in the first pid namespace, because a program sees the numbers that processes have there, and in another one
// /proc and kill(1) take others. Only in the first user namespace, because only capabilities there allow bpf(2). Not
// where a seccomp filter is at work: it cannot be asked whether it allows bpf(2), and may kill who calls it.
func allowed() error {
	for _, n := range []struct {
		kind  string
		first uint64
	}{{"pid", procfs.InitialPIDNamespace}, {"user", procfs.InitialUserNamespace}} {
		if inode, err := procfs.ReadNamespace(vfs.Machine, n.kind); err != nil || inode != n.first {
			return errNamespace
		}
	}
	if !access.Capable(unix.CAP_SYS_ADMIN) && !(access.Capable(unix.CAP_BPF) && access.Capable(unix.CAP_PERFMON)) {
		return errCapabilities
	}
	if filtered, err := procfs.ReadFiltered(vfs.Machine); err != nil || filtered {
		return errSeccomp
	}
	return nil
}
