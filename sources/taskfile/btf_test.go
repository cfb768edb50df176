package taskfile

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A typeList makes type information.
type typeList struct {
	types, strings []byte
	count          uint32
}

// add appends a type and gives its number. The tail is numbers of 4 bytes.
func (l *typeList) add(kind, elements uint32, flag bool, name string, other uint32, tail ...uint32) uint32 {
	info := kind<<24 | elements
	if flag {
		info |= 1 << 31
	}
	for _, n := range append([]uint32{l.text(name), info, other}, tail...) {
		l.types = native.AppendUint32(l.types, n)
	}
	l.count++
	return l.count
}

// text is the place of a string, which is added if it is new; 0 for none.
func (l *typeList) text(text string) uint32 {
	if len(l.strings) == 0 {
		l.strings = []byte{0}
	}
	if text == "" {
		return 0
	}
	if at := bytes.Index(l.strings, []byte("\x00"+text+"\x00")); at >= 0 {
		return uint32(at + 1)
	}
	place := uint32(len(l.strings))
	l.strings = append(append(l.strings, text...), 0)
	return place
}

// structure adds a structure of members: each a name, a type and a place in bits.
func (l *typeList) structure(name string, flag bool, members ...any) uint32 {
	var tail []uint32
	for i := 0; i < len(members); i += 3 {
		tail = append(tail, l.text(members[i].(string)), members[i+1].(uint32), uint32(members[i+2].(int)))
	}
	return l.add(kindStruct, uint32(len(members)/3), flag, name, 100, tail...)
}

func (l *typeList) bytes() []byte {
	head := native.AppendUint16(nil, btfMagic)
	head = append(head, 1, 0)
	for _, n := range []uint32{btfHeader, 0, uint32(len(l.types)), uint32(len(l.types)), uint32(len(l.strings))} {
		head = native.AppendUint32(head, n)
	}
	return append(append(head, l.types...), l.strings...)
}

// smallKernel is the type information of a kernel that has nothing else: some members lie in parts without a name, and
// types have names of their own.
func smallKernel(change func(*typeList)) []byte {
	l := &typeList{}
	long := l.add(kindInt, 0, false, "long", 8, 64)
	char := l.add(kindInt, 0, false, "char", 1, 8)
	integer := l.add(kindInt, 0, false, "int", 4, 32)
	number := l.add(kindTypedef, 0, false, "pid_t", l.add(kindConst, 0, false, "", integer))
	pointer := l.add(kindPointer, 0, false, "", 0)
	comm := l.add(kindArray, 0, false, "", 0, char, long, nameSize)
	l.structure("file", false, "f_op", pointer, 0, "f_inode", pointer, 32*8)
	l.structure("inode", true, "i_flag", integer, 3<<24|8, "i_sb", pointer, 40*8, "i_ino", long, 64*8)
	l.structure("super_block", false, "s_magic", long, 96*8)
	inner := l.structure("", false, "comm", comm, 8*8, "tgid", number, 4*8, "pid", number, 0)
	l.structure("task_struct", false, "", inner, 1000*8, "group_leader", pointer, 900*8)
	l.structure("bpf_iter_meta", false, "seq", pointer, 0)
	for range 3 * markEvery {
		l.add(kindPointer, 0, false, "", integer)
	}
	l.add(kindTypedef, 0, false, targetName, integer) // the same name, but no function
	l.add(kindFunc, 0, false, targetName, pointer)
	if change != nil {
		change(l)
	}
	return l.bytes()
}

func TestLayout(t *testing.T) {
	got, err := readLayout(smallKernel(nil))
	want := layout{
		target:    12 + 1 + 3*markEvery + 2,
		fileInode: field{32, 8}, inodeSuper: field{40, 8}, inodeNumber: field{64, 8}, superMagic: field{96, 8},
		taskProcess: field{1004, 4}, taskThread: field{1000, 4}, taskLeader: field{900, 8},
		taskName: field{1008, nameSize}, seqOfMeta: field{0, 8},
	}
	if err != nil || got != want {
		t.Errorf("%+v, %v\nwant %+v", got, err, want)
	}
}

// TestStrangeKernels: whatever is not understood is an error, and no wrong layout.
func TestStrangeKernels(t *testing.T) {
	whole := smallKernel(nil)
	for size := range whole {
		if _, err := readLayout(whole[:size]); err == nil {
			t.Fatalf("cut off after %d of %d bytes: no error", size, len(whole))
		}
	}
	other := func(old, new string) []byte { return []byte(strings.Replace(string(whole), old, new, 1)) }
	unknown := smallKernel(func(l *typeList) { l.add(20, 0, false, "", 0) })
	for text, data := range map[string][]byte{
		"type file": other("\x00file\x00", "\x00fine\x00"), "f_inode": other("f_inode", "f_iNode"),
		"comm": other("\x00comm\x00", "\x00cOmm\x00"), "type bpf_iter_task_file": other(targetName, "x"+targetName[1:]),
		"kind 20": unknown, "header": other("\x9f\xeb", "\xeb\x9f"),
	} {
		if _, err := readLayout(data); err == nil || !strings.Contains(err.Error(), text) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// TestBTFFiles: without type information, or with half of it, there is no layout.
func TestBTFFiles(t *testing.T) {
	dir := t.TempDir()
	if _, err := layoutOf(filepath.Join(dir, "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	for name, test := range map[string]struct {
		data  []byte
		fails bool
	}{
		"whole": {smallKernel(nil), false}, "half": {smallKernel(nil)[:500], true}, "empty": {nil, true},
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, test.data, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := layoutOf(path); (err != nil) != test.fails {
			t.Errorf("%s: %v", name, err)
		}
	}
}
