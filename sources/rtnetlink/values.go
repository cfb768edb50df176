package rtnetlink

import (
	"fmt"
	"net/netip"
	"time"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
)

// address reads an address of either family; one of another size is invalid.
func address(b []byte) netip.Addr {
	a, _ := netip.AddrFromSlice(b)
	return a
}

// prefix makes a prefix of the bytes of an address, which the kernel leaves out where they are all zero.
func prefix(family uint8, b []byte, bits uint8) (netip.Prefix, error) {
	addr, ok := netip.AddrFromSlice(b)
	if !ok {
		addr = netip.IPv4Unspecified()
		if family == unix.AF_INET6 {
			addr = netip.IPv6Unspecified()
		}
	}
	p := netip.PrefixFrom(addr, int(bits))
	if !p.IsValid() {
		return p, fmt.Errorf("%w: a prefix of %d bits of %v", netlink.ErrTruncated, bits, addr)
	}
	return p, nil
}

// tunnelEnd is the address of a tunnel's end; invalid where there is none, and for the unspecified address (any).
func tunnelEnd(b []byte) netip.Addr {
	addr := address(b)
	if !addr.IsValid() || addr.IsUnspecified() {
		return netip.Addr{}
	}
	return addr
}

// clockTick is 1/USER_HZ, the unit of times in interfaces to user space, which is the same on all architectures but
// one.
const clockTick = time.Second / 100

// ticks is a signed time of 32 bits.
func ticks(n uint32) time.Duration { return time.Duration(int32(n)) * clockTick }

// longTicks is a time of 64 bits; one above the longest Duration is that.
func longTicks(n uint64) time.Duration {
	return time.Duration(min(n, uint64(1<<63-1)/uint64(clockTick))) * clockTick
}
