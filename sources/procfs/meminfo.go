package procfs

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"netql/sources/vfs"
)

// ReadAvailableMemory reads how many bytes programs can still have without pages being swapped out, as the kernel
// estimates it (MemAvailable of /proc/meminfo, Linux 3.14).
func ReadAvailableMemory(files vfs.Files) (int64, error) {
	return parseFile(files, "/proc/meminfo", ParseAvailableMemory)
}

// ParseAvailableMemory reads such a file.
func ParseAvailableMemory(r io.Reader) (int64, error) {
	for l, err := range lines(r) {
		if err != nil {
			return 0, err
		}
		value, found := strings.CutPrefix(l.text, "MemAvailable:")
		if !found {
			continue
		}
		const unit = 1 << 10 // "kB", which are of 1024 bytes
		n, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(value, "kB")), 10, 64)
		if err != nil || n < 0 || n > 1<<62/unit {
			return 0, l.fault("no number of kB")
		}
		return n * unit, nil
	}
	return 0, fmt.Errorf("it has no MemAvailable")
}
