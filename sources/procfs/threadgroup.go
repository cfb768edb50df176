package procfs

import (
	"fmt"
	"slices"

	"netql/sources/vfs"
)

// ReadThreadGroup reads the number of the process of which a number is a thread (Tgid in /proc/PID/status): the same
// number where it is that of a process.
func ReadThreadGroup(files vfs.Files, number int) (uint32, error) {
	return parseFile(files, fmt.Sprintf("/proc/%d/status", number), ParseThreadGroup)
}

// ProcessesAmong lists, as Processes does, those processes that have one of some numbers, which are above 0. It reads
// their directories instead of listing /proc, which has a directory for each thread, too, and only lists those of
// processes. Where /proc may not show all processes, or a directory tells less, it is listed.
func ProcessesAmong(files vfs.Files, numbers []int) ([]int, error) {
	if _, err := files.Stat("/proc/1"); err != nil || Unlisted(files, 1) != nil {
		return Processes(files)
	}
	var pids []int
	for _, number := range numbers {
		group, err := ReadThreadGroup(files, number)
		switch {
		case Gone(err):
		case err != nil:
			return Processes(files)
		case int(group) == number:
			pids = append(pids, number)
		}
	}
	slices.Sort(pids)
	return slices.Compact(pids), nil
}
