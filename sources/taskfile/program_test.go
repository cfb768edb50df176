package taskfile

import (
	"testing"

	"golang.org/x/sys/unix"
)

// TestProgram: every jump leads behind a record's end, to the instructions that end the program; what is written is a
// whole record, within the stack.
func TestProgram(t *testing.T) {
	l, err := readLayout(smallKernel(nil))
	if err != nil {
		t.Fatal(err)
	}
	code := program(l)
	count := len(code) / instructionLen
	jumps, written := 0, map[int]bool{}
	for i := range count {
		in := code[i*instructionLen:]
		offset := int(int16(native.Uint16(in[2:])))
		switch in[0] {
		case unix.BPF_JMP | unix.BPF_JEQ, unix.BPF_JMP | unix.BPF_JNE:
			if jumps++; i+1+offset != count-2 {
				t.Errorf("instruction %d jumps to %d of %d", i, i+1+offset, count)
			}
		case unix.BPF_STX | unix.BPF_MEM | bpfDoubleWord, unix.BPF_STX | unix.BPF_MEM | unix.BPF_W:
			size := 4
			if in[0]&bpfDoubleWord != 0 {
				size = 8
			}
			for at := range size {
				written[offset+recordSize+at] = true
			}
		}
	}
	for at := range recordSize {
		if !written[at] {
			t.Errorf("byte %d of the record is not written", at)
		}
	}
	if jumps != 3 || len(written) != recordSize {
		t.Errorf("%d jumps, %d bytes written", jumps, len(written))
	}
}

// TestRefused: a program that the kernel refuses is an error, and leaves no file open.
func TestRefused(t *testing.T) {
	l, err := readLayout(smallKernel(nil)) // of which no kernel has the target's number for a function like it
	if err != nil {
		t.Fatal(err)
	}
	next := func() int {
		fd, err := unix.Open("/dev/null", unix.O_RDONLY|unix.O_CLOEXEC, 0)
		if err != nil {
			t.Fatal(err)
		}
		unix.Close(fd)
		return fd
	}
	before := next()
	if _, err := open(l); err == nil {
		t.Error("the kernel took a program for another kernel")
	}
	if after := next(); after != before {
		t.Errorf("the next file is %d, %d before", after, before)
	}
}
