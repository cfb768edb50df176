package procfs

import (
	"errors"
	"io"
	"strconv"
	"strings"
	"time"

	"netql/sources/vfs"
)

// ReadBootTime reads when the system started: btime of /proc/stat (proc_stat(5)), in whole seconds.
func ReadBootTime(files vfs.Files) (time.Time, error) {
	return parseFile(files, "/proc/stat", ParseBootTime)
}

// ParseBootTime reads such a file.
func ParseBootTime(r io.Reader) (time.Time, error) {
	for l, err := range lines(r) {
		if err != nil {
			return time.Time{}, err
		}
		text, found := strings.CutPrefix(l.text, "btime ")
		if !found {
			continue
		}
		seconds, err := strconv.ParseUint(text, 10, 62)
		if err != nil {
			return time.Time{}, l.fault("%w", err)
		}
		return time.Unix(int64(seconds), 0), nil
	}
	return time.Time{}, errors.New("there is no btime")
}
