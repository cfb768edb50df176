package tables_test

import (
	"encoding/binary"
	"net/netip"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources/lab"
)

// packetPlantings are the troubles that packets of a peer's make.
func packetPlantings() []planting {
	return []planting{
		{name: "checksums", checks: []string{"checksum_errors"}, make: plantChecksums},
		{name: "fragments", checks: []string{"reassembly_failures"}, make: plantFragments},
		{name: "martians", checks: []string{"martians"}, machine: true, make: plantMartians},
		{name: "clash", checks: []string{"conntrack_insert_failed"}, make: plantClash},
	}
}

// rawSocket is a socket of the calling thread's namespace for packets of IPv4 with their headers (raw(7)).
func rawSocket(t *testing.T) int {
	t.Helper()
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.IPPROTO_RAW)
	must(t, err)
	t.Cleanup(func() { unix.Close(fd) })
	return fd
}

// sendRaw sends a packet. Its flags and offset are those of the header: 0x2000 says that more fragments follow. What
// else the header needs the kernel fills in: length, identification and checksum.
func sendRaw(fd int, from, to netip.Addr, protocol byte, fragment uint16, payload []byte) {
	const versionAndLength, hops = 0x45, 64
	header := []byte{versionAndLength, 0, 0, 0, 0, 0}
	header = binary.BigEndian.AppendUint16(header, fragment)
	header = append(header, hops, protocol, 0, 0)
	header = append(append(header, from.AsSlice()...), to.AsSlice()...)
	_ = unix.Sendto(fd, append(header, payload...), 0, &unix.SockaddrInet4{Addr: to.As4()})
}

// synSegment is a segment of TCP that begins a connection.
func synSegment(from, to netip.AddrPort) []byte {
	const headerWords, syn, window = 5, 2, 1000
	s := binary.BigEndian.AppendUint16(nil, from.Port())
	s = binary.BigEndian.AppendUint16(s, to.Port())
	s = append(s, 0, 0, 0, 1, 0, 0, 0, 0, headerWords<<4, syn)
	s = append(binary.BigEndian.AppendUint16(s, window), 0, 0, 0, 0)
	pseudo := append(from.Addr().AsSlice(), to.Addr().AsSlice()...)
	pseudo = append(pseudo, 0, unix.IPPROTO_TCP, 0, byte(len(s)))
	binary.BigEndian.PutUint16(s[16:], checksum(append(pseudo, s...)))
	return s
}

// checksum is that of the Internet's protocols (RFC 1071), of an even number of bytes.
func checksum(data []byte) uint16 {
	var sum uint32
	for i := 0; i < len(data); i += 2 {
		sum += uint32(binary.BigEndian.Uint16(data[i:]))
	}
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	return ^uint16(sum)
}

// datagram is one of UDP to a port, with a checksum or, where that is 0, with none.
func datagram(port, checksum uint16) []byte {
	const header, data = 8, 8
	d := binary.BigEndian.AppendUint16(nil, port)
	d = binary.BigEndian.AppendUint16(d, port)
	d = binary.BigEndian.AppendUint16(d, header+data)
	d = binary.BigEndian.AppendUint16(d, checksum)
	return append(d, make([]byte, data)...)
}

// fromFar sends a packet again and again from the far end to the near one.
func fromFar(t *testing.T, p *planting, source string, protocol byte, fragment uint16, payload []byte) func() bool {
	t.Helper()
	var raw int
	lab.In(t, p.far(), func() { raw = rawSocket(t) })
	from, to := netip.MustParseAddr(source), netip.MustParseAddr("10.1.0.1")
	goOn(t, func() {
		for range manyTimes {
			sendRaw(raw, from, to, protocol, fragment, payload)
		}
	})
	return nil
}

func plantChecksums(t *testing.T, p *planting) func() bool {
	return fromFar(t, p, "10.1.0.2", unix.IPPROTO_UDP, 0, datagram(9, 0xbad))
}

// plantFragments sends first fragments alone.
func plantFragments(t *testing.T, p *planting) func() bool {
	const more = 0x2000
	lab.In(t, p.name, func() { setSysctl(t, "net/ipv4/ipfrag_time", "1") })
	return fromFar(t, p, "10.1.0.2", unix.IPPROTO_UDP, more, datagram(9, 0))
}

// plantMartians sends packets that say that they come from where they go to.
func plantMartians(t *testing.T, p *planting) func() bool {
	return fromFar(t, p, "10.1.0.1", unix.IPPROTO_UDP, 0, datagram(9, 0))
}

// plantClash has the flows of two sockets translated to the same address and port.
func plantClash(t *testing.T, p *planting) func() bool {
	var first, second, taken *lab.Socket
	lab.In(t, p.far(), func() { taken = lab.Datagram(t, lab.UDP, "10.1.0.2:7009", "") })
	lab.In(t, p.name, func() {
		lab.Tool(t, "add table ip nat\nadd chain ip nat out { type nat hook postrouting priority 100; }\n"+
			"add rule ip nat out udp dport 7009 snat to 10.1.0.1:5000\n", "nft", "-f", "-")
		setSysctl(t, "net/netfilter/nf_conntrack_udp_timeout", "3600") // for which the first flow has the port
		first = lab.Datagram(t, lab.UDP, "10.1.0.1:0", taken.Local.String())
		second = lab.Datagram(t, lab.UDP, "10.1.0.1:0", taken.Local.String())
	})
	first.Send(1)
	goOn(t, func() {
		for range manyTimes {
			_ = unix.Sendto(second.FD(), []byte("x"), unix.MSG_DONTWAIT, nil) // refused
		}
	})
	return nil
}
