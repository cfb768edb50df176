package capture

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// errMalformed says that a section with a right checksum has wrong content, which no version of netql writes.
var errMalformed = errors.New("malformed capture")

func appendUint[N int | uint8 | uint16 | uint32 | uint64](b []byte, n N) []byte {
	return binary.AppendUvarint(b, uint64(n))
}

func appendBytes[T string | []byte](b []byte, value T) []byte {
	return append(appendUint(b, len(value)), value...)
}

func appendBool(b []byte, value bool) []byte {
	if value {
		return append(b, 1)
	}
	return append(b, 0)
}

// A decoder reads what the functions above wrote. Its error is sticky: read everything, then look at err once. It
// never allocates by a length that it reads.
type decoder struct {
	rest       []byte
	err        error
	memoryLeft int    // how many bytes may still be allocated, see maxMemory
	version    uint32 // of the format
}

// reserve is called before memory is allocated. It is false, and fails, where so much would be above maxMemory.
func (d *decoder) reserve(memory int) bool {
	if d.memoryLeft -= memory; d.memoryLeft < 0 && d.err == nil {
		d.err, d.rest = errMemory, nil
	}
	return d.err == nil
}

// capacityFor bounds a slice of n elements before it is made: each takes so many bytes of memory, and least bytes in
// the file.
func (d *decoder) capacityFor(n uint64, memory, least int) int {
	return int(min(n, uint64(max(d.memoryLeft, 0)/memory), uint64(len(d.rest)/least)))
}

func (d *decoder) fail(what string) {
	if d.err == nil {
		d.err = fmt.Errorf("%w: %s", errMalformed, what)
	}
	d.rest = nil
}

// more says whether any bytes are left.
func (d *decoder) more() bool { return len(d.rest) > 0 }

func (d *decoder) uint() uint64 {
	n, size := binary.Uvarint(d.rest)
	if size <= 0 {
		d.fail("a number is cut off")
		return 0
	}
	d.rest = d.rest[size:]
	return n
}

// upTo reads a number that must not be larger than a limit.
func (d *decoder) upTo(limit uint64) uint64 {
	n := d.uint()
	if n > limit {
		d.fail(fmt.Sprintf("%d where %d is the largest number", n, limit))
		return 0
	}
	return n
}

func (d *decoder) int() int { return int(d.upTo(math.MaxInt64)) }

func (d *decoder) bool() bool { return d.upTo(1) == 1 }

// bytes reads a length and that many bytes, which are not copied.
func (d *decoder) bytes() []byte {
	n := d.uint()
	if n > uint64(len(d.rest)) {
		d.fail(fmt.Sprintf("a length of %d where %d bytes are left", n, len(d.rest)))
		return nil
	}
	value := d.rest[:n:n]
	d.rest = d.rest[n:]
	return value
}

func (d *decoder) string() string {
	value := d.bytes()
	if !d.reserve(len(value)) {
		return ""
	}
	return string(value)
}
