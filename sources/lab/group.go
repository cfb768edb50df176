package lab

import (
	"encoding/binary"
	"net"
	"net/netip"
	"testing"

	"golang.org/x/sys/unix"
)

// Join makes a UDP socket that is a member of a group on an interface: of all that is sent to it or, if there are
// sources, of what they send (RFC 4607).
func Join(t testing.TB, link, group string, sources ...string) *Socket {
	t.Helper()
	address := netip.MustParseAddr(group)
	s := Datagram(t, UDP, unspecified(address)+":0", "")
	if len(sources) == 0 {
		s.must("join", unix.SetsockoptString(s.fd, level(address), unix.MCAST_JOIN_GROUP,
			groupRequest(t, link, address)))
	}
	for _, source := range sources {
		request := groupRequest(t, link, address, netip.MustParseAddr(source))
		s.must("join a source", unix.SetsockoptString(s.fd, level(address), unix.MCAST_JOIN_SOURCE_GROUP, request))
	}
	return s
}

// Block has a member of a group refuse a source.
func (s *Socket) Block(link, group, source string) {
	s.t.Helper()
	address := netip.MustParseAddr(group)
	request := groupRequest(s.t, link, address, netip.MustParseAddr(source))
	s.must("block a source", unix.SetsockoptString(s.fd, level(address), unix.MCAST_BLOCK_SOURCE, request))
}

func unspecified(like netip.Addr) string {
	if like.Is4() {
		return "0.0.0.0"
	}
	return "[::]"
}

// level is the level of socket options of an address's family.
func level(a netip.Addr) int {
	if a.Is4() {
		return unix.IPPROTO_IP
	}
	return unix.IPPROTO_IPV6
}

// groupRequest is struct group_req or, with a source, struct group_source_req of linux/in.h.
func groupRequest(t testing.TB, link string, addresses ...netip.Addr) string {
	t.Helper()
	b := binary.NativeEndian.AppendUint32(nil, uint32(interfaceIndex(t, link)))
	b = append(b, make([]byte, 4)...) // a 64-bit kernel aligns what follows
	for _, a := range addresses {
		b = append(b, storage(a)...)
	}
	return string(b)
}

// storage is an address without a port as struct sockaddr_storage, of 128 bytes.
func storage(a netip.Addr) []byte {
	var b []byte
	if a.Is4() {
		b = append(binary.NativeEndian.AppendUint16(b, unix.AF_INET), 0, 0)
	} else {
		b = append(binary.NativeEndian.AppendUint16(b, unix.AF_INET6), 0, 0, 0, 0, 0, 0)
	}
	b = append(b, a.AsSlice()...)
	return append(b, make([]byte, 128-len(b))...)
}

func interfaceIndex(t testing.TB, name string) int {
	t.Helper()
	link, err := net.InterfaceByName(name)
	if err != nil {
		t.Fatalf("lab: interface %s: %v", name, err)
	}
	return link.Index
}
