// Package sockdiag is what the families of the kernel's socket diagnostics have in common (linux/sock_diag.h).
package sockdiag

import "encoding/binary"

// native is the byte order of everything in socket diagnostics but ports and addresses.
var native = binary.NativeEndian

// A MemoryField is one number of a socket's memory, in bytes but for Drops. They are numbered as SK_MEMINFO_* of
// linux/sock_diag.h.
type MemoryField int

// The fields.
const (
	ReadAllocated    MemoryField = iota // rmem_alloc: received data with its overhead
	ReceiveBuffer                       // rcvbuf: the limit of the above
	WriteAllocated                      // wmem_alloc: data given to the device layer or to the peer, with its overhead
	SendBuffer                          // sndbuf: the limit on what is queued to send
	ForwardAllocated                    // fwd_alloc: reserved and not yet used
	WriteQueued                         // wmem_queued: data queued to send, with its overhead
	OptionMemory                        // optmem: options and filters
	Backlog                             // packets that wait while a system call holds the socket
	Drops                               // packets dropped, a count; Linux 4.7

	memoryFields // how many there are
)

// Memory is what a socket uses and may use (SK_MEMINFO_*). Old kernels have fewer fields, and files of /proc/net only a
// few. A nil Memory has none.
type Memory struct {
	values [memoryFields]uint32
	known  uint16 // a bit for each field
}

// ParseMemory reads the array of numbers behind an attribute such as INET_DIAG_SKMEMINFO. Kernels have added to its
// end.
func ParseMemory(b []byte) *Memory {
	m := &Memory{}
	for f := range memoryFields {
		if at := int(f) * 4; len(b) >= at+4 {
			m.Set(f, native.Uint32(b[at:]))
		}
	}
	return m
}

// Get is a field, and whether it is known.
func (m *Memory) Get(f MemoryField) (uint32, bool) {
	if m == nil || m.known&(1<<f) == 0 {
		return 0, false
	}
	return m.values[f], true
}

// Set makes a field known.
func (m *Memory) Set(f MemoryField, value uint32) {
	m.values[f] = value
	m.known |= 1 << f
}
