package procfs

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"netql/sources/vfs"
)

// ReadOpenFiles counts the open files of a process: the size of /proc/PID/fd, which takes no right to inspect the
// process (Linux 6.2), or else the entries of that directory.
func ReadOpenFiles(files vfs.Files, pid int) (int, error) {
	dir := "/proc/" + strconv.Itoa(pid) + "/fd"
	info, err := files.Stat(dir)
	if err != nil || info.Size > 0 {
		return int(info.Size), err
	}
	entries, err := files.ReadDir(dir)
	return len(entries), err
}

// openFilesLine begins the line of RLIMIT_NOFILE in /proc/PID/limits (fs/proc/base.c).
const openFilesLine = "Max open files"

// ReadOpenFilesLimit reads how many files a process may have open, its soft limit RLIMIT_NOFILE (/proc/PID/limits).
func ReadOpenFilesLimit(files vfs.Files, pid int) (int, error) {
	return parseFile(files, fmt.Sprintf("/proc/%d/limits", pid), ParseOpenFilesLimit)
}

// ParseOpenFilesLimit reads such a file, whose lines are a name, the soft limit, the hard one and a unit.
func ParseOpenFilesLimit(r io.Reader) (int, error) {
	for l, err := range lines(r) {
		if err != nil {
			return 0, err
		}
		rest, found := strings.CutPrefix(l.text, openFilesLine)
		if !found {
			continue
		}
		fields := strings.Fields(rest)
		if len(fields) == 0 {
			return 0, l.fault("there is no limit")
		}
		var n uint32
		if err := number(&n, fields[0], 10); err != nil {
			return 0, l.fault("%w", err)
		}
		return int(n), nil
	}
	return 0, fmt.Errorf("there is no line %s", openFilesLine)
}
