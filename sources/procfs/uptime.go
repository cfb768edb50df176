package procfs

import (
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"
)

// ReadUptime reads /proc/uptime (proc_uptime(5)): how long ago the kernel started, time asleep included.
func ReadUptime(files fs.FS) (time.Duration, error) {
	const path = "proc/uptime"
	b, err := fs.ReadFile(files, path)
	if err != nil {
		return 0, err
	}
	uptime, err := ParseUptime(string(b))
	if err != nil {
		return 0, fmt.Errorf("%s: %w", path, err)
	}
	return uptime, nil
}

// ParseUptime reads the first number of the file, in seconds.
func ParseUptime(text string) (time.Duration, error) {
	first, _, _ := strings.Cut(text, " ")
	seconds, err := strconv.ParseFloat(first, 64)
	if err != nil || !(seconds >= 0 && seconds < 1e9) {
		return 0, fmt.Errorf("%.100q is no uptime", text)
	}
	return time.Duration(seconds * float64(time.Second)), nil
}
