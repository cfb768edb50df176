package procfs

import (
	"fmt"
	"strings"
	"time"

	"netql/sources/vfs"
)

// ReadUptime reads how long the system has run: the first number of /proc/uptime (proc_uptime(5)).
func ReadUptime(files vfs.Files) (time.Duration, error) {
	return parseBytes(files, "/proc/uptime", ParseUptime)
}

// ParseUptime reads such a file: seconds, with hundredths.
func ParseUptime(b []byte) (time.Duration, error) {
	text, _, _ := strings.Cut(string(b), " ")
	uptime, err := time.ParseDuration(strings.TrimSpace(text) + "s")
	if err != nil || uptime < 0 {
		return 0, fmt.Errorf("%.100q is no uptime", b)
	}
	return uptime, nil
}
