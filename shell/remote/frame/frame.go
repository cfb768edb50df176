// Package frame encodes and decodes what two netqls say to each other when one asks on behalf of the other: frames with
// messages, and rows whose values keep their types. It does no I/O but reading a stream, and trusts nothing it reads.
package frame

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Proto is the version of the protocol. A netql answers asks of its own version and of all before it.
const Proto = 1

// Kind says what a frame holds.
type Kind byte

// The kinds of frames. The asker sends KindAsk, KindCredit and KindCancel, the host all others.
const (
	KindHello   Kind = 'H' // who answers: the first frame of a host
	KindAsk     Kind = 'A' // a question
	KindTaken   Kind = 'T' // the question is worked on: at once, then each second
	KindColumns Kind = 'C' // what the values of rows are
	KindRows    Kind = 'R' // some rows
	KindSample  Kind = 'S' // a sample of a watch ends
	KindEnd     Kind = 'Z' // the answer ends
	KindCredit  Kind = 'G' // more may be sent
	KindCancel  Kind = 'X' // nothing more is wanted
)

// Frame is the unit of what is sent. On the wire it is the number of bytes that follow, the kind, the number of the ask
// that it belongs to, and the payload; numbers are those of binary.AppendUvarint.
type Frame struct {
	Kind    Kind
	ID      uint64
	Payload []byte
}

// MaxPayload bounds the payload of a frame. A chunk of rows is far smaller, unless a row alone is larger.
const MaxPayload = 16 << 20

// AppendTo appends the frame as it is on the wire.
func (f Frame) AppendTo(b []byte) []byte {
	id := binary.AppendUvarint(nil, f.ID)
	b = binary.AppendUvarint(b, uint64(1+len(id)+len(f.Payload)))
	b = append(b, byte(f.Kind))
	return append(append(b, id...), f.Payload...)
}

// ErrBroken is wrapped by all errors about bytes that are no frames, messages or rows.
var ErrBroken = errors.New("not the protocol of netql")

func broken(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrBroken, fmt.Sprintf(format, args...))
}

// Reader reads the frames of a stream.
type Reader struct {
	in    *bufio.Reader
	begun []byte // the first bytes
	read  bool   // a frame was read
}

// shownBytes is how many bytes Begun gives.
const shownBytes = 60

// NewReader is a reader of the frames in a stream.
func NewReader(in io.Reader) *Reader { return &Reader{in: bufio.NewReader(in)} }

// Next is the next frame, whose payload is the caller's. io.EOF says that the stream has ended behind a frame,
// io.ErrUnexpectedEOF that it has in the middle of one.
func (r *Reader) Next() (Frame, error) {
	if _, err := r.in.Peek(1); err != nil {
		return Frame{}, err
	}
	if !r.read {
		r.read = true
		begun, _ := r.in.Peek(min(shownBytes, r.in.Buffered())) // which is there
		r.begun = slices.Clone(begun)
	}
	size, err := binary.ReadUvarint(r.in)
	switch {
	case err != nil:
		return Frame{}, unexpected(err)
	case size < 2 || size > MaxPayload+1+binary.MaxVarintLen64:
		return Frame{}, broken("a frame of %d bytes", size)
	}
	body, err := readAll(r.in, int(size))
	if err != nil {
		return Frame{}, err
	}
	id, n := binary.Uvarint(body[1:])
	if n <= 0 {
		return Frame{}, broken("a frame without the number of its ask")
	}
	return Frame{Kind(body[0]), id, body[1+n:]}, nil
}

// Begun is what stands at the beginning of a stream whose first frame cannot be read, to show what is no frame.
func (r *Reader) Begun() []byte { return r.begun }

// BegunHello says whether a stream begins as a hello does, though it may not be whole.
func (r *Reader) BegunHello() bool {
	_, n := binary.Uvarint(r.begun)
	return n > 0 && bytes.HasPrefix(r.begun[n:], []byte{byte(KindHello), 0}) // which is of no ask
}

// readAll reads so many bytes. It takes memory as they come, not as they are announced.
func readAll(in io.Reader, size int) ([]byte, error) {
	const step = 64 << 10
	body := make([]byte, 0, min(size, step))
	for len(body) < size {
		n := min(size-len(body), max(step, len(body)))
		start := len(body)
		body = append(body, make([]byte, n)...)
		if _, err := io.ReadFull(in, body[start:]); err != nil {
			return nil, unexpected(err)
		}
	}
	return body, nil
}

// unexpected is the error of a stream that ends in the middle of a frame.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
