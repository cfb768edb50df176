package procfs

import (
	"io"
	"strings"

	"netql/sources/vfs"
)

// Credentials are those in /proc/PID/status (proc_pid_status(5)) by which the kernel decides which processes /proc
// shows to a process.
type Credentials struct {
	Groups       []int  // the group for access to files, and the supplementary ones
	Capabilities uint64 // the effective ones: 1<<N is that of number N in linux/capability.h
}

// Has says whether a capability is effective, by its number in linux/capability.h.
func (c Credentials) Has(capability int) bool { return c.Capabilities>>capability&1 != 0 }

// ReadCredentials reads the credentials of a process, "self" or a pid.
func ReadCredentials(files vfs.Files, process string) (Credentials, error) {
	return parseFile(files, "/proc/"+process+"/status", ParseCredentials)
}

// ParseCredentials reads such a file. Its Gid line has the real, effective, saved and file system group.
func ParseCredentials(r io.Reader) (own Credentials, err error) {
	for l, err := range lines(r) {
		if err != nil {
			return own, err
		}
		name, rest, _ := strings.Cut(l.text, ":")
		fields := strings.Fields(rest)
		switch name {
		case "Gid":
			fields = fields[min(3, len(fields)):]
			fallthrough
		case "Groups":
			err = own.addGroups(fields)
		case "CapEff":
			err = number(&own.Capabilities, strings.TrimSpace(rest), 16)
		}
		if err != nil {
			return own, l.fault("%w", err)
		}
	}
	return own, nil
}

func (c *Credentials) addGroups(fields []string) error {
	for _, field := range fields {
		var group uint32
		if err := number(&group, field, 10); err != nil {
			return err
		}
		c.Groups = append(c.Groups, int(group))
	}
	return nil
}
