package lab

import (
	"fmt"
	"net/netip"
	"time"

	"golang.org/x/sys/unix"
)

// An Option changes a socket before it gets its address.
type Option func(*config)

// A config is what the options of one socket say.
type config struct {
	set     []setting
	from    netip.AddrPort
	backlog int
}

// A setting is one call of setsockopt(2), with a text or a number.
type setting struct {
	level, name int
	text        string
	number      int
}

// defaultBacklog is Go's and the kernel's smallest usual one.
const defaultBacklog = 128

func newConfig(options []Option) config {
	c := config{backlog: defaultBacklog}
	for _, option := range options {
		option(&c)
	}
	return c
}

func (s setting) String() string {
	return fmt.Sprintf("setsockopt level %d option %d value %d %q", s.level, s.name, s.number, s.text)
}

func (s setting) apply(fd int) error {
	if s.text != "" {
		return unix.SetsockoptString(fd, s.level, s.name, s.text)
	}
	return unix.SetsockoptInt(fd, s.level, s.name, s.number)
}

// number is an option that is one number for the kernel.
func number(level, name, value int) Option {
	return func(c *config) { c.set = append(c.set, setting{level: level, name: name, number: value}) }
}

// text is an option that is a name for the kernel.
func text(level, name int, value string) Option {
	return func(c *config) { c.set = append(c.set, setting{level: level, name: name, text: value}) }
}

// V6Only says whether an IPv6 socket speaks IPv6 only (IPV6_V6ONLY) or IPv4 too, by mapped addresses.
func V6Only(on bool) Option {
	if on {
		return number(unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, 1)
	}
	return number(unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, 0)
}

// Device binds the socket to an interface (SO_BINDTODEVICE).
func Device(name string) Option { return text(unix.SOL_SOCKET, unix.SO_BINDTODEVICE, name) }

// Congestion chooses the congestion control algorithm (TCP_CONGESTION). Every kernel has reno.
func Congestion(name string) Option { return text(unix.IPPROTO_TCP, unix.TCP_CONGESTION, name) }

// Mark sets the routing mark (SO_MARK).
func Mark(mark int) Option { return number(unix.SOL_SOCKET, unix.SO_MARK, mark) }

// Keepalive starts the keepalive timer, which first fires after that much silence (TCP_KEEPIDLE, whole seconds).
func Keepalive(idle time.Duration) Option {
	return func(c *config) {
		number(unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1)(c)
		number(unix.IPPROTO_TCP, unix.TCP_KEEPIDLE, int(idle/time.Second))(c)
	}
}

// Backlog sets how many connections a listener lets wait; the kernel admits one more.
func Backlog(n int) Option { return func(c *config) { c.backlog = n } }

// From binds the socket of a connection to a local address first.
func From(local netip.AddrPort) Option { return func(c *config) { c.from = local } }

// smallBuffers makes a connection that is full after a few kilobytes. The kernel doubles both and has its own minimum
// (SO_SNDBUF, SO_RCVBUF in socket(7)).
func smallBuffers(c *config) {
	number(unix.SOL_SOCKET, unix.SO_SNDBUF, 4096)(c)
	number(unix.SOL_SOCKET, unix.SO_RCVBUF, 4096)(c)
}
