// Package capturetest makes captures that nobody recorded, behind right checksums, which a fuzzer cannot guess. It
// knows the file format by itself (sources/capture/format.go describes it).
package capturetest

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"slices"
)

// A file begins with eight bytes and a version in four; a section with its kind and three zeros, the size of its data,
// the size of what follows, and a checksum.
const (
	fileHeader    = 12
	sectionHeader = 16
	manifest, end = 'M', 'E' // the kinds of the sections that are not packed
)

// A File is a capture, taken apart.
type File struct {
	head     []byte
	sections []section
}

// A section is one of a file. Its bytes are not written to.
type section struct {
	kind   byte
	data   []byte
	packed []byte // nil if the data has changed
}

// Split takes a capture apart.
func Split(capture []byte) (*File, error) {
	sections, err := split(capture)
	return &File{capture[:fileHeader], sections}, err
}

// Mutated is the capture with changes in a few places that chance decides: bytes of what its sections hold, or their
// order. The sizes and checksums are right again.
func (f *File) Mutated(r *rand.Rand) ([]byte, error) {
	sections := slices.Clone(f.sections)
	for range 1 + r.IntN(4) {
		sections = mutateOne(r, sections)
	}
	return join(f.head, sections)
}

func split(capture []byte) (sections []section, err error) {
	for rest := capture[fileHeader:]; len(rest) > 0; {
		if len(rest) < sectionHeader {
			return nil, io.ErrUnexpectedEOF
		}
		size := binary.LittleEndian.Uint32(rest[8:])
		s := section{kind: rest[0], packed: rest[sectionHeader:][:size]}
		s.data = s.packed
		if s.kind != manifest && s.kind != end {
			if s.data, err = io.ReadAll(flate.NewReader(bytes.NewReader(s.packed))); err != nil {
				return nil, fmt.Errorf("section %c: %w", s.kind, err)
			}
		}
		sections, rest = append(sections, s), rest[sectionHeader+size:]
	}
	return sections, nil
}

func join(head []byte, sections []section) ([]byte, error) {
	file := bytes.Clone(head)
	for i, s := range sections {
		packed, err := s.packed, error(nil)
		switch {
		case s.kind == end: // says how many sections stand before it
			packed = binary.AppendUvarint(nil, uint64(i))
			s.data = packed
		case packed == nil:
			packed, err = pack(s.data)
		}
		if err != nil {
			return nil, err
		}
		header := binary.LittleEndian.AppendUint32([]byte{s.kind, 0, 0, 0}, uint32(len(s.data)))
		header = binary.LittleEndian.AppendUint32(header, uint32(len(packed)))
		table := crc32.MakeTable(crc32.Castagnoli)
		header = binary.LittleEndian.AppendUint32(header, crc32.Update(crc32.Checksum(header, table), table, packed))
		file = append(append(file, header...), packed...)
	}
	return file, nil
}

func pack(data []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestSpeed)
	if err != nil {
		return nil, err
	}
	_, err = w.Write(data)
	return b.Bytes(), errors.Join(err, w.Close())
}

// mutateOne changes one thing. The first section and the last one keep their places: without them all is refused.
func mutateOne(r *rand.Rand, sections []section) []section {
	if len(sections) < 4 {
		return sections
	}
	place := func() int { return 1 + r.IntN(len(sections)-2) }
	i, j := place(), place()
	switch r.IntN(12) {
	case 0:
		return slices.Delete(sections, i, i+1)
	case 1:
		return slices.Insert(sections, i, sections[j])
	case 2:
		sections[i], sections[j] = sections[j], sections[i]
	case 3:
		sections[i].kind = sections[j].kind
	default:
		sections[i].data, sections[i].packed = mutateBytes(r, bytes.Clone(sections[i].data), sections[j].data), nil
	}
	return sections
}

// mutateBytes changes bytes of one section, or copies some of another one.
func mutateBytes(r *rand.Rand, data, other []byte) []byte {
	if len(data) == 0 || len(other) == 0 {
		return data
	}
	at := r.IntN(len(data))
	length := min(1+r.IntN(1<<r.IntN(10)), len(data)-at)
	switch r.IntN(7) {
	case 0:
		data[at] ^= 1 << r.IntN(8)
	case 1:
		data[at] = []byte{0, 1, 0x7f, 0x80, 0xff, byte(r.Uint32())}[r.IntN(6)]
	case 2:
		return slices.Delete(data, at, at+length)
	case 3:
		return slices.Insert(data, at, bytes.Clone(data[at:at+length])...)
	case 4:
		for k := range length {
			data[at+k] = byte(r.Uint32())
		}
	case 5:
		from := r.IntN(len(other))
		return slices.Insert(data, at, bytes.Clone(other[from:min(from+length, len(other))])...)
	case 6: // a number of the kernel's: 16 or 32 bits
		if len(data) >= at+4 {
			binary.NativeEndian.PutUint32(data[at:], []uint32{0, 1, 1<<16 - 1, 1 << 31, 1<<32 - 1}[r.IntN(5)])
		}
	}
	return data
}
