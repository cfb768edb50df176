package capture

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// errMalformed says that a section whose checksum is right does not hold what it should: no netql wrote it.
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
	rest    []byte
	err     error
	room    int    // how many bytes of memory may still be taken, see maxMemory
	version uint32 // of the format
}

// takes is called before memory is taken. It is false where there is no room for so much, or an error.
func (d *decoder) takes(memory int) bool {
	if d.room -= memory; d.room < 0 && d.err == nil {
		d.err, d.rest = errMemory, nil
	}
	return d.err == nil
}

// atMost is how many things of which each takes so much memory, and at least so many bytes here, can come.
func (d *decoder) atMost(n uint64, memory, least int) int {
	return int(min(n, uint64(max(d.room, 0)/memory), uint64(len(d.rest)/least)))
}

func (d *decoder) fail(what string) {
	if d.err == nil {
		d.err = fmt.Errorf("%w: %s", errMalformed, what)
	}
	d.rest = nil
}

// more says whether anything is left.
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

// bytes is a part of what is read, uncopied.
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
	if !d.takes(len(value)) {
		return ""
	}
	return string(value)
}
