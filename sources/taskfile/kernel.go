package taskfile

import (
	"errors"
	"fmt"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// An iterator is a file that gives records. It belongs to one goroutine.
type iterator struct{ fd int }

func (i iterator) close() { unix.Close(i.fd) }

// progLoad is union bpf_attr of linux/bpf.h for BPF_PROG_LOAD.
type progLoad struct {
	progType           uint32
	instructionCount   uint32
	instructions       uint64
	license            uint64
	_                  [6]uint32 // the verifier's log, the version of the kernel, flags
	name               [16]byte
	_                  uint32
	expectedAttachType uint32
	_                  [9]uint32 // debug information
	attachBTFID        uint32
	_                  [2]uint32
}

// linkCreate is union bpf_attr for BPF_LINK_CREATE.
type linkCreate struct {
	program    uint32
	_          uint32 // a target, of which an iterator has none
	attachType uint32
	_          uint32 // flags
}

// iterCreate is union bpf_attr for BPF_ITER_CREATE.
type iterCreate struct {
	link uint32
	_    uint32 // flags
}

// license lets the program call bpf_seq_write, which the kernel keeps for programs under the GPL.
const license = "GPL\x00"

// name is what bpftool shows while the program is loaded.
const name = "netql_sockets"

// open loads the program for a layout and opens an iterator. What the iterator needs, the kernel keeps.
func open(l layout) (iterator, error) {
	program, err := loadProgram(program(l), l.target)
	if err != nil {
		return iterator{}, fmt.Errorf("load a BPF program: %w", err)
	}
	defer unix.Close(program)
	link, err := bpf(unix.BPF_LINK_CREATE, linkCreate{program: uint32(program), attachType: unix.BPF_TRACE_ITER})
	if err != nil {
		return iterator{}, fmt.Errorf("attach a BPF program: %w", err)
	}
	defer unix.Close(link)
	fd, err := bpf(unix.BPF_ITER_CREATE, iterCreate{link: uint32(link)})
	if err != nil {
		return iterator{}, fmt.Errorf("open a BPF iterator: %w", err)
	}
	return iterator{fd}, nil
}

// attempts is how often the verifier is asked again when a signal, such as those of Go's scheduler, interrupts it.
const attempts = 10

func loadProgram(code []byte, target uint32) (fd int, err error) {
	var pinned runtime.Pinner
	defer pinned.Unpin()
	attr := progLoad{
		progType: unix.BPF_PROG_TYPE_TRACING, instructionCount: uint32(len(code) / instructionLen),
		instructions: address(&pinned, code), license: address(&pinned, []byte(license)),
		expectedAttachType: unix.BPF_TRACE_ITER, attachBTFID: target,
	}
	copy(attr.name[:], name)
	for range attempts {
		if fd, err = bpf(unix.BPF_PROG_LOAD, attr); !errors.Is(err, unix.EAGAIN) {
			break
		}
	}
	return fd, err
}

// address is that of bytes, which stay where they are until they are unpinned.
func address(pinned *runtime.Pinner, b []byte) uint64 {
	pinned.Pin(&b[0])
	return uint64(uintptr(unsafe.Pointer(&b[0])))
}

// bpf calls bpf(2), with a command and its part of union bpf_attr, and gives a file descriptor.
func bpf[T progLoad | linkCreate | iterCreate](command uintptr, attr T) (fd int, err error) {
	r, _, errno := unix.Syscall(unix.SYS_BPF, command, uintptr(unsafe.Pointer(&attr)), unsafe.Sizeof(attr))
	if errno != 0 {
		return -1, errno
	}
	return int(r), nil
}

// read reads some records. 0 says that there are no more.
func (i iterator) read(buffer []byte) (n int, err error) {
	for {
		n, err = unix.Read(i.fd, buffer)
		// The kernel gives up after a million files that the program did not write about (MAX_ITER_OBJECTS of
		// kernel/bpf/bpf_iter.c), and goes on when it is asked again.
		if err != unix.EINTR && err != unix.EAGAIN {
			return n, err
		}
	}
}
