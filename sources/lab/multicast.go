package lab

import (
	"encoding/binary"
	"net/netip"
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// Cable makes two interfaces that are up and joined, a veth pair: what one sends the other receives. The first has the
// addresses, such as 198.51.100.1/24.
func Cable(t testing.TB, name, peer string, prefixes ...string) {
	t.Helper()
	err := os.WriteFile("/proc/sys/net/ipv6/conf/default/addr_gen_mode", []byte("1"), 0)
	if err == nil {
		err = newPair(name, peer)
	}
	for _, link := range []string{name, peer} {
		if err == nil {
			err = raise(link)
		}
	}
	for _, text := range prefixes {
		prefix := netip.MustParsePrefix(text)
		if err == nil {
			err = addAddress(name, prefix)
		}
		if err == nil && prefix.Addr().Is6() { // by then the interface has joined the address's own group, too
			awaitLocalRoute(t, name, prefix.Addr())
		}
	}
	if err != nil {
		t.Fatalf("lab.Cable %s: %v", name, err)
	}
}

// vethInfoPeer is VETH_INFO_PEER of linux/veth.h.
const vethInfoPeer = 1

func newPair(name, peer string) error {
	header := make([]byte, unix.SizeofIfInfomsg)
	other := append(header[:len(header):len(header)], attribute(unix.IFLA_IFNAME, append([]byte(peer), 0))...)
	info := attribute(unix.IFLA_INFO_KIND, []byte("veth"))
	info = append(info, attribute(unix.IFLA_INFO_DATA, attribute(vethInfoPeer, other))...)
	body := append(header, attribute(unix.IFLA_IFNAME, append([]byte(name), 0))...)
	return rtnetlink(unix.RTM_NEWLINK, append(body, attribute(unix.IFLA_LINKINFO, info)...))
}

// A Router is a multicast router: a socket that tells the kernel what to forward. The kernel forgets it all when the
// test ends.
type Router struct {
	t     testing.TB
	fd    int
	level int
}

// Options of a routing socket: MRT_* of linux/mroute.h and MRT6_* of linux/mroute6.h, which have the same numbers.
const (
	mrtInit        = 200
	mrtAddVif      = 202
	mrtAddMfc      = 204
	mrtTable       = 209
	mrtAddMfcProxy = 210
)

// Flags of a virtual interface.
const (
	VifRegister  = 0x4 // IPv4: PIM's own
	VifRegister6 = 0x1 // IPv6: likewise
	VifUseIndex  = 0x8 // IPv4: it is named by the number of the interface
)

// Router4 starts multicast routing of IPv4, in a table or, if that is 0, in the default one.
func Router4(t testing.TB, table int) *Router {
	return newRouter(t, table, unix.AF_INET, unix.IPPROTO_IGMP, unix.IPPROTO_IP)
}

// Router6 is Router4 of IPv6.
func Router6(t testing.TB, table int) *Router {
	return newRouter(t, table, unix.AF_INET6, unix.IPPROTO_ICMPV6, unix.IPPROTO_IPV6)
}

func newRouter(t testing.TB, table, family, protocol, level int) *Router {
	t.Helper()
	fd, err := unix.Socket(family, unix.SOCK_RAW|unix.SOCK_CLOEXEC, protocol)
	if err != nil {
		t.Fatalf("lab: routing socket: %v", err)
	}
	t.Cleanup(func() { unix.Close(fd) })
	r := &Router{t, fd, level}
	if table != 0 {
		r.must("choose the table", unix.SetsockoptInt(fd, level, mrtTable, table))
	}
	if err := unix.SetsockoptInt(fd, level, mrtInit, 1); isAbsent(err) {
		t.Skipf("this kernel has no multicast routing: %v", err)
	} else {
		r.must("start", err)
	}
	return r
}

func (r *Router) must(step string, err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatalf("lab: multicast router: %s: %v", step, err)
	}
}

func (r *Router) set(step string, option int, value []byte) {
	r.t.Helper()
	r.must(step, unix.SetsockoptString(r.fd, r.level, option, string(value)))
}

// Vif adds a virtual interface: an interface by its name, or one of flags.
func (r *Router) Vif(number uint16, link string, flags byte) {
	r.t.Helper()
	index := 0
	if link != "" {
		index = interfaceIndex(r.t, link)
	}
	b := binary.NativeEndian.AppendUint16(nil, number)
	b = append(b, flags, 1) // the threshold, which routes set anew
	if r.level == unix.IPPROTO_IPV6 {
		b = append(binary.NativeEndian.AppendUint16(b, uint16(index)), make([]byte, 6)...) // struct mif6ctl
	} else {
		b = append(b, make([]byte, 4)...) // struct vifctl
		b = append(binary.NativeEndian.AppendUint32(b, uint32(index)), make([]byte, 4)...)
	}
	r.set("add interface "+link, mrtAddVif, b)
}

// Tunnel adds a virtual interface of IPv4 by its addresses; the remote one counts for tunnels only.
func (r *Router) Tunnel(number uint16, local, remote string) {
	r.t.Helper()
	b := append(binary.NativeEndian.AppendUint16(nil, number), 0, 1, 0, 0, 0, 0)
	b = append(b, netip.MustParseAddr(local).AsSlice()...)
	r.set("add interface "+local, mrtAddVif, append(b, netip.MustParseAddr(remote).AsSlice()...))
}

// Route has the kernel forward what a source sends to a group and comes from one virtual interface to others, each
// with its threshold; IPv6 has no thresholds. A source 0.0.0.0 or :: is any.
func (r *Router) Route(source, group string, in uint16, out map[uint16]byte) {
	r.t.Helper()
	from, to := netip.MustParseAddr(source), netip.MustParseAddr(group)
	option := mrtAddMfc
	if from.IsUnspecified() {
		option = mrtAddMfcProxy
	}
	if r.level == unix.IPPROTO_IPV6 {
		r.set("add a route", option, route6(from, to, in, out))
		return
	}
	b := binary.NativeEndian.AppendUint16(append(from.AsSlice(), to.AsSlice()...), in) // struct mfcctl
	ttls := make([]byte, 32+2+16)
	for vif, ttl := range out {
		ttls[vif] = ttl
	}
	r.set("add a route", option, append(b, ttls...))
}

// route6 is struct mf6cctl.
func route6(from, to netip.Addr, in uint16, out map[uint16]byte) []byte {
	const size = 28 // of struct sockaddr_in6
	b := append(storage(from)[:size], storage(to)[:size]...)
	b = append(binary.NativeEndian.AppendUint16(b, in), 0, 0)
	set := make([]uint32, 8)
	for vif := range out {
		set[vif/32] |= 1 << (vif % 32)
	}
	for _, word := range set {
		b = binary.NativeEndian.AppendUint32(b, word)
	}
	return b
}

// Send sends a datagram to a group from an interface, where the kernel of a multicast router takes it as coming from.
func Send(t testing.TB, link, group string, size int) {
	t.Helper()
	address := netip.MustParseAddr(group)
	s := multicastSender(t, link, address)
	defer s.Close()
	to, err := sockaddr(netip.AddrPortFrom(address, 5000))
	s.must("address", err)
	s.must("send", unix.Sendto(s.fd, make([]byte, size), 0, to))
}

// multicastSender makes a socket that sends to groups of the address's family from an interface.
func multicastSender(t testing.TB, link string, address netip.Addr) *Socket {
	t.Helper()
	s := Datagram(t, UDP, unspecified(address)+":0", "")
	const hops = 8
	if address.Is4() {
		s.must("choose the interface",
			unix.SetsockoptIPMreqn(s.fd, unix.IPPROTO_IP, unix.IP_MULTICAST_IF,
				&unix.IPMreqn{Ifindex: int32(interfaceIndex(t, link))}))
		s.must("set the TTL", unix.SetsockoptInt(s.fd, unix.IPPROTO_IP, unix.IP_MULTICAST_TTL, hops))
	} else {
		s.must("choose the interface",
			unix.SetsockoptInt(s.fd, unix.IPPROTO_IPV6, unix.IPV6_MULTICAST_IF, interfaceIndex(t, link)))
		s.must("set the hop limit", unix.SetsockoptInt(s.fd, unix.IPPROTO_IPV6, unix.IPV6_MULTICAST_HOPS, hops))
	}
	return s
}
