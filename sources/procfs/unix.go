package procfs

import (
	"io"
	"iter"
	"slices"
	"strings"

	"netql/sources/vfs"
)

// A UnixSocket is one line of /proc/net/unix (unix_seq_show in net/unix/af_unix.c).
type UnixSocket struct {
	Refs  int    // users in the kernel
	Flags uint32 // UnixAccepts or 0
	Type  uint8  // unix.SOCK_STREAM, SOCK_DGRAM or SOCK_SEQPACKET
	State uint8  // UnixConnected and its like
	Inode uint64 // 0 for a connection that nobody has accepted yet
	// Path is what it is bound to. An abstract name begins with @, and its NULs are printed as @, so that a path which
	// begins with @ looks the same.
	Path string
}

// UnixAccepts is the flag of a listener: __SO_ACCEPTCON of linux/net.h.
const UnixAccepts = 0x10000

// UnixConnected is the state SS_CONNECTED of linux/net.h.
const UnixConnected = 3

var unixColumns = []column[UnixSocket]{
	{"RefCount", own, func(s *UnixSocket, v string) error {
		var refs uint32
		err := number(&refs, v, 16)
		s.Refs = int(refs)
		return err
	}},
	{"Flags", own, func(s *UnixSocket, v string) error { return number(&s.Flags, v, 16) }},
	{"Type", own, func(s *UnixSocket, v string) error { return number(&s.Type, v, 16) }},
	{"St", own, func(s *UnixSocket, v string) error { return number(&s.State, v, 16) }},
	{"Inode", own, func(s *UnixSocket, v string) error { return number(&s.Inode, v, 10) }},
}

// UnixSockets lists the sockets of /proc/net/unix. An error is the last item. names are the names of some sockets by
// inode number, as socket diagnostics gave them.
func UnixSockets(files vfs.Files, names map[uint32]string) iter.Seq2[*UnixSocket, error] {
	return readTable(files, "/proc/net/unix", func(r io.Reader) iter.Seq2[*UnixSocket, error] {
		return ParseUnixSockets(r, names)
	})
}

// ParseUnixSockets reads such a file. A path, which ends the line, may hold spaces and line ends itself, and text that
// looks like the line of another socket. Where the name is in names, it tells how many lines the path has. Else a line
// that does not begin as a socket's continues the path before it. A line that cannot be read is reported after all that
// can.
func ParseUnixSockets(r io.Reader, names map[uint32]string) iter.Seq2[*UnixSocket, error] {
	return func(yield func(*UnixSocket, error) bool) {
		p := unixParser{names: names}
		for l, err := range lines(r) {
			switch {
			case err != nil:
				p.fail(err)
			case p.columns == nil:
				header := strings.Fields(l.text)
				p.columns, p.width = newLayout(header, unixColumns), len(header)
				if i := slices.Index(header, "Path"); i >= 0 {
					p.width = i
				}
			case p.last != nil && (p.continues(l.text) || !beginsSocket(l.text)):
				p.last.Path += "\n" + l.text
			default:
				if !p.flush(yield) {
					return
				}
				p.line(l)
			}
		}
		if p.flush(yield) && p.fault != nil {
			yield(nil, p.fault)
		}
	}
}

// unixParser holds the last socket back until the next line shows that its path has ended.
type unixParser struct {
	columns layout[UnixSocket]
	width   int // fields before the path
	names   map[uint32]string
	last    *UnixSocket
	rest    []string // the further lines of the last socket's path, where its name is known
	fault   error    // the first
}

// continues says whether a line is the next one of the last socket's known name.
func (p *unixParser) continues(text string) bool {
	if len(p.rest) == 0 || p.rest[0] != text {
		p.rest = nil
		return false
	}
	p.rest = p.rest[1:]
	return true
}

func (p *unixParser) fail(err error) {
	if p.fault == nil {
		p.fault = err
	}
}

// flush hands on the socket that was held back, and says whether more is wanted.
func (p *unixParser) flush(yield func(*UnixSocket, error) bool) bool {
	s := p.last
	p.last = nil
	return s == nil || yield(s, nil)
}

// line begins a socket.
func (p *unixParser) line(l line) {
	fields, path := cutFields(l.text, p.width)
	s, err := p.columns.parse(fields)
	if err != nil {
		p.fail(l.fault("%w", err))
		return
	}
	s.Path = path
	p.last, p.rest = s, nil
	if name := p.names[uint32(s.Inode)]; strings.Contains(name, "\n") {
		if parts := strings.Split(strings.ReplaceAll(name, "\x00", "@"), "\n"); parts[0] == path {
			p.rest = parts[1:]
		}
	}
}

// cutFields cuts n fields off a text, and the one space behind them.
func cutFields(text string, n int) (fields []string, rest string) {
	for range n {
		text = strings.TrimLeft(text, " ")
		field, behind, _ := strings.Cut(text, " ")
		if field == "" {
			break
		}
		fields, text = append(fields, field), behind
	}
	return fields, text
}

// beginsSocket says whether a line begins with the address of a socket and its reference count, as "00000000fffba6c1:
// 00000002". An unknown path that imitates one cannot be told from it.
func beginsSocket(text string) bool {
	address, rest, found := strings.Cut(text, ": ")
	count, _, _ := strings.Cut(rest, " ")
	return found && len(address) >= 8 && isHex(address) && len(count) == 8 && isHex(count)
}

func isHex(text string) bool { return strings.Trim(text, "0123456789abcdefABCDEF") == "" }
