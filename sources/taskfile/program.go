package taskfile

import "golang.org/x/sys/unix"

// An instruction is struct bpf_insn of linux/bpf.h: an operation, two registers, a distance and a constant.
type instruction struct {
	code     uint8
	dst, src register
	offset   int16
	constant int32
}

// A register of the BPF machine. A call takes its arguments in r1 to r5, gives its result in r0, and leaves r6 to r9
// alone. At the begin r1 is the context; r10 is the end of the stack.
type register uint8

const (
	r0 register = iota
	r1
	r2
	r3
	_
	_
	r6
	r7
	r8
	_
	r10
)

// Operations that x/sys has no name for, from linux/bpf.h and linux/bpf_common.h.
const (
	bpfDoubleWord  = 0x18 // BPF_DW
	bpfSeqWrite    = 127  // BPF_FUNC_seq_write
	contextMeta    = 0    // struct bpf_iter__task_file: a context has its members 8 bytes apart
	contextTask    = 8
	contextFD      = 16
	contextFile    = 24
	recordOnStack  = -recordSize
	instructionLen = 8
)

// load reads a number of 4 or 8 bytes from the memory that a register points to. What the kernel's verifier knows to be
// a pointer to a structure may be read through even where it is invalid, and gives 0 then.
func load(dst, src register, f field) instruction {
	return instruction{unix.BPF_LDX | unix.BPF_MEM | width(f.size), dst, src, f.offset, 0}
}

// store writes the lower bytes of a register to a place of the record.
func store(place int16, size int, src register) instruction {
	return instruction{unix.BPF_STX | unix.BPF_MEM | width(size), r10, src, recordOnStack + place, 0}
}

func width(size int) uint8 {
	if size == 4 {
		return unix.BPF_W
	}
	return bpfDoubleWord
}

// move sets a register to a constant.
func move(dst register, constant int32) instruction {
	return instruction{unix.BPF_ALU64 | unix.BPF_MOV | unix.BPF_K, dst, 0, 0, constant}
}

// skipIf goes to the end of the program, without a record, if a register is equal (BPF_JEQ) or not equal (BPF_JNE) to a
// constant. The distance is filled in by assemble.
func skipIf(operation uint8, register register, constant int32) instruction {
	return instruction{unix.BPF_JMP | operation | unix.BPF_K, register, 0, 0, constant}
}

// program writes a record for the context's file if that is a socket. Once, behind the last file, the kernel calls it
// without one.
func program(l layout) []byte {
	second := l.taskName
	second.offset += 8
	body := []instruction{
		{unix.BPF_ALU64 | unix.BPF_MOV | unix.BPF_X, r6, r1, 0, 0},
		load(r7, r6, field{contextFile, 8}),
		skipIf(unix.BPF_JEQ, r7, 0),
		load(r7, r7, l.fileInode),
		load(r1, r7, l.inodeSuper),
		load(r1, r1, l.superMagic),
		skipIf(unix.BPF_JNE, r1, unix.SOCKFS_MAGIC),

		load(r8, r6, field{contextTask, 8}),
		skipIf(unix.BPF_JEQ, r8, 0),
		load(r1, r7, l.inodeNumber),
		store(recordInode, 8, r1),
		load(r1, r8, l.taskProcess),
		store(recordProcess, 4, r1),
		load(r1, r8, l.taskThread),
		store(recordThread, 4, r1),
		load(r1, r6, field{contextFD, 4}),
		store(recordFD, 8, r1), // with the unused bytes behind it
		load(r8, r8, l.taskLeader),
		load(r1, r8, half(l.taskName)),
		store(recordName, 8, r1),
		load(r1, r8, half(second)),
		store(recordName+8, 8, r1),

		load(r1, r6, field{contextMeta, 8}),
		load(r1, r1, l.seqOfMeta),
		{unix.BPF_ALU64 | unix.BPF_MOV | unix.BPF_X, r2, r10, 0, 0},
		{unix.BPF_ALU64 | unix.BPF_ADD | unix.BPF_K, r2, 0, 0, recordOnStack},
		move(r3, recordSize),
		{unix.BPF_JMP | unix.BPF_CALL, 0, 0, 0, bpfSeqWrite},
	}
	return assemble(body, move(r0, 0), instruction{code: unix.BPF_JMP | unix.BPF_EXIT})
}

// half is the first 8 bytes of a field.
func half(f field) field { return field{f.offset, 8} }

// assemble encodes instructions. Every jump in the body leads to the end.
func assemble(body []instruction, end ...instruction) (code []byte) {
	for i, in := range append(body, end...) {
		if in.code&7 == unix.BPF_JMP && i < len(body) && in.code&0xf0 != unix.BPF_CALL {
			in.offset = int16(len(body) - i - 1)
		}
		code = in.append(code)
	}
	return code
}

// append encodes an instruction. The two registers share a byte, as bit fields of C do.
func (in instruction) append(code []byte) []byte {
	registers := uint8(in.dst) | uint8(in.src)<<4
	if native.Uint16([]byte{0, 1}) == 1 { // big-endian
		registers = uint8(in.dst)<<4 | uint8(in.src)
	}
	code = append(code, in.code, registers)
	code = native.AppendUint16(code, uint16(in.offset))
	return native.AppendUint32(code, uint32(in.constant))
}
