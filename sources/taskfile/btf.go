package taskfile

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// native is the byte order of the kernel's type information, of programs and of records.
var native = binary.NativeEndian

// errBTF is the error for type information that cannot be read.
var errBTF = errors.New("the kernel's type information (BTF) is not understood")

// btf is the kernel's type information (Documentation/bpf/btf.rst). The types stand one behind another, each with a
// header and a tail whose size depends on its kind. The number of a type is its place in that list, from 1 on. There
// are over a hundred thousand, so that no list of them is made: marks has the place of every markEvery'th.
type btf struct {
	types, strings []byte
	marks          []uint32
}

const markEvery = 256

// btfMagic is the first number of type information, in the machine's byte order.
const btfMagic = 0xeb9f

// btfHeader is the least size of struct btf_header: magic, version and flags, its own size, and then place and size of
// the types and of the strings, counted from the end of the header.
const btfHeader = 24

// btfTypeHeader is the size of struct btf_type: the place of the name, information (below), and a size or the number
// of another type.
const btfTypeHeader = 12

// Kinds of types, BTF_KIND_* of linux/btf.h; those that are looked into.
const (
	kindInt      = 1
	kindPointer  = 2
	kindArray    = 3
	kindStruct   = 4
	kindUnion    = 5
	kindTypedef  = 8
	kindVolatile = 9
	kindConst    = 10
	kindRestrict = 11
	kindFunc     = 12
	kindTypeTag  = 18
)

// btfTails are the sizes of what follows the header of a type, by its kind: a fixed part, and so much for each of its
// elements. A kind that is not listed cannot be skipped.
var btfTails = [...]struct{ fixed, each int }{
	kindInt: {fixed: 4}, kindPointer: {}, kindArray: {fixed: 12}, kindStruct: {each: 12}, kindUnion: {each: 12},
	6: {each: 8}, 7: {}, kindTypedef: {}, kindVolatile: {}, kindConst: {}, kindRestrict: {}, kindFunc: {},
	13: {each: 8}, 14: {fixed: 4}, 15: {each: 12}, 16: {}, 17: {fixed: 4}, kindTypeTag: {}, 19: {each: 12},
}

// A btfType is one type. Its tail is part of the type information.
type btfType struct {
	kind     uint8
	bitSizes bool   // the members of a structure have their sizes in bits with their places (kind_flag)
	other    uint32 // its size in bytes, or the number of the type that it refers to
	tail     []byte
}

// parseBTF finds the parts of type information and the marks of the types. It keeps data.
func parseBTF(data []byte) (*btf, error) {
	if len(data) < btfHeader || native.Uint16(data) != btfMagic {
		return nil, fmt.Errorf("%w: there is no header", errBTF)
	}
	head := uint64(native.Uint32(data[4:]))
	part := func(at int) []byte {
		from := head + uint64(native.Uint32(data[at:]))
		to := from + uint64(native.Uint32(data[at+4:]))
		if from < btfHeader || to > uint64(len(data)) {
			return nil
		}
		return data[from:to:to]
	}
	b := &btf{types: part(8), strings: part(16)}
	if len(b.types) == 0 || len(b.strings) == 0 {
		return nil, fmt.Errorf("%w: it is cut off", errBTF)
	}
	return b, nil
}

// sizeAt is the size of the type at a place of the list, with its tail.
func (b *btf) sizeAt(place int) (int, error) {
	if place+btfTypeHeader > len(b.types) {
		return 0, fmt.Errorf("%w: its types are cut off", errBTF)
	}
	head := b.types[place : place+btfTypeHeader]
	info := native.Uint32(head[4:]) // bits 0-15: elements, 24-28: kind, 31: kind_flag
	kind := info >> 24 & 0x1f
	if kind == 0 || int(kind) >= len(btfTails) {
		return 0, fmt.Errorf("%w: kind %d of types is unknown", errBTF, kind)
	}
	size := btfTypeHeader + btfTails[kind].fixed + int(info&0xffff)*btfTails[kind].each
	if place+size > len(b.types) {
		return 0, fmt.Errorf("%w: its types are cut off", errBTF)
	}
	return size, nil
}

// at reads the type at a place of the list, and gives the place of the next one.
func (b *btf) at(place int) (t btfType, next int, err error) {
	size, err := b.sizeAt(place)
	if err != nil {
		return t, 0, err
	}
	head := b.types[place : place+size]
	info := native.Uint32(head[4:])
	return btfType{
		kind: uint8(info >> 24 & 0x1f), bitSizes: info>>31 != 0, other: native.Uint32(head[8:]),
		tail: head[btfTypeHeader:],
	}, place + size, nil
}

// A btfName is what types are looked up by.
type btfName struct {
	kind uint8
	name string
}

// find gives the numbers of the first types with these names, in the order of the names. It also sets the marks.
func (b *btf) find(names []btfName) ([]uint32, error) {
	wanted := map[uint64]int{} // names by kind and place in the strings
	for i, n := range names {
		at := bytes.Index(b.strings, []byte("\x00"+n.name+"\x00"))
		if at < 0 {
			return nil, fmt.Errorf("the kernel has no type %s", n.name)
		}
		wanted[uint64(n.kind)<<32|uint64(at+1)] = i
	}
	found := make([]uint32, len(names))
	for place, number := 0, uint32(1); place < len(b.types); number++ {
		if number%markEvery == 0 {
			b.marks = append(b.marks, uint32(place))
		}
		size, err := b.sizeAt(place)
		if err != nil {
			return nil, err
		}
		head := b.types[place:]
		if kind := native.Uint32(head[4:]) >> 24 & 0x1f; kind == kindStruct || kind == kindFunc {
			i, ok := wanted[uint64(kind)<<32|uint64(native.Uint32(head))]
			if ok && found[i] == 0 {
				found[i] = number
			}
		}
		place += size
	}
	if i := slices.Index(found, 0); i >= 0 {
		return nil, fmt.Errorf("the kernel has no type %s", names[i].name)
	}
	return found, nil
}

// typeOf gives the type of a number.
func (b *btf) typeOf(number uint32) (t btfType, err error) {
	if number == 0 {
		return t, fmt.Errorf("%w: void has no size", errBTF)
	}
	at, place := uint32(1), 0
	if mark := int(number / markEvery); mark > 0 {
		if mark > len(b.marks) {
			return t, fmt.Errorf("%w: it has no type %d", errBTF, number)
		}
		at, place = uint32(mark)*markEvery, int(b.marks[mark-1])
	}
	for ; err == nil; at++ {
		if t, place, err = b.at(place); at == number {
			break
		}
	}
	return t, err
}

// text is the string at a place.
func (b *btf) text(place uint32) string {
	if uint64(place) >= uint64(len(b.strings)) {
		return ""
	}
	text, _, _ := bytes.Cut(b.strings[place:], []byte{0})
	return string(text)
}
