package capture

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"slices"
)

// A capture file is the magic, the version of the format in four bytes, and sections. Numbers outside of sections are
// little-endian; inside they are varints (codec.go), and messages are as the kernel sent them.
//
// A section is a header of 16 bytes (its kind and three zeros, the size of its data, the size of what follows in the
// file, a checksum of these and of what follows) and the data, packed by flate. The manifest is not packed, so that
// anyone can look at it. The order is: the manifest, files, owners, what drivers say, answers (each a head and its
// messages), the end.

// magic begins a capture. Like PNG's it is damaged by a transfer that changes line ends or cuts the eighth bit.
const magic = "\x89NQL\r\n\x1a\n"

// formatVersion is the version that is written, and the newest that is read. Older ones are read, too. Version 2 has
// absolute paths of any bytes where version 1 has those of io/fs, which are UTF-8 and have no slash in front. Version
// 3 has the sizes of files.
const formatVersion = 3

// The kinds of sections.
const (
	sectionManifest = 'M'
	sectionFiles    = 'F'
	sectionOwners   = 'O'
	sectionDevices  = 'N'
	sectionAnswer   = 'A' // all of an answer but its messages
	sectionMessages = 'D' // of the answer before
	sectionEnd      = 'E' // how many sections stand before it
)

const sectionHeader = 16

// checksum is the CRC-32C of a section's header, without the checksum itself, and of what follows the header.
func checksum(head, packed []byte) uint32 {
	table := crc32.MakeTable(crc32.Castagnoli) // which is made once
	return crc32.Update(crc32.Checksum(head, table), table, packed)
}

// A section is a section of the file.
type section struct {
	kind byte
	block
}

// sections makes the sections of the facts. They are not packed yet.
func (f *facts) sections() []*section {
	list := f.fileSections()
	if f.owners.asked {
		list = append(list, &section{sectionOwners, block{raw: f.owners.append(nil)}})
	}
	var drivers []byte
	for _, name := range slices.Sorted(maps.Keys(f.devices)) {
		drivers = f.devices[name].append(drivers, name)
	}
	if len(drivers) > 0 {
		list = append(list, &section{sectionDevices, block{raw: drivers}})
	}
	for _, a := range f.answers {
		list = append(list, &section{sectionAnswer, block{raw: a.appendHead(nil)}})
		for _, chunk := range a.chunks {
			list = append(list, &section{sectionMessages, block{raw: chunk.raw}})
		}
	}
	return list
}

func (f *facts) fileSections() (list []*section) {
	var b []byte
	for _, name := range slices.Sorted(maps.Keys(f.files)) {
		if b = f.files[name].append(b, name); len(b) >= chunkSize {
			list, b = append(list, &section{sectionFiles, block{raw: b}}), nil
		}
	}
	if len(b) > 0 {
		list = append(list, &section{sectionFiles, block{raw: b}})
	}
	return list
}

// write packs the facts and writes a capture.
func write(w io.Writer, m Manifest, f *facts) error {
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	list := f.sections()
	blocks := make([]*block, len(list))
	for i, s := range list {
		blocks[i] = &s.block
	}
	if err := packAll(blocks); err != nil {
		return err
	}
	head := binary.LittleEndian.AppendUint32([]byte(magic), formatVersion)
	if _, err := w.Write(head); err != nil {
		return err
	}
	plain := func(kind byte, data []byte) *section { return &section{kind, block{packed: data, size: len(data)}} }
	list = slices.Insert(list, 0, plain(sectionManifest, append(text, '\n')))
	list = append(list, plain(sectionEnd, appendUint(nil, len(list))))
	for _, s := range list {
		if err := s.write(w); err != nil {
			return err
		}
	}
	return nil
}

func (s *section) write(w io.Writer) error {
	head := s.head()
	head = binary.LittleEndian.AppendUint32(head, checksum(head, s.packed))
	if _, err := w.Write(head); err != nil {
		return err
	}
	_, err := w.Write(s.packed)
	return err
}

// head is the header without the checksum.
func (s *section) head() []byte {
	head := binary.LittleEndian.AppendUint32([]byte{s.kind, 0, 0, 0}, uint32(s.size))
	return binary.LittleEndian.AppendUint32(head, uint32(len(s.packed)))
}

// Errors of a file that is no capture, or was one.
var (
	errForeign = errors.New("it is no capture of netql")
	errDamaged = errors.New("the capture is damaged")
)

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errDamaged, fmt.Sprintf(format, args...))
}
