package owners

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"netql/sources/access"
	"netql/sources/procfs"
	"netql/sources/vfs"
)

// hidden says whether /proc leaves processes out: it does where process 1, which every pid namespace has, is missing,
// or where the mount's options hide processes from us.
func hidden(processes []process) bool {
	if len(processes) == 0 || processes[0].pid != 1 {
		return true
	}
	mounts, _ := procfs.Mounts(vfs.Machine, "self")
	options := ""
	for _, m := range mounts {
		if m.Point == "/proc" && m.Type == "proc" {
			options = m.Options // the last one covers those before
		}
	}
	groups, _ := unix.Getgroups()
	return hidesProcesses(options, append(groups, unix.Getegid())) && !access.Capable(unix.CAP_SYS_PTRACE)
}

// hidesProcesses says whether the options of /proc hide processes from a member of these groups who may not inspect
// them: hidepid is 2 or "invisible", but for a group, or 4 or "ptraceable" (has_pid_permissions in fs/proc/base.c).
func hidesProcesses(options string, groups []int) bool {
	hides := false
	gid := 0 // of the group whose members see all
	for option := range strings.SplitSeq(options, ",") {
		name, value, _ := strings.Cut(option, "=")
		switch {
		case name == "hidepid" && (value == "4" || value == "ptraceable"):
			return true
		case name == "hidepid":
			hides = value == "2" || value == "invisible"
		case name == "gid":
			gid, _ = strconv.Atoi(value)
		}
	}
	return hides && !slices.Contains(groups, gid)
}
