package netlink

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// answer parses the datagrams of the answer to one request; it does no I/O.
type answer struct {
	sequence, port uint32 // what the kernel repeats in every message for us
	interrupted    bool   // some message had NLM_F_DUMP_INTR
}

// datagram yields the messages of one datagram. done says that the answer is complete, has failed, or is not wanted any
// more; err is to be yielded to the consumer.
func (a *answer) datagram(b []byte, yield func(Message, error) bool) (done bool, err error) {
	for len(b) > 0 {
		h, body, rest, err := cutMessage(b)
		if err != nil {
			return true, err
		}
		b = rest
		if h.sequence != a.sequence || h.port != a.port {
			continue // an answer to somebody else
		}
		a.interrupted = a.interrupted || h.flags&unix.NLM_F_DUMP_INTR != 0
		if h.kind < unix.NLMSG_MIN_TYPE {
			if done, err := a.control(h, body); done {
				return true, err
			}
			continue
		}
		if !yield(Message{Type: h.kind, Flags: h.flags, Data: body}, nil) {
			return true, nil
		}
	}
	return false, nil
}

// control handles the messages of netlink itself.
func (a *answer) control(h header, body []byte) (done bool, err error) {
	switch h.kind {
	case unix.NLMSG_NOOP:
		return false, nil
	case unix.NLMSG_ERROR, unix.NLMSG_DONE:
		if err := decodeError(h.flags, body); err != nil {
			return true, err
		}
		if a.interrupted {
			return true, ErrInterrupted
		}
		return true, nil
	}
	return true, fmt.Errorf("netlink control message %d", h.kind)
}
