package procfs

import (
	"bytes"
	"fmt"

	"netql/sources/vfs"
)

// ReadCmdline reads /proc/PID/cmdline: the arguments a process was started with, or what it made of them. A kernel
// thread and a zombie have none.
func ReadCmdline(files vfs.Files, pid int) ([]string, error) {
	b, err := vfs.ReadFile(files, fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		return nil, err
	}
	return ParseCmdline(b), nil
}

// ParseCmdline splits such a file at its NULs. The last argument ends in one, or, of a process that overwrote its
// arguments to show a title, in many.
func ParseCmdline(b []byte) []string {
	b = bytes.TrimRight(b, "\x00")
	if len(b) == 0 {
		return nil
	}
	var args []string
	for arg := range bytes.SplitSeq(b, []byte{0}) {
		args = append(args, string(arg))
	}
	return args
}
