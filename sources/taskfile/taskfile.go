package taskfile

import (
	"context"
	"fmt"
	"iter"
)

// bufferSize is a number of whole records. The kernel gives at most 8 pages at a time.
const bufferSize = 1600 * recordSize

// Sockets lists the sockets of all processes, by thread and file descriptor. An error is the last item; it means that
// the list cannot be had, and that what came before may lack some. The record is valid until the next one.
func Sockets(ctx context.Context) iter.Seq2[*Socket, error] {
	return func(yield func(*Socket, error) bool) {
		if err := sockets(ctx, yield); err != nil {
			yield(nil, fmt.Errorf("the kernel's list of open files: %w", err))
		}
	}
}

// Available is nil if the list can be had, and else says why not.
func Available() error {
	i, err := begin()
	if err == nil {
		i.close()
	}
	return err
}

// begin opens an iterator where that is allowed.
func begin() (iterator, error) {
	if err := allowed(); err != nil {
		return iterator{}, err
	}
	l, err := kernelLayout()
	if err != nil {
		return iterator{}, err
	}
	return open(l)
}

// sockets yields sockets, and returns an error only while the consumer still listens.
func sockets(ctx context.Context, yield func(*Socket, error) bool) error {
	i, err := begin()
	if err != nil {
		return err
	}
	defer i.close()
	buffer, s := make([]byte, bufferSize), &Socket{}
	for ctx.Err() == nil {
		n, err := i.read(buffer)
		if n == 0 || err != nil {
			return err
		}
		for rest := buffer[:n]; len(rest) > 0; {
			if rest, err = parseRecord(rest, s); err != nil {
				return err
			}
			if !yield(s, nil) {
				return nil
			}
		}
	}
	return context.Cause(ctx)
}
