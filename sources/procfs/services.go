package procfs

import (
	"io"
	"strconv"
	"strings"

	"netql/sources/vfs"
)

// A Service is one line of /etc/services (services(5)): a name of a port.
type Service struct {
	Name     string
	Port     uint16
	Protocol string // "tcp", "udp", "sctp" ...
	Aliases  []string
}

// ReadServices reads /etc/services.
func ReadServices(files vfs.Files) ([]Service, error) {
	return parseFile(files, "/etc/services", ParseServices)
}

// ParseServices reads such a file, in its order. Like getservbyport(3) it skips lines that are no entries.
func ParseServices(r io.Reader) ([]Service, error) {
	return parseEntries(r, func(fields []string) (Service, bool) {
		number, protocol, _ := strings.Cut(fields[1], "/")
		port, err := strconv.ParseUint(number, 10, 16)
		return Service{fields[0], uint16(port), protocol, fields[2:]}, err == nil && protocol != ""
	})
}
