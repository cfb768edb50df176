package inetdiag

import (
	"encoding/binary"
	"net/netip"
	"time"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
	"netql/sources/netlink/uapi"
	"netql/sources/slab"
	"netql/sources/sockdiag"
)

// native is the byte order of everything but ports and addresses.
var native = binary.NativeEndian

// A decoder turns messages into sockets. It belongs to one dump.
type decoder struct {
	protocol int
	names    map[string]string // of algorithms and upper layers, so that sockets share the few there are
	sockets  slab.Of[Socket]
	infos    slab.Bytes // their struct tcp_info
}

func newDecoder(protocol int) *decoder {
	return &decoder{protocol: protocol, names: map[string]string{}}
}

// socket decodes struct inet_diag_msg and the attributes behind it. The result shares no memory with b.
func (d *decoder) socket(b []byte) (*Socket, error) {
	attributes, err := socketMessage.Decode(b)
	if err != nil {
		return nil, err
	}
	s := d.sockets.New()
	*s = Socket{
		Protocol:    d.protocol,
		Family:      b[0],
		State:       State(b[1]),
		Timer:       Timer(b[2]),
		Retransmits: b[3],
		Local:       address(b[0], b[8:24], b[4:6]),
		Remote:      address(b[0], b[24:40], b[6:8]),
		Interface:   native.Uint32(b[40:]),
		Cookie:      sockdiag.Cookie(b[44:]),
		Expires:     time.Duration(native.Uint32(b[52:])) * time.Millisecond,
		RecvQueue:   native.Uint32(b[56:]),
		SendQueue:   native.Uint32(b[60:]),
		UID:         native.Uint32(b[64:]),
		Inode:       native.Uint32(b[68:]),
	}
	for attributes.Next() {
		d.attribute(s, &attributes)
	}
	if d.protocol == TCP && s.State == Closed {
		s.State = BoundInactive // the kernel lists no closed TCP sockets, but shows these as such
	}
	return s, attributes.Err()
}

// address reads an address and a port, both in network byte order. IPv4 uses the first of the four words.
func address(family uint8, ip, port []byte) netip.AddrPort {
	number := binary.BigEndian.Uint16(port)
	if family == unix.AF_INET {
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte(ip)), number)
	}
	return netip.AddrPortFrom(netip.AddrFrom16([16]byte(ip)), number)
}

// attribute reads one attribute. Those that no column needs, and those of newer kernels, are skipped.
func (d *decoder) attribute(s *Socket, a *netlink.Attributes) {
	kind := Attribute(a.Type())
	switch kind {
	case AttrInfo:
		if d.protocol != TCP {
			return // struct mptcp_info, struct sctp_info
		}
		s.Info = d.info(a.Bytes())
	case AttrCongestion:
		s.Congestion = d.name(a.Text())
	case AttrTOS:
		s.TOS = a.Uint8()
	case AttrTClass:
		s.TClass = a.Uint8()
	case AttrMemory:
		s.Memory = sockdiag.ParseMemory(a.Bytes())
	case AttrShutdown:
		s.Shutdown = a.Uint8()
	case AttrV6Only:
		s.V6Only = a.Uint8() != 0
	case AttrBBR:
		if s.BBR = parseBBR(a.Bytes()); s.BBR == nil {
			return
		}
	case AttrMark:
		s.Mark = a.Uint32()
	case AttrULP:
		a.Nested(func(inner *netlink.Attributes) { s.ULP = d.upperLayer(inner) })
	case AttrCgroupID:
		s.CgroupID = a.Uint64()
	default:
		return
	}
	s.Add(kind)
}

func (d *decoder) upperLayer(a *netlink.Attributes) (name string) {
	for a.Next() {
		if a.Type() == uapi.INET_ULP_INFO_NAME {
			name = d.name(a.Text())
		}
	}
	return name
}

// info copies a struct tcp_info.
func (d *decoder) info(b []byte) TCPInfo { return TCPInfo{d.infos.Clone(b)} }

// name returns the string of a name, the same one each time.
func (d *decoder) name(text []byte) string {
	if name, ok := d.names[string(text)]; ok {
		return name
	}
	name := string(text)
	d.names[name] = name
	return name
}
