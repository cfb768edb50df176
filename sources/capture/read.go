package capture

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// readBuffer is how much of a file is read at a time.
const readBuffer = 256 << 10

// Open reads a capture and verifies all checksums. Messages are unpacked when a query reads them.
func Open(path string) (*Capture, error) {
	// A FIFO that nobody writes to would keep us here.
	f, err := os.OpenFile(path, os.O_RDONLY|unix.O_NONBLOCK|unix.O_NOCTTY, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if err := readable(f); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	c, err := read(bufio.NewReaderSize(f, readBuffer))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	c.name = path
	return c, nil
}

// errNotFile is the error for what is neither a plain file nor a pipe that this program was started with.
var errNotFile = errors.New("it is no capture of netql: neither a plain file nor a pipe from another program")

// readable is an error for a file that may never end. Plain files end, and so does a pipe that we were started with
// (/dev/stdin, or /dev/fd/63 of a shell's <(...)), when its writer does; unlike a FIFO it is on pipefs.
func readable(f *os.File) error {
	info, err := f.Stat()
	if err != nil || info.Mode().IsRegular() {
		return err
	}
	var system unix.Statfs_t
	if err := unix.Fstatfs(int(f.Fd()), &system); err != nil {
		return err
	}
	if system.Type != unix.PIPEFS_MAGIC {
		return errNotFile
	}
	return nil
}

// read reads a capture from its first byte to its last.
func read(r io.Reader) (*Capture, error) {
	version, err := readMagic(r)
	if err != nil {
		return nil, err
	}
	l := &loader{Capture: Capture{facts: newFacts()}, version: version, memoryLeft: maxMemory}
	for !l.ended {
		s, err := readSection(r)
		if err == nil {
			err = l.take(s)
		}
		if err != nil {
			return nil, err
		}
		l.sections++
	}
	if n, err := io.ReadFull(r, make([]byte, 1)); n > 0 || !errors.Is(err, io.EOF) {
		return nil, damaged("there is something behind its end")
	}
	l.memory = maxMemory - l.memoryLeft + l.messages.packed
	return &l.Capture, nil
}

// readMagic reads what stands before the sections, and gives the version of the format.
func readMagic(r io.Reader) (version uint32, err error) {
	head := make([]byte, len(magic)+4)
	n, err := io.ReadFull(r, head)
	switch version = binary.LittleEndian.Uint32(head[len(magic):]); {
	case n == 0 && errors.Is(err, io.EOF):
		return 0, fmt.Errorf("%w: the file is empty", errForeign)
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		return 0, err
	case string(head[:min(n, len(magic))]) != magic[:min(n, len(magic))]:
		return 0, errForeign
	case err != nil:
		return 0, damaged("it is cut off after %d bytes", n)
	case version > formatVersion:
		return 0, fmt.Errorf("a newer netql wrote it, in version %d of the format, and this one reads version %d",
			version, formatVersion)
	case version == 0:
		return 0, damaged("it has version 0 of the format")
	}
	return version, nil
}

// readSection reads one section, and no more than there is, whatever it says of itself.
func readSection(r io.Reader) (*section, error) {
	var head [sectionHeader]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, cutOff(err)
	}
	packed := binary.LittleEndian.Uint32(head[8:])
	if packed > maxPacked {
		return nil, errPacked
	}
	s := &section{head[0], block{size: int(binary.LittleEndian.Uint32(head[4:]))}}
	var err error
	if s.packed, err = io.ReadAll(io.LimitReader(r, int64(packed))); err != nil {
		return nil, err
	}
	if len(s.packed) < int(packed) {
		return nil, cutOff(io.ErrUnexpectedEOF)
	}
	if checksum(head[:12], s.packed) != binary.LittleEndian.Uint32(head[12:]) {
		return nil, damaged("a checksum is wrong")
	}
	return s, nil
}

func cutOff(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return damaged("its end is missing")
	}
	return err
}

// A loader builds a capture from its sections, in their order.
type loader struct {
	Capture
	unpacker
	version          uint32 // of the format
	sections, packed int
	messages         struct{ packed, size int }
	memoryLeft       int // how many bytes may still be allocated, see maxMemory
	ended            bool
}

// take adds a section.
func (l *loader) take(s *section) error {
	if l.packed += len(s.packed); l.packed > maxFile {
		return errFile
	}
	if l.memoryLeft -= memorySection; l.memoryLeft < 0 { // or a file of empty sections would have no end
		return errMemory
	}
	if (s.kind == sectionManifest) != (l.sections == 0) {
		return damaged("the manifest is not where it should be")
	}
	switch s.kind {
	case sectionManifest:
		return l.manifest(s.packed)
	case sectionMessages:
		return l.addMessages(s)
	case sectionEnd:
		d := decoder{rest: s.packed}
		if l.ended = true; d.int() != l.sections {
			return damaged("sections are missing")
		}
		return d.err
	}
	if l.memoryLeft -= s.size; l.memoryLeft < 0 {
		return errMemory
	}
	raw, err := l.unpack(&s.block)
	if err != nil {
		return err
	}
	d := &decoder{rest: raw, memoryLeft: l.memoryLeft, version: l.version}
	err = l.unpacked(s.kind, d)
	l.memoryLeft = d.memoryLeft
	return err
}

// unpacked adds a section other than messages.
func (l *loader) unpacked(kind byte, d *decoder) error {
	switch kind {
	case sectionFiles:
		for d.more() && d.reserve(memoryFact) {
			d.fileFact(l.facts.files)
		}
	case sectionDevices:
		for d.more() && d.reserve(memoryDevice) {
			d.device(l.facts.devices)
		}
	case sectionOwners:
		l.facts.owners = d.owners()
	case sectionAnswer:
		l.facts.answers = append(l.facts.answers, d.answerHead())
	default:
		return damaged("a section of kind %q", kind)
	}
	return d.err
}

// addMessages adds a section to the answer before it.
func (l *loader) addMessages(s *section) error {
	l.messages.packed += len(s.packed)
	l.messages.size += s.size
	switch n := len(l.facts.answers); {
	case n == 0:
		return damaged("messages that answer nothing")
	case s.size > maxChunk:
		return errChunk
	case l.messages.size > freeData+maxRatio*l.messages.packed:
		return errMessages
	default:
		l.facts.answers[n-1].chunks = append(l.facts.answers[n-1].chunks, &s.block)
	}
	return nil
}

// manifest reads the manifest, and refuses a capture in the other byte order.
func (l *loader) manifest(text []byte) error {
	if len(text) > maxManifest {
		return errManifest
	}
	if err := json.Unmarshal(text, &l.Manifest); err != nil {
		return damaged("its manifest: %v", err)
	}
	if own := byteOrder(); l.Manifest.ByteOrder != own {
		return fmt.Errorf("it was recorded on a %s-endian machine, and this one is %s-endian",
			l.Manifest.ByteOrder, own)
	}
	return nil
}

func byteOrder() string {
	if binary.NativeEndian.Uint16([]byte{1, 0}) == 1 {
		return "little"
	}
	return "big"
}
