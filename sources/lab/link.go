package lab

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"regexp"
	"testing"

	"golang.org/x/sys/unix"
)

// linkPrefixes are the addresses of a Link: one for documentation (RFC 5737) and a link-local one.
func linkPrefixes() []netip.Prefix {
	return []netip.Prefix{netip.MustParsePrefix("192.0.2.1/24"), netip.MustParsePrefix("fe80::1/64")}
}

// Link makes an interface that is up, has the addresses 192.0.2.1/24 and fe80::1/64, and sends what it is given into
// nothing. It is a dummy or, where the kernel has none, one end of a veth. It goes with its namespace.
func Link(t testing.TB, name string) {
	t.Helper()
	quietLinks(t)
	err := newLink("dummy", name)
	if errors.Is(err, unix.EOPNOTSUPP) {
		err = newLink("veth", name)
	}
	if err == nil {
		err = raiseAll()
	}
	for _, prefix := range linkPrefixes() {
		if err == nil {
			err = addAddress(name, prefix)
		}
	}
	if err == nil {
		awaitLocalRoute(t, name, linkPrefixes()[1].Addr())
	}
	if err != nil {
		t.Fatalf("lab.Link %s: %v", name, err)
	}
}

// awaitLocalRoute waits until the kernel delivers packets for an IPv6 address to itself, which it arranges a moment
// after it has accepted the address. A packet sent earlier would wait seconds for a neighbour that is not there.
func awaitLocalRoute(t testing.TB, name string, address netip.Addr) {
	t.Helper()
	route := regexp.MustCompile(fmt.Sprintf(`(?m)^%x 80 .* %s$`, address.AsSlice(), regexp.QuoteMeta(name)))
	Await(t, fmt.Sprintf("a local route for %v", address), func() bool {
		table, err := os.ReadFile("/proc/thread-self/net/ipv6_route")
		return err == nil && route.Match(table)
	})
}

// raiseAll brings all links up: both ends of a veth.
func raiseAll() error {
	links, err := net.Interfaces()
	for _, link := range links {
		err = errors.Join(err, raise(link.Name))
	}
	return err
}

// newLink makes an interface: RTM_NEWLINK in rtnetlink(7).
func newLink(kind, name string) error {
	body := make([]byte, unix.SizeofIfInfomsg)
	body = append(body, attribute(unix.IFLA_IFNAME, append([]byte(name), 0))...)
	body = append(body, attribute(unix.IFLA_LINKINFO, attribute(unix.IFLA_INFO_KIND, []byte(kind)))...)
	return rtnetlink(unix.RTM_NEWLINK, body)
}

// addAddress gives an interface an address that is usable at once: RTM_NEWADDR in rtnetlink(7).
func addAddress(name string, prefix netip.Prefix) error {
	link, err := net.InterfaceByName(name)
	if err != nil {
		return err
	}
	family := byte(unix.AF_INET6)
	if prefix.Addr().Is4() {
		family = unix.AF_INET
	}
	// struct ifaddrmsg: family, prefix length, flags, scope (the kernel finds it), index.
	body := []byte{family, byte(prefix.Bits()), unix.IFA_F_NODAD, 0}
	body = binary.NativeEndian.AppendUint32(body, uint32(link.Index))
	body = append(body, attribute(unix.IFA_LOCAL, prefix.Addr().AsSlice())...)
	if err := rtnetlink(unix.RTM_NEWADDR, body); err != nil {
		return fmt.Errorf("add %v: %w", prefix, err)
	}
	return nil
}

// attribute is a struct rtattr with its value, padded to 4 bytes.
func attribute(kind uint16, value []byte) []byte {
	a := binary.NativeEndian.AppendUint16(nil, uint16(unix.SizeofRtAttr+len(value)))
	a = append(binary.NativeEndian.AppendUint16(a, kind), value...)
	return append(a, make([]byte, -len(a)&3)...)
}

// rtnetlink sends one request that makes something new, and returns the kernel's verdict.
func rtnetlink(kind uint16, body []byte) error {
	const flags = unix.NLM_F_REQUEST | unix.NLM_F_ACK | unix.NLM_F_CREATE | unix.NLM_F_EXCL
	message := binary.NativeEndian.AppendUint32(nil, uint32(unix.SizeofNlMsghdr+len(body)))
	message = binary.NativeEndian.AppendUint16(message, kind)
	message = binary.NativeEndian.AppendUint16(message, flags)
	message = append(message, make([]byte, 8)...) // sequence number and port: one request, one answer
	message = append(message, body...)

	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_ROUTE)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	if err := unix.Sendto(fd, message, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return err
	}
	answer := make([]byte, os.Getpagesize())
	n, _, err := unix.Recvfrom(fd, answer, 0)
	if err != nil {
		return err
	}
	if n < unix.SizeofNlMsghdr+4 {
		return fmt.Errorf("rtnetlink: an answer of %d bytes", n)
	}
	// struct nlmsgerr begins with a negated errno, 0 for success.
	if errno := int32(binary.NativeEndian.Uint32(answer[unix.SizeofNlMsghdr:])); errno != 0 {
		return fmt.Errorf("rtnetlink: %w", unix.Errno(-errno))
	}
	return nil
}
