package capture

import (
	"encoding/json"
	"iter"
	"math"

	"netql/sources/netlink"
)

// An answer is the recorded answer of the network stack to one request.
type answer struct {
	request netlink.Request
	chunks  []*block // the messages, one after the other
	failure *failure // what ended it early
}

// chunkSize is how many bytes of an answer are packed together: enough to pack well, and few to unpack at a time.
const chunkSize = 1 << 20

// add puts a message at the end.
func (a *answer) add(m netlink.Message) {
	n := len(a.chunks)
	if n == 0 || len(a.chunks[n-1].raw) >= chunkSize {
		a.chunks = append(a.chunks, &block{raw: make([]byte, 0, 4<<10)})
		n++
	}
	chunk := a.chunks[n-1]
	chunk.raw = appendBytes(appendUint(appendUint(chunk.raw, m.Type), m.Flags), m.Data)
}

// messages yields what was answered. An error is the last item: that of the answer, or that the capture is malformed.
func (a *answer) messages() iter.Seq2[netlink.Message, error] {
	return func(yield func(netlink.Message, error) bool) {
		var u unpacker
		for _, chunk := range a.chunks {
			raw, err := u.unpack(chunk)
			if err != nil {
				yield(netlink.Message{}, err)
				return
			}
			d := decoder{rest: raw}
			for d.more() {
				kind, flags := uint16(d.upTo(math.MaxUint16)), uint16(d.upTo(math.MaxUint16))
				m := netlink.Message{Type: kind, Flags: flags, Data: d.bytes()}
				if d.err != nil {
					yield(netlink.Message{}, d.err)
					return
				}
				if !yield(m, nil) {
					return
				}
			}
		}
		if a.failure != nil {
			yield(netlink.Message{}, a.failure)
		}
	}
}

// appendHead writes the request and the failure; the messages follow in sections of their own.
func (a *answer) appendHead(b []byte) []byte {
	request, _ := json.Marshal(a.request) // a struct of numbers and bytes; what a later version adds to it is kept
	return appendFailure(appendBytes(b, request), a.failure)
}

func (d *decoder) answerHead() *answer {
	a := &answer{}
	d.reserve(memoryAnswer)
	if err := json.Unmarshal(d.bytes(), &a.request); err != nil {
		d.fail(err.Error())
	}
	a.failure = d.failure()
	return a
}
