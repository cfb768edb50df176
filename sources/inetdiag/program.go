package inetdiag

import (
	"math"

	"netql/sources/netlink/uapi"
)

// maxProgram is how many bytes of a program are sent at most: the kernel's audit of a program takes time by the square
// of its length (1.6 ms for 12 KiB, 43 ms for 64 KiB).
const maxProgram = 4 << 10

// program is the filter as the kernel runs it; nil where it accepts everything.
func (f Filter) program() []byte {
	if f.kind == anySocket {
		return nil
	}
	var a assembler
	accept, reject := new(label), new(label)
	a.filter(f, accept, reject, accept)
	a.bind(accept)
	reject.at = accept.at + operation
	return a.program()
}

// limited is the filter, or a wider one whose program is not longer than so many bytes.
func (f Filter) limited(size int) Filter {
	switch {
	case f.size() <= size:
		return f
	case f.kind != allOf:
		return Filter{}
	}
	var parts []Filter
	for _, part := range f.parts {
		part = part.limited(size)
		size -= part.size()
		parts = append(parts, part)
	}
	return And(parts...)
}

// size is how long the filter's program may be.
func (f Filter) size() (size int) {
	const perPort = 2*operation + operation // an operation with a port, and a jump
	switch f.kind {
	case inPorts:
		return 2 * perPort * len(f.ports)
	case inPrefix:
		return operation + len(prefixOperand(f.prefix)) + operation
	}
	for _, part := range f.parts {
		size += part.size()
	}
	return size
}

// filter appends a filter, which goes on at yes where it is true, and else at no. next is bound behind it.
func (a *assembler) filter(f Filter, yes, no, next *label) {
	switch f.kind {
	case inPorts:
		a.ports(f.end, f.ports, yes, no, next)
	case inPrefix:
		if f.outside {
			yes, no = no, yes
		}
		code := [...]uint8{Local: uapi.INET_DIAG_BC_S_COND, Remote: uapi.INET_DIAG_BC_D_COND}[f.end]
		a.test(code, prefixOperand(f.prefix), yes, no, next)
	case allOf, anyOf:
		last := len(f.parts) - 1
		for _, part := range f.parts[:last] {
			after := new(label)
			if f.kind == allOf {
				a.filter(part, after, no, after)
			} else {
				a.filter(part, yes, after, after)
			}
			a.bind(after)
		}
		a.filter(f.parts[last], yes, no, next)
	}
}

// portCodes are the operations that compare the port at an end.
var portCodes = [...]struct{ equal, atLeast, atMost uint8 }{
	Local:  {uapi.INET_DIAG_BC_S_EQ, uapi.INET_DIAG_BC_S_GE, uapi.INET_DIAG_BC_S_LE},
	Remote: {uapi.INET_DIAG_BC_D_EQ, uapi.INET_DIAG_BC_D_GE, uapi.INET_DIAG_BC_D_LE},
}

// ports appends a test for ports. A port below a range is in none of those behind it.
func (a *assembler) ports(end End, set portSet, yes, no, next *label) {
	last := len(set) - 1
	for _, r := range set[:last] {
		after := new(label)
		a.portRange(end, r, yes, no, after, after)
		a.bind(after)
	}
	a.portRange(end, set[last], yes, no, no, next)
}

// portRange appends a test for a range of ports, which goes on at below or above where the port is outside.
func (a *assembler) portRange(end End, r PortRange, yes, below, above, next *label) {
	codes := portCodes[end]
	switch {
	case r.First == r.Last:
		a.test(codes.equal, portOperand(r.First), yes, above, next)
	case r.Last == math.MaxUint16:
		a.test(codes.atLeast, portOperand(r.First), yes, below, next)
	default:
		if r.First > 0 {
			a.operation(codes.atLeast, portOperand(r.First), below)
		}
		a.test(codes.atMost, portOperand(r.Last), yes, above, next)
	}
}
