package lab

import (
	"fmt"
	"os"
	"testing"
)

// Datagram makes a UDP, UDPLite, Ping or Raw socket. Without remote address it is unconnected. A raw socket's ports
// are its IP protocol number. Ping sockets are first allowed in the namespace (ping_group_range in icmp(7)).
func Datagram(t testing.TB, p Protocol, local, remote string, options ...Option) *Socket {
	t.Helper()
	if p == Ping {
		if err := allowPing(); err != nil {
			t.Fatalf("lab: %v", err)
		}
	}
	s, _ := bound(t, p, local, options)
	s.name()
	s.state = "UNCONN"
	if remote != "" {
		s.connect(parse(t, remote))
	}
	return s
}

// allowPing lets group 0 make ping sockets, of IPv4 and IPv6, in the namespace of the calling thread.
func allowPing() error {
	if err := os.WriteFile("/proc/sys/net/ipv4/ping_group_range", []byte("0 0"), 0); err != nil {
		return fmt.Errorf("allow ping sockets: %w", err)
	}
	return nil
}
