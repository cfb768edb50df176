package procfs

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"netql/sources/vfs"
)

// Protocol is a line of /proc/net/protocols: a kind of sockets (proto_seq_printf in net/core/sock.c).
type Protocol struct {
	Name      string
	Size      int    // of a socket, in bytes
	Sockets   int    // of this network namespace
	Memory    int    // in pages, of all namespaces and all protocols that share the account; -1 where there is none
	Pressure  string // yes, no; NI where the protocol knows no pressure
	MaxHeader int    // bytes that the protocol wants before the data
	Slab      bool   // whether its sockets have a slab cache of their own
	Module    string // "kernel" where it is built in
}

// protocolColumns read the columns in use, by the names that the header gives them.
var protocolColumns = []struct {
	name string
	read func(*Protocol, string) error
}{
	{"size", func(p *Protocol, text string) error { return decimal(&p.Size, text) }},
	{"sockets", func(p *Protocol, text string) error { return decimal(&p.Sockets, text) }},
	{"memory", func(p *Protocol, text string) error { return decimal(&p.Memory, text) }},
	{"press", func(p *Protocol, text string) error { p.Pressure = text; return nil }},
	{"maxhdr", func(p *Protocol, text string) error { return decimal(&p.MaxHeader, text) }},
	{"slab", func(p *Protocol, text string) error { p.Slab = text == "yes"; return nil }},
	{"module", func(p *Protocol, text string) error { p.Module = text; return nil }},
}

// ReadProtocols reads /proc/net/protocols. It gives what it could read besides the error.
func ReadProtocols(files vfs.Files) ([]Protocol, error) {
	return parseFile(files, "/proc/net/protocols", ParseProtocols)
}

// ParseProtocols reads such a file. It reads on behind a line that it cannot read, and reports the first.
func ParseProtocols(r io.Reader) (list []Protocol, fault error) {
	var header []string
	for l, err := range lines(r) {
		if err != nil {
			return list, err
		}
		fields := strings.Fields(l.text)
		if len(header) == 0 {
			header = fields
			continue
		}
		p, err := parseProtocol(header, fields)
		if err == nil {
			list = append(list, p)
		} else if fault == nil {
			fault = l.fault("%w", err)
		}
	}
	return list, fault
}

// parseProtocol counts the columns from the right, so that spaces in the name do no harm.
func parseProtocol(header, fields []string) (Protocol, error) {
	first := len(fields) - len(header)
	if first < 0 {
		return Protocol{}, fmt.Errorf("%d values of %d names", len(fields), len(header))
	}
	p := Protocol{Name: strings.Join(fields[:first+1], " "), Memory: -1}
	for _, c := range protocolColumns {
		i := slices.Index(header, c.name)
		if i < 1 {
			return Protocol{}, fmt.Errorf("there is no %s", c.name)
		}
		if err := c.read(&p, fields[first+i]); err != nil {
			return Protocol{}, fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return p, nil
}
