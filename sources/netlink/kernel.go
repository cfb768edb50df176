package netlink

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"slices"
)

// Kernel is the Transport to the running kernel. Every dump has a socket of its own, so that dumps never wait for each
// other and breaking one off leaves nothing behind.
type Kernel struct {
	// In runs a function in the network namespace to be asked; nil for that of the calling thread. A socket stays in
	// the namespace in which it was opened.
	In func(func() error) error
	// Own is told of the sockets that are opened; nil for none.
	Own *Own
}

// dial opens a socket in the network namespace.
func (k Kernel) dial(protocol int, strict bool) (s *socket, err error) {
	if k.In == nil {
		return dial(protocol, strict, k.Own)
	}
	err = k.In(func() (err error) {
		s, err = dial(protocol, strict, k.Own)
		return err
	})
	return s, err
}

// bufferSize is the size of the receive buffer. The kernel fills at most 32 KiB at a time, and larger messages only
// where one object alone is larger. It must not change between two receives of a socket: the kernel cuts messages to
// the largest size it has seen (netlink_recvmsg in net/netlink/af_netlink.c).
const bufferSize = 64 << 10

// sequence is the number of our request, the only one on its socket.
const sequence = 1

// Dump sends the request and streams the answer. Cancelling the context ends it with the context's error.
func (k Kernel) Dump(ctx context.Context, r Request) iter.Seq2[Message, error] {
	return func(yield func(Message, error) bool) {
		if err := k.exchange(ctx, r, yield); err != nil {
			yield(Message{}, fmt.Errorf("netlink: %w", err))
		}
	}
}

// request sends a request. If it names a file, that is opened for it.
func (s *socket) request(r Request) error {
	if r.File != nil {
		file, err := os.Open(r.File.Path)
		if err != nil {
			return err
		}
		defer file.Close()
		r.Payload = slices.Clone(r.Payload)
		native.PutUint32(r.Payload[r.File.Offset:], uint32(file.Fd()))
	}
	if err := s.send(encode(r, sequence, s.port)); err != nil {
		return fmt.Errorf("send the request: %w", err)
	}
	return nil
}

// exchange yields messages and returns an error only while the consumer still listens.
func (k Kernel) exchange(ctx context.Context, r Request, yield func(Message, error) bool) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	s, err := k.dial(r.Protocol, r.Strict)
	if err != nil {
		return err
	}
	defer s.file.Close()
	defer s.interruptBy(ctx)()

	if err := s.request(r); err != nil {
		return err
	}
	a := answer{sequence: sequence, port: s.port}
	for d := range s.datagrams() {
		if errors.Is(d.err, os.ErrDeadlineExceeded) {
			break
		}
		if d.err != nil {
			return d.err
		}
		if done, err := a.datagram(d.bytes, yield); done {
			return err
		}
		if ctx.Err() != nil {
			break
		}
	}
	return context.Cause(ctx)
}
