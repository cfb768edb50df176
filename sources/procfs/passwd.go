package procfs

import (
	"io"
	"path"
	"strconv"
	"strings"

	"netql/sources/vfs"
)

// ReadUsers reads /etc/passwd (passwd(5)): names by user id. Users of other name services are not there.
func ReadUsers(files vfs.Files) (map[uint32]string, error) {
	return parseFile(files, "/etc/passwd", ParseUsers)
}

// ParseUsers reads such a file. Of several names of one id the first counts, as for getpwuid(3), and like that it
// skips lines that are no entries.
func ParseUsers(r io.Reader) (map[uint32]string, error) {
	users := map[uint32]string{}
	for l, err := range lines(r) {
		if err != nil {
			return users, err
		}
		fields := strings.Split(l.text, ":")
		if len(fields) < 4 || fields[0] == "" || fields[0][0] == '#' {
			continue
		}
		id, err := strconv.ParseUint(fields[2], 10, 32)
		if err != nil {
			continue
		}
		if _, taken := users[uint32(id)]; !taken {
			users[uint32(id)] = fields[0]
		}
	}
	return users, nil
}

// ReadHomes reads the home directories of /etc/passwd by user id; those that are no absolute paths are left out.
func ReadHomes(files vfs.Files) (map[uint32]string, error) {
	return parseFile(files, "/etc/passwd", ParseHomes)
}

// ParseHomes reads such a file. Of several entries of one id the first counts, as for names.
func ParseHomes(r io.Reader) (map[uint32]string, error) {
	homes, seen := map[uint32]string{}, map[uint32]bool{}
	for l, err := range lines(r) {
		if err != nil {
			return homes, err
		}
		fields := strings.Split(l.text, ":")
		if len(fields) < 6 || fields[0] == "" || fields[0][0] == '#' {
			continue
		}
		id, err := strconv.ParseUint(fields[2], 10, 32)
		if err != nil || seen[uint32(id)] {
			continue
		}
		seen[uint32(id)] = true
		if home := path.Clean(fields[5]); path.IsAbs(home) && home != "/" {
			homes[uint32(id)] = home
		}
	}
	return homes, nil
}
