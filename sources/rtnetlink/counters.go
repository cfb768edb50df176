package rtnetlink

import "encoding/binary"

// A Counter is a place in struct rtnl_link_stats64 (linux/if_link.h), counted in numbers.
type Counter int

// The counters, in the order of the structure. Kernels have added to its end.
const (
	RxPackets Counter = iota
	TxPackets
	RxBytes
	TxBytes
	RxErrors
	TxErrors
	RxDropped
	TxDropped
	Multicast
	Collisions
	RxLengthErrors
	RxOverErrors
	RxCRCErrors
	RxFrameErrors
	RxFIFOErrors
	RxMissedErrors
	TxAbortedErrors
	TxCarrierErrors
	TxFIFOErrors
	TxHeartbeatErrors
	TxWindowErrors
	RxCompressed
	TxCompressed
	RxNoHandler        // Linux 4.6
	RxOtherHostDropped // Linux 5.19
	counters
)

// Counters are a device's counters as far as the kernel has them. The zero value has none.
type Counters struct {
	values [counters]uint64
	known  int
}

// Get reads a counter. It is false if this kernel does not have it.
func (c *Counters) Get(n Counter) (uint64, bool) {
	if n < 0 || int(n) >= c.known {
		return 0, false
	}
	return c.values[n], true
}

// parseCounters reads an array of numbers of a size in bytes: 8 in IFLA_STATS64, 4 in IFLA_STATS, which wrap.
func parseCounters(b []byte, size int) (c Counters) {
	for ; c.known < len(c.values) && len(b) >= size; c.known++ {
		if size == 8 {
			c.values[c.known] = binary.NativeEndian.Uint64(b)
		} else {
			c.values[c.known] = uint64(binary.NativeEndian.Uint32(b))
		}
		b = b[size:]
	}
	return c
}
