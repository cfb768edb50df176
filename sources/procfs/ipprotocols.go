package procfs

import (
	"io"
	"strconv"

	"netql/sources/vfs"
)

// An IPProtocol is one line of /etc/protocols (protocols(5)): a name of a protocol that IP carries.
type IPProtocol struct {
	Name    string
	Number  uint8
	Aliases []string
}

// ReadIPProtocols reads /etc/protocols.
func ReadIPProtocols(files vfs.Files) ([]IPProtocol, error) {
	return parseFile(files, "/etc/protocols", ParseIPProtocols)
}

// ParseIPProtocols reads such a file, in its order. Like getprotobyname(3) it skips lines that are no entries.
func ParseIPProtocols(r io.Reader) ([]IPProtocol, error) {
	return parseEntries(r, func(fields []string) (IPProtocol, bool) {
		number, err := strconv.ParseUint(fields[1], 10, 8)
		return IPProtocol{fields[0], uint8(number), fields[2:]}, err == nil
	})
}
