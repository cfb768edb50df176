package procfs

import (
	"strconv"
	"strings"

	"netql/sources/vfs"
)

// ReadSysctl reads the numbers of a setting, a file of /proc/sys by its name there: "net/ipv4/tcp_mem".
func ReadSysctl(files vfs.Files, name string) ([]int, error) {
	return parseBytes(files, "/proc/sys/"+name, ParseSysctl)
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
