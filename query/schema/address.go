package schema

import (
	"encoding/hex"
	"net/netip"
	"strings"
)

// ParseAddr reads an IP address. A v4-mapped one is the IPv4 address that it stands for.
func ParseAddr(s string) (netip.Addr, error) {
	addr, err := netip.ParseAddr(s)
	return addr.Unmap(), err
}

// ParsePrefix reads an address, a slash and a number of bits. A v4-mapped prefix is the IPv4 prefix that it stands for,
// because no address is v4-mapped here.
func ParsePrefix(s string) (netip.Prefix, error) {
	prefix, err := netip.ParsePrefix(s)
	if addr := prefix.Addr(); err == nil && addr.Is4In6() && prefix.Bits() >= 96 {
		return netip.PrefixFrom(addr.Unmap(), prefix.Bits()-96), nil
	}
	return prefix, err
}

// ParseAddrPort reads an address and a port, as in 10.0.0.1:443 and [2001:db8::1]:443.
func ParseAddrPort(s string) (netip.AddrPort, error) {
	endpoint, err := netip.ParseAddrPort(s)
	return netip.AddrPortFrom(endpoint.Addr().Unmap(), endpoint.Port()), err
}

// HardwareAddr is a link-layer address: its raw bytes, 6 for Ethernet, up to 20 for others.
type HardwareAddr string

// ParseHardwareAddr reads six or more colon-separated pairs of hexadecimal digits.
func ParseHardwareAddr(s string) (HardwareAddr, bool) {
	parts := strings.Split(s, ":")
	if len(parts) < 6 {
		return "", false
	}
	var raw []byte
	for _, part := range parts {
		b, err := hex.DecodeString(part)
		if err != nil || len(b) != 1 {
			return "", false
		}
		raw = append(raw, b[0])
	}
	return HardwareAddr(raw), true
}

// String is the colon-separated form, in lower case.
func (m HardwareAddr) String() string {
	b := make([]byte, 0, 3*len(m))
	for i := range len(m) {
		if i > 0 {
			b = append(b, ':')
		}
		b = hex.AppendEncode(b, []byte{m[i]})
	}
	return string(b)
}
