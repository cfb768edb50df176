package procfs

import (
	"slices"
	"strings"

	"netql/sources/vfs"
)

// SettingName is the name that sysctl(8) gives to a setting by its path below /proc/sys, and SettingPath is the path of
// a name. Dots stand between the parts of a name, and a dot in a part, as interfaces may have it, is a slash:
// net.ipv4.conf.eth0/100.rp_filter.
func SettingName(path string) string { return swapDots(path) }

// SettingPath is the path of a name below /proc/sys; false for one that has none, as one with an empty part.
func SettingPath(name string) (path string, ok bool) {
	path = swapDots(name)
	for part := range strings.SplitSeq(path, "/") {
		if part == "" || part == "." || part == ".." || strings.ContainsRune(part, 0) {
			return "", false
		}
	}
	return path, true
}

func swapDots(text string) string {
	swapped := []byte(text)
	for i, b := range swapped {
		switch b {
		case '.':
			swapped[i] = '/'
		case '/':
			swapped[i] = '.'
		}
	}
	return string(swapped)
}

// Settings yields the paths of the files in a directory of /proc/sys, given by its path there, and in those below it,
// sorted. enter says which directories to look into. What cannot be listed is an error with the path of the directory.
func Settings(files vfs.Files, dir string, enter func(dir string) bool, yield func(path string, err error) bool) bool {
	entries, err := files.ReadDir("/proc/sys/" + dir)
	slices.SortFunc(entries, func(a, b vfs.Entry) int { return strings.Compare(a.Name, b.Name) })
	for _, e := range entries {
		path := dir + "/" + e.Name
		switch {
		case !e.Type.IsDir():
			if !yield(path, nil) {
				return false
			}
		case enter(path) && !Settings(files, path, enter, yield):
			return false
		}
	}
	return err == nil || yield(dir, err)
}

// ReadSetting reads a setting by its path below /proc/sys: its text without the end of its line, with a blank where the
// kernel has a tab between its parts.
func ReadSetting(files vfs.Files, path string) (string, error) {
	b, err := vfs.ReadFile(files, "/proc/sys/"+path)
	return strings.ReplaceAll(strings.TrimRight(string(b), "\n"), "\t", " "), err
}

// WriteOnly says of a setting that cannot be read that nobody can: writing to it does something, as
// net.ipv4.route.flush.
func WriteOnly(files vfs.Files, path string) bool {
	info, err := files.Stat("/proc/sys/" + path)
	return err == nil && info.Mode.Perm()&0o444 == 0
}
