package taskfile

import (
	"fmt"
	"slices"
)

// A field is a member of a structure: its place and its size in bytes.
type field struct {
	offset int16
	size   int
}

// A layout is what the program must know of a kernel.
type layout struct {
	target uint32 // the number of the function that the program is attached to

	fileInode   field // struct file, f_inode
	inodeSuper  field // struct inode, i_sb
	inodeNumber field // struct inode, i_ino
	superMagic  field // struct super_block, s_magic
	taskProcess field // struct task_struct, tgid: the number of the process
	taskThread  field // struct task_struct, pid: the number of the thread
	taskLeader  field // struct task_struct, group_leader: the first thread, which may have exited
	taskName    field // struct task_struct, comm
	seqOfMeta   field // struct bpf_iter_meta, seq
}

// targetName is the function that the iterator over the files of all tasks calls for each (kernel/bpf/task_iter.c).
const targetName = "bpf_iter_task_file"

// nameSize is TASK_COMM_LEN of linux/sched.h: the size of a name, with the NUL behind it.
const nameSize = 16

// members are what is looked up: the sizes are those that the program can read.
func (l *layout) members() []member {
	pointer, long := []int{8}, []int{4, 8}
	return []member{
		{"file", "f_inode", pointer, &l.fileInode},
		{"inode", "i_sb", pointer, &l.inodeSuper},
		{"inode", "i_ino", long, &l.inodeNumber},
		{"super_block", "s_magic", long, &l.superMagic},
		{"task_struct", "tgid", []int{4}, &l.taskProcess},
		{"task_struct", "pid", []int{4}, &l.taskThread},
		{"task_struct", "group_leader", pointer, &l.taskLeader},
		{"task_struct", "comm", []int{nameSize}, &l.taskName},
		{"bpf_iter_meta", "seq", pointer, &l.seqOfMeta},
	}
}

type member struct {
	structure, name string
	sizes           []int
	to              *field
}

// readLayout finds the layout in type information.
func readLayout(data []byte) (l layout, err error) {
	b, err := parseBTF(data)
	if err != nil {
		return l, err
	}
	names, members := []btfName{{kindFunc, targetName}}, l.members()
	for _, m := range members {
		if structure := (btfName{kindStruct, m.structure}); !slices.Contains(names, structure) {
			names = append(names, structure)
		}
	}
	numbers, err := b.find(names)
	if err != nil {
		return l, err
	}
	l.target = numbers[0]
	for _, m := range members {
		structure := numbers[slices.Index(names, btfName{kindStruct, m.structure})]
		if *m.to, err = b.field(structure, m.name); err != nil {
			return l, fmt.Errorf("struct %s: %w", m.structure, err)
		}
		if !slices.Contains(m.sizes, m.to.size) {
			return l, fmt.Errorf("struct %s: %s has %d bytes", m.structure, m.name, m.to.size)
		}
	}
	return l, nil
}

// field finds a member of the structure of a number.
func (b *btf) field(structure uint32, name string) (field, error) {
	bits, kind, err := b.member(structure, name, 0)
	if err != nil {
		return field{}, err
	}
	size, err := b.size(kind, 0)
	if offset := bits / 8; err == nil && bits%8 == 0 && offset == uint64(int16(offset)) {
		return field{int16(offset), size}, nil
	}
	return field{}, fmt.Errorf("%s is out of reach, at bit %d: %w", name, bits, err)
}

// deepest is how many structures may lie within each other, and how many names a type may have.
const deepest = 16

// member finds a member, also within members without a name: its place in bits and the number of its type. Most kernels
// have all members that we read at the top; a kernel with a random layout (CONFIG_RANDSTRUCT) has them in such a part.
func (b *btf) member(structure uint32, name string, depth int) (bits uint64, kind uint32, err error) {
	t, err := b.typeOf(structure)
	if err != nil || depth > deepest || t.kind != kindStruct && t.kind != kindUnion {
		return 0, 0, fmt.Errorf("there is no %s: %w", name, err)
	}
	for tail := t.tail; len(tail) >= 12; tail = tail[12:] { // struct btf_member: name, type, place in bits
		at, kind := uint64(native.Uint32(tail[8:])), native.Uint32(tail[4:])
		if t.bitSizes && at>>24 != 0 { // a bit field
			continue
		}
		switch b.text(native.Uint32(tail)) {
		case name:
			return at, kind, nil
		case "":
			if within, kind, err := b.member(kind, name, depth+1); err == nil {
				return at + within, kind, nil
			}
		}
	}
	return 0, 0, fmt.Errorf("there is no %s", name)
}

// size is the size in bytes of a type.
func (b *btf) size(number uint32, depth int) (int, error) {
	t, err := b.typeOf(number)
	if err != nil {
		return 0, err
	}
	switch t.kind {
	case kindInt, kindStruct, kindUnion:
		return int(t.other), nil
	case kindPointer:
		return 8, nil
	case kindArray: // struct btf_array: type of an element, type of the index, number of elements
		if depth > deepest {
			break
		}
		size, err := b.size(native.Uint32(t.tail), depth+1)
		return size * int(native.Uint32(t.tail[8:])), err
	case kindTypedef, kindVolatile, kindConst, kindRestrict, kindTypeTag:
		if depth <= deepest {
			return b.size(t.other, depth+1)
		}
	}
	return 0, fmt.Errorf("%w: a type of kind %d has no size", errBTF, t.kind)
}
