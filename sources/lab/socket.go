package lab

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"testing"

	"golang.org/x/sys/unix"
)

// A Socket is one socket that a test made, or one that the kernel made for it: a connection nobody accepted, the
// TIME_WAIT rest of a connection. It is closed when the test ends.
type Socket struct {
	Protocol Protocol
	// Label says in words what is special about it.
	Label string
	// Local and Remote are as the kernel says: the addresses of an IPv6 socket that speaks IPv4 are v4-mapped.
	// Remote is the zero AddrPort for a socket without a peer. The local port of a raw socket is its IP protocol
	// number, that of a ping socket its ICMP identifier.
	Local, Remote netip.AddrPort
	// Inode is the socket's number in /proc/PID/fd, 0 for a socket that no process has as a file.
	Inode uint64

	t       testing.TB
	fd      int    // -1 if this process has no file of it
	state   string // where the kernel cannot be asked
	holders []Owner
	peer    *Socket // the other end of a Pair
}

// An Owner is a process that has a socket as a file.
type Owner struct {
	Pid  int
	Comm string
	FD   int
}

// Owners are the processes that have the socket open, by pid: this one and running helpers.
func (s *Socket) Owners() []Owner {
	owners := slices.Clone(s.holders)
	if s.fd >= 0 {
		owners = append(owners, Owner{Pid: os.Getpid(), Comm: ownComm(), FD: s.fd})
	}
	slices.SortFunc(owners, func(a, b Owner) int { return a.Pid - b.Pid })
	return owners
}

// ownComm is this process's name.
func ownComm() string {
	text, err := os.ReadFile("/proc/self/comm")
	if err != nil {
		return ""
	}
	return string(text[:len(text)-1])
}

// FD is the socket's file descriptor in this process, -1 if there is none.
func (s *Socket) FD() int { return s.fd }

// Close closes the socket in this process. If no helper has it either, the kernel finishes it alone: it becomes an
// orphan without inode until its peer agrees, or vanishes at once. It may be called again.
func (s *Socket) Close() {
	if s.fd < 0 {
		return
	}
	s.state = s.State()
	unix.Close(s.fd)
	s.fd = -1
	if len(s.holders) == 0 {
		s.Inode = 0
	}
}

// must fails the test if a step on this socket failed.
func (s *Socket) must(step string, err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatalf("lab: %s socket %v: %s: %v", s.Protocol, s.Local, step, err)
	}
}

// open makes a socket for addresses like this one, sets its options and lets the test close it.
func open(t testing.TB, p Protocol, like netip.AddrPort, options []Option) (*Socket, config) {
	t.Helper()
	fd, err := p.socket(like)
	if isAbsent(err) {
		t.Skipf("this kernel has no %s socket for %v: %v", p, like, err)
	} else if err != nil {
		t.Fatalf("lab: %s socket for %v: %v", p, like, err)
	}
	s := adopt(t, p, fd)
	c := newConfig(options)
	for _, set := range c.set {
		s.must(set.String(), set.apply(fd))
	}
	return s, c
}

// adopt makes a Socket of a descriptor.
func adopt(t testing.TB, p Protocol, fd int) *Socket {
	t.Helper()
	s := &Socket{Protocol: p, t: t, fd: fd}
	t.Cleanup(s.Close)
	var stat unix.Stat_t
	s.must("fstat", unix.Fstat(fd, &stat))
	s.Inode = stat.Ino
	return s
}

// name asks the kernel for the socket's addresses.
func (s *Socket) name() {
	s.t.Helper()
	local, err := unix.Getsockname(s.fd)
	s.must("getsockname", err)
	s.Local = addrPort(local)
	if remote, err := unix.Getpeername(s.fd); err == nil {
		s.Remote = addrPort(remote)
	}
}

// duplicate is another file of the same socket, to be handed to a child process.
func (s *Socket) duplicate() *os.File {
	s.t.Helper()
	fd, err := unix.FcntlInt(uintptr(s.fd), unix.F_DUPFD_CLOEXEC, 0)
	s.must("duplicate", err)
	return os.NewFile(uintptr(fd), fmt.Sprintf("%s socket", s.Protocol))
}

// parse reads an address and port as in "127.0.0.1:80" or "[fe80::1%lab0]:0".
func parse(t testing.TB, text string) netip.AddrPort {
	t.Helper()
	a, err := netip.ParseAddrPort(text)
	if err != nil {
		t.Fatalf("lab: %v", err)
	}
	return a
}

// sockaddr is an address for system calls. Its zone is looked up in the namespace of the calling thread.
func sockaddr(a netip.AddrPort) (unix.Sockaddr, error) {
	if a.Addr().Is4() {
		return &unix.SockaddrInet4{Addr: a.Addr().As4(), Port: int(a.Port())}, nil
	}
	s := &unix.SockaddrInet6{Addr: a.Addr().As16(), Port: int(a.Port())}
	if zone := a.Addr().Zone(); zone != "" {
		link, err := net.InterfaceByName(zone)
		if err != nil {
			return nil, fmt.Errorf("zone of %v: %w", a, err)
		}
		s.ZoneId = uint32(link.Index)
	}
	return s, nil
}

// addrPort is the address a system call returned; its zone is an interface's name, or else its number.
func addrPort(s unix.Sockaddr) netip.AddrPort {
	switch s := s.(type) {
	case *unix.SockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4(s.Addr), uint16(s.Port))
	case *unix.SockaddrInet6:
		a := netip.AddrFrom16(s.Addr)
		if s.ZoneId != 0 {
			a = a.WithZone(zoneName(int(s.ZoneId)))
		}
		return netip.AddrPortFrom(a, uint16(s.Port))
	}
	return netip.AddrPort{}
}

func zoneName(index int) string {
	if link, err := net.InterfaceByIndex(index); err == nil {
		return link.Name
	}
	return strconv.Itoa(index)
}
