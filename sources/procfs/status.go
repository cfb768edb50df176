package procfs

import (
	"fmt"
	"io"
	"strings"

	"netql/sources/vfs"
)

// ReadEffectiveUser reads the user of a process in /proc/PID/status (proc_pid_status(5)): the effective one, by which
// the kernel decides what the process may do, as the reader's user namespace numbers it.
func ReadEffectiveUser(files vfs.Files, pid int) (uint32, error) {
	return parseFile(files, fmt.Sprintf("/proc/%d/status", pid), ParseEffectiveUser)
}

// ParseEffectiveUser reads such a file. Its Uid line has the real, effective, saved and file system user.
func ParseEffectiveUser(r io.Reader) (uint32, error) {
	return statusNumber(r, "Uid", 1, "effective user")
}

// ParseThreadGroup reads such a file. Its Tgid line has the number of the process.
func ParseThreadGroup(r io.Reader) (uint32, error) {
	return statusNumber(r, "Tgid", 0, "number of the process")
}

// statusNumber is a field, counted from 0, of the line with a name; what names the field in errors. The name of the
// process, in the first line, is escaped, so that no line is an imitation.
func statusNumber(r io.Reader, line string, field int, what string) (n uint32, err error) {
	for l, err := range lines(r) {
		if err != nil {
			return 0, err
		}
		name, rest, _ := strings.Cut(l.text, ":")
		fields := strings.Fields(rest)
		if name != line {
			continue
		}
		if len(fields) <= field {
			return 0, l.fault("there is no %s", what)
		}
		if err := number(&n, fields[field], 10); err != nil {
			return 0, l.fault("%w", err)
		}
		return n, nil
	}
	return 0, fmt.Errorf("there is no %s line", line)
}

// seccompFilter is SECCOMP_MODE_FILTER of linux/seccomp.h.
const seccompFilter = "2"

// ReadFiltered says whether a seccomp(2) filter decides which system calls this process may make (/proc/self/status).
func ReadFiltered(files vfs.Files) (bool, error) {
	return parseFile(files, "/proc/self/status", ParseFiltered)
}

// ParseFiltered reads such a file. A kernel without seccomp has no Seccomp line.
func ParseFiltered(r io.Reader) (bool, error) {
	for l, err := range lines(r) {
		if err != nil {
			return false, err
		}
		if name, mode, _ := strings.Cut(l.text, ":"); name == "Seccomp" {
			return strings.TrimSpace(mode) == seccompFilter, nil
		}
	}
	return false, nil
}
