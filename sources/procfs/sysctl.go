package procfs

import (
	"fmt"
	"strconv"
	"strings"

	"netql/sources/vfs"
)

// ReadSysctl reads the numbers of a setting, a file of /proc/sys by its name there: "net/ipv4/tcp_mem".
func ReadSysctl(files vfs.Files, name string) ([]int, error) {
	path := "/proc/sys/" + name
	b, err := vfs.ReadFile(files, path)
	if err != nil {
		return nil, err
	}
	list, err := ParseSysctl(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return list, nil
}

// ParseSysctl reads the text of such a file.
func ParseSysctl(b []byte) ([]int, error) {
	fields := strings.Fields(string(b))
	list := make([]int, len(fields))
	for i, field := range fields {
		n, err := strconv.Atoi(field)
		if err != nil {
			return nil, err
		}
		list[i] = n
	}
	return list, nil
}
