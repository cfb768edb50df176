// Package access says which processes this one may look into, and what it would take to see the others.
package access

import (
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"

	"netql/sources/procfs"
	"netql/sources/vfs"
)

// Refused are processes that do not let us look into them.
type Refused struct {
	Count int
	PID   int    // one of them; 0 if that is unknown
	Name  string // its name; empty if that is unknown, too
}

// Add counts one more.
func (r *Refused) Add(pid int, name string) {
	if r.Count++; r.Count == 1 {
		r.PID, r.Name = pid, name
	}
}

// String tells people how many there are, and one of them.
func (r Refused) String() string {
	text := fmt.Sprintf("%d of the processes may not be inspected", r.Count)
	switch {
	case r.PID == 0:
		return text
	case r.Count > 1:
		text += ", such as"
	default:
		text += ","
	}
	text += fmt.Sprintf(" %d", r.PID)
	if r.Name != "" {
		text += fmt.Sprintf(" (%s)", r.Name)
	}
	return text
}

// Consider counts a process that refused inspection, unless there is nothing to inspect: the kernel's own threads have
// no files and no namespace of their own, and a zombie has nothing any more, unless only its first thread has exited.
func (r *Refused) Consider(files vfs.Files, pid int) {
	stat, err := procfs.ReadStat(files, pid)
	ended := (stat.State == 'Z' || stat.State == 'X') && stat.Threads < 2
	if procfs.Gone(err) || err == nil && (stat.Kernel || ended) {
		return
	}
	r.Add(pid, stat.Command)
}

// Explain is what a warning says of them: which they are, and what would help. The advice is nil where none would, as
// in a recording.
func (r Refused) Explain(advice func() string) string {
	if advice == nil {
		return r.String()
	}
	return r.String() + ": " + advice()
}

// Capable says whether this process has a capability in its user namespace, by its number in linux/capability.h.
func Capable(capability int) bool {
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var sets [2]unix.CapUserData // version 3 takes two: 64 capabilities
	if unix.Capget(&header, &sets[0]) != nil {
		return false
	}
	return sets[capability/32].Effective&(1<<(capability%32)) != 0
}

// Advice says what would let this process look into all.
func Advice() string {
	user, err := procfs.ReadNamespace(vfs.Machine, "user")
	return advice(os.Geteuid(), err == nil && user != procfs.InitialUserNamespace, Capable)
}

// needed are the capabilities for listing the open files of another user's process: one to inspect it
// (ptrace_may_access in kernel/ptrace.c), and one of two for its directory fd, which only its owner may read.
var needed = []struct {
	name  string
	anyOf []int
}{
	{"CAP_SYS_PTRACE", []int{unix.CAP_SYS_PTRACE}},
	{"CAP_DAC_READ_SEARCH", []int{unix.CAP_DAC_READ_SEARCH, unix.CAP_DAC_OVERRIDE}},
}

func advice(uid int, inUserNamespace bool, capable func(int) bool) string {
	var missing []string
	for _, n := range needed {
		has := false
		for _, c := range n.anyOf {
			has = has || capable(c)
		}
		if !has {
			missing = append(missing, n.name)
		}
	}
	names := strings.Join(missing, " and ")
	switch {
	case inUserNamespace && names == "":
		return "they are outside of this user namespace: run as root of the machine to see all"
	case inUserNamespace:
		return "run as root of the machine, outside of this user namespace, to see all; here, " + names +
			" would show those of the namespace"
	case names == "":
		return "although netql has the capabilities for it: something else forbids it, such as a security module"
	case uid == 0:
		return "run with " + names + ", which root does not have here, to see all"
	}
	return "run as root, or with " + names + ", to see all"
}
