package procfs

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"netql/sources/vfs"
)

// ReadBootTime reads when the system started: btime of /proc/stat (proc_stat(5)), in whole seconds.
func ReadBootTime(files vfs.Files) (time.Time, error) {
	const path = "/proc/stat"
	file, err := files.Open(path)
	if err != nil {
		return time.Time{}, err
	}
	defer file.Close()
	boot, err := ParseBootTime(file)
	if err != nil {
		return time.Time{}, fmt.Errorf("%s: %w", path, err)
	}
	return boot, nil
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
