// Package inetdiagtest runs programs of INET_DIAG_REQ_BYTECODE as the kernel does (net/ipv4/inet_diag.c), in tests.
package inetdiagtest

import (
	"encoding/binary"
	"fmt"
	"net/netip"

	"golang.org/x/sys/unix"

	"netql/sources/netlink/uapi"
)

var native = binary.NativeEndian

// size is that of struct inet_diag_bc_op.
const size = 4

// isTest says for each operation whether it is a comparison of ports, or of addresses.
var isTest = map[uint8]struct{ ports, addresses bool }{
	uapi.INET_DIAG_BC_JMP:  {},
	uapi.INET_DIAG_BC_S_GE: {ports: true}, uapi.INET_DIAG_BC_S_LE: {ports: true}, uapi.INET_DIAG_BC_S_EQ: {ports: true},
	uapi.INET_DIAG_BC_D_GE: {ports: true}, uapi.INET_DIAG_BC_D_LE: {ports: true}, uapi.INET_DIAG_BC_D_EQ: {ports: true},
	uapi.INET_DIAG_BC_S_COND: {addresses: true}, uapi.INET_DIAG_BC_D_COND: {addresses: true},
}

// Audit is inet_diag_bc_audit: an error where the kernel refuses the program.
func Audit(program []byte) error {
	if len(program) < size {
		return fmt.Errorf("a program of %d bytes", len(program))
	}
	at := 0
	for at < len(program) {
		rest := len(program) - at
		if rest < size {
			return fmt.Errorf("%d bytes at the end", rest)
		}
		least, err := leastLength(program[at:])
		if err != nil {
			return fmt.Errorf("at %d: %w", at, err)
		}
		yes, no := int(program[at+1]), int(native.Uint16(program[at+2:]))
		if no < least || no > rest+size || no%size != 0 || no < rest && !lands(program, at+no) {
			return fmt.Errorf("at %d: it jumps %d of %d bytes", at, no, rest)
		}
		if yes < least || yes > rest+size || yes%size != 0 {
			return fmt.Errorf("at %d: it goes on %d of %d bytes", at, yes, rest)
		}
		at += yes
	}
	if at != len(program) {
		return fmt.Errorf("it ends at %d of %d bytes", at, len(program))
	}
	return nil
}

// leastLength is how long the first operation of b and its operand are.
func leastLength(b []byte) (int, error) {
	test, known := isTest[b[0]]
	least := size
	switch {
	case !known:
		return 0, fmt.Errorf("no operation %d", b[0])
	case test.ports:
		least += size
	case test.addresses:
		least += 8
		if len(b) < least {
			return 0, fmt.Errorf("a condition of %d bytes", len(b))
		}
		bits := map[uint8]int{unix.AF_UNSPEC: 0, unix.AF_INET: 32, unix.AF_INET6: 128}
		width, known := bits[b[size]]
		if least += width / 8; !known || int(b[size+1]) > width {
			return 0, fmt.Errorf("family %d, prefix length %d", b[size], b[size+1])
		}
	}
	if len(b) < least {
		return 0, fmt.Errorf("an operation of %d bytes, not %d", len(b), least)
	}
	return least, nil
}

// lands is valid_cc: whether an operation begins at a place.
func lands(program []byte, place int) bool {
	at := 0
	for at < place {
		yes := int(program[at+1])
		if yes < size || yes%size != 0 {
			return false
		}
		at += yes
	}
	return at == place
}

// Accepts is inet_diag_bc_run: whether the program accepts a socket of a family with these ends, whose addresses are
// the kernel's own: v4-mapped ones stay so. It passes the audit.
func Accepts(program []byte, family uint8, local, remote netip.AddrPort) bool {
	at := 0
	for at < len(program) {
		distance := int(program[at+1])
		if !holds(program[at:], family, local, remote) {
			distance = int(native.Uint16(program[at+2:]))
		}
		at += distance
	}
	return at == len(program)
}

func holds(b []byte, family uint8, local, remote netip.AddrPort) bool {
	switch b[0] {
	case uapi.INET_DIAG_BC_S_GE:
		return local.Port() >= native.Uint16(b[6:])
	case uapi.INET_DIAG_BC_S_LE:
		return local.Port() <= native.Uint16(b[6:])
	case uapi.INET_DIAG_BC_S_EQ:
		return local.Port() == native.Uint16(b[6:])
	case uapi.INET_DIAG_BC_D_GE:
		return remote.Port() >= native.Uint16(b[6:])
	case uapi.INET_DIAG_BC_D_LE:
		return remote.Port() <= native.Uint16(b[6:])
	case uapi.INET_DIAG_BC_D_EQ:
		return remote.Port() == native.Uint16(b[6:])
	case uapi.INET_DIAG_BC_S_COND:
		return matches(b[size:], family, local)
	case uapi.INET_DIAG_BC_D_COND:
		return matches(b[size:], family, remote)
	}
	return false // INET_DIAG_BC_JMP
}

// matches tests struct inet_diag_hostcond.
func matches(condition []byte, family uint8, end netip.AddrPort) bool {
	wanted, bits := condition[0], int(condition[1])
	if port := int32(native.Uint32(condition[4:])); port != -1 && port != int32(end.Port()) {
		return false
	}
	addr := end.Addr().AsSlice()
	if wanted != unix.AF_UNSPEC && wanted != family {
		return family == unix.AF_INET6 && wanted == unix.AF_INET && end.Addr().Is4In6() &&
			sameBits(addr[12:], condition[8:], bits)
	}
	return sameBits(addr, condition[8:], bits)
}

// sameBits is bitstring_match.
func sameBits(a, b []byte, bits int) bool {
	for i := range bits {
		if mask := byte(0x80 >> (i % 8)); (a[i/8]^b[i/8])&mask != 0 {
			return false
		}
	}
	return true
}
