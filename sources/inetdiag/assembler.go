package inetdiag

import (
	"encoding/binary"
	"net/netip"

	"golang.org/x/sys/unix"

	"netql/sources/netlink/uapi"
)

// An assembler writes a program of INET_DIAG_REQ_BYTECODE (linux/inet_diag.h), which the kernel runs for each socket.
// An operation is struct inet_diag_bc_op and its operand. Where its test is true the program goes on behind it, else
// at a jump's target, which is always further on (inet_diag_bc_audit in net/ipv4/inet_diag.c). A program that ends
// exactly at its end accepts the socket, and one that jumps four bytes further rejects it.
type assembler struct {
	code  []byte
	jumps []jump
}

// operation is the size of struct inet_diag_bc_op: the code, the distance to the next operation, and the jump's.
const operation = 4

// A label is a place in a program.
type label struct{ at int }

// A jump is the operation at a place, which goes on at a label where its test is false.
type jump struct {
	at int
	to *label
}

// bind puts a label here.
func (a *assembler) bind(l *label) { l.at = len(a.code) }

// operation appends an operation that jumps to a label where its test is false.
func (a *assembler) operation(code uint8, operand []byte, no *label) {
	a.jumps = append(a.jumps, jump{len(a.code), no})
	a.code = append(a.code, code, uint8(operation+len(operand)), 0, 0)
	a.code = append(a.code, operand...)
}

// test appends an operation that goes on at yes where its test is true, and else at no. next is bound behind it.
func (a *assembler) test(code uint8, operand []byte, yes, no, next *label) {
	a.operation(code, operand, no)
	if yes != next {
		a.operation(uapi.INET_DIAG_BC_JMP, nil, yes)
	}
}

// program is what was assembled, with the distances of its jumps.
func (a *assembler) program() []byte {
	for _, j := range a.jumps {
		native.PutUint16(a.code[j.at+2:], uint16(j.to.at-j.at))
	}
	return a.code
}

// portOperand is a second struct inet_diag_bc_op, whose jump is the port, in the machine's byte order.
func portOperand(port uint16) []byte { return native.AppendUint16([]byte{0, 0}, port) }

// prefixOperand is struct inet_diag_hostcond for any port, which is -1.
func prefixOperand(prefix netip.Prefix) []byte {
	family := uint8(unix.AF_INET6)
	if prefix.Addr().Is4() {
		family = unix.AF_INET
	}
	operand := []byte{family, uint8(prefix.Bits()), 0, 0}
	operand = binary.NativeEndian.AppendUint32(operand, 1<<32-1)
	return append(operand, prefix.Addr().AsSlice()...)
}
