// Package netlink sends requests to the kernel over netlink sockets (netlink(7)), receives answers and notifications,
// and splits them into messages and attributes. What these mean is up to the packages beside it.
package netlink

import (
	"context"
	"iter"
)

// A Request is one question to a netlink family of the kernel.
type Request struct {
	Protocol int    // the netlink family, such as unix.NETLINK_SOCK_DIAG
	Type     uint16 // the message type, such as unix.SOCK_DIAG_BY_FAMILY
	Flags    uint16 // beyond NLM_F_REQUEST and the flag that Single decides
	Payload  []byte // the family's header and its attributes
	Single   bool   // look one object up (NLM_F_ACK) instead of dumping all (NLM_F_DUMP)
	Strict   bool   // the payload narrows the dump (NETLINK_GET_STRICT_CHK); ErrNotStrict from kernels before 4.20
	File     *File  `json:"-"` // that the payload names by a descriptor; nil for none
}

// A File is named to the kernel by a file descriptor. The Transport opens it when it sends the request, and writes the
// descriptor over four bytes of the payload. In the Request these hold a number that identifies the file, so that equal
// payloads are equal requests.
type File struct {
	Path   string
	Offset int // of the four bytes in the payload
}

// A Message is one object of an answer.
type Message struct {
	Type, Flags uint16
	Data        []byte // without the netlink header; valid until the next step of the iteration
}

// A Transport carries a request to a network stack and streams its answer. An error is the last item; what came
// before it is still valid. Breaking out of the range releases everything the dump holds.
//
// A Transport may be used by several goroutines at once; one answer belongs to one of them.
type Transport interface {
	Dump(context.Context, Request) iter.Seq2[Message, error]
}
