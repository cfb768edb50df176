// Package packet puts frames into messages of NATS and takes them out again. A message is a number, whether the frame
// goes on in the next message, and bytes of frames. The numbers show where messages were lost, as NATS loses those
// that were under way when a connection broke.
package packet

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"netql/shell/remote/frame"
)

// header is the most bytes before the frames of a message.
const header = binary.MaxVarintLen64

// Writer makes the messages of one answer. It is used by one goroutine at a time.
type Writer struct{ next uint64 }

// Messages are the messages of a frame, none larger than size bytes.
func (w *Writer) Messages(f frame.Frame, size int) [][]byte {
	data := f.AppendTo(nil)
	var messages [][]byte
	for more := true; more; {
		part := data[:min(len(data), size-header)]
		data = data[len(part):]
		number := w.next << 1
		if more = len(data) > 0; more {
			number |= 1
		}
		w.next++
		messages = append(messages, append(binary.AppendUvarint(nil, number), part...))
	}
	return messages
}

// ErrLost says that messages of an answer did not arrive.
var ErrLost = errors.New("messages were lost on the way")

// Reader takes frames out of the messages of one answer. It is used by one goroutine at a time.
type Reader struct {
	next  uint64
	parts []byte // of a frame that goes on
}

// Frames are the frames that are whole with this message. Their payloads may be parts of the message.
func (r *Reader) Frames(message []byte) ([]frame.Frame, error) {
	number, n := binary.Uvarint(message)
	switch {
	case n <= 0:
		return nil, fmt.Errorf("%w: a message without its number", frame.ErrBroken)
	case number>>1 != r.next:
		return nil, fmt.Errorf("%w (%d came, %d was next)", ErrLost, number>>1, r.next)
	case len(r.parts)+len(message) > frame.MaxPayload+2*binary.MaxVarintLen64+1:
		return nil, fmt.Errorf("%w: a frame of more than %d bytes", frame.ErrBroken, frame.MaxPayload)
	}
	r.next++
	if number&1 == 1 {
		r.parts = append(r.parts, message[n:]...)
		return nil, nil
	}
	whole := message[n:]
	if r.parts != nil {
		whole, r.parts = append(r.parts, whole...), nil
	}
	return frames(whole)
}

// Frame is the frame in bytes that hold it and nothing else.
func Frame(data []byte) (frame.Frame, error) {
	in := frame.NewReader(bytes.NewReader(data))
	f, err := in.Next()
	if err == nil {
		if _, after := in.Next(); after != io.EOF {
			err = fmt.Errorf("%w: something follows the frame", frame.ErrBroken)
		}
	}
	return f, err
}

// frames are the frames in bytes that hold nothing else.
func frames(data []byte) ([]frame.Frame, error) {
	var found []frame.Frame
	for in := frame.NewReader(bytes.NewReader(data)); ; {
		f, err := in.Next()
		if err == io.EOF {
			return found, nil
		}
		if err != nil {
			return nil, err
		}
		found = append(found, f)
	}
}
