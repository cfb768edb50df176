package netlink

import "encoding/binary"

// Netfilter's attributes are in network byte order (NLA_F_NET_BYTEORDER, which few of them set).

// Uint16BE reads the current value in network byte order.
func (a *Attributes) Uint16BE() uint16 {
	if b := a.prefix(2); b != nil {
		return binary.BigEndian.Uint16(b)
	}
	return 0
}

// Uint32BE reads the current value in network byte order.
func (a *Attributes) Uint32BE() uint32 {
	if b := a.prefix(4); b != nil {
		return binary.BigEndian.Uint32(b)
	}
	return 0
}

// Uint64BE reads the current value in network byte order.
func (a *Attributes) Uint64BE() uint64 {
	if b := a.prefix(8); b != nil {
		return binary.BigEndian.Uint64(b)
	}
	return 0
}
