package procfs

import (
	"io"
	"strings"

	"netql/sources/vfs"
)

// A Mount is a line of /proc/PID/mountinfo (proc_pid_mountinfo(5)).
type Mount struct {
	Root  string // what of the file system is mounted: "/", or "net:[4026531840]" of nsfs
	Point string // where, below the process's root
	Type  string // "ext4", "nsfs"
	// Options are those of the file system, with commas between them, as the kernel escapes them: "rw,hidepid=2".
	Options string
}

// Mounts reads the mounts in the mount namespace of a process, "self" or a pid: /proc/PID/mountinfo.
func Mounts(files vfs.Files, process string) ([]Mount, error) {
	return parseFile(files, "/proc/"+process+"/mountinfo", ParseMounts)
}

// NetNamespace is the inode number of the network namespace that is mounted; false where something else is.
func (m Mount) NetNamespace() (inode uint64, ok bool) {
	if m.Type != "nsfs" || !strings.HasPrefix(m.Root, "net:[") {
		return 0, false
	}
	inode, err := ParseNamespace(m.Root)
	return inode, err == nil
}

// The fields of a line before the optional ones, and those behind the "-" that ends them.
const (
	mountRoot     = 3
	mountPoint    = 4
	mountOptional = 6
)

// mountEscapes are what the kernel writes for blanks, line ends and backslashes (mangle_path in fs/seq_file.c).
var mountEscapes = []string{`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`}

// ParseMounts reads such a file.
func ParseMounts(r io.Reader) ([]Mount, error) {
	var list []Mount
	unescape := strings.NewReplacer(mountEscapes...).Replace
	for l, err := range lines(r) {
		if err != nil {
			return list, err
		}
		before, behind, found := strings.Cut(l.text, " - ")
		fields, rest := strings.Fields(before), strings.Fields(behind)
		if !found || len(fields) < mountOptional || len(rest) == 0 {
			return list, l.fault("not a mount")
		}
		list = append(list, Mount{
			unescape(fields[mountRoot]), unescape(fields[mountPoint]), rest[0],
			rest[len(rest)-1],
		})
	}
	return list, nil
}
