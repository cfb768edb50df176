package procfs

import (
	"fmt"
	"strconv"
	"strings"

	"netql/sources/vfs"
)

// InitialPIDNamespace is the inode number of the first pid namespace, the same on every system: PROC_PID_INIT_INO of
// the kernel's linux/proc_ns.h.
const InitialPIDNamespace = 0xEFFFFFFC

// InitialUserNamespace is that of the first user namespace, PROC_USER_INIT_INO there.
const InitialUserNamespace = 0xEFFFFFFD

// ReadNamespace reads a link of /proc/self/ns, of kind "net", "pid", "user" ...: the inode number of our namespace
// (namespaces(7)).
func ReadNamespace(files vfs.Files, kind string) (uint64, error) {
	return readNamespace(files, "self", kind)
}

// ReadNamespaceOf is ReadNamespace for another process, which takes the right to inspect it (ptrace(2)).
func ReadNamespaceOf(files vfs.Files, pid int, kind string) (uint64, error) {
	return readNamespace(files, strconv.Itoa(pid), kind)
}

func readNamespace(files vfs.Files, who, kind string) (uint64, error) {
	path := "/proc/" + who + "/ns/" + kind
	text, err := files.ReadLink(path)
	if err != nil {
		return 0, err
	}
	inode, err := ParseNamespace(text)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", path, err)
	}
	return inode, nil
}

// ParseNamespace reads the text of such a link, "net:[4026531840]".
func ParseNamespace(text string) (uint64, error) {
	_, rest, found := strings.Cut(text, ":[")
	digits, closed := strings.CutSuffix(rest, "]")
	if !found || !closed {
		return 0, fmt.Errorf("%q is no namespace", text)
	}
	return strconv.ParseUint(digits, 10, 64)
}
