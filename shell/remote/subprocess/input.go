package subprocess

import (
	"io"
	"sync"

	"netql/shell/remote/frame"
)

// input writes frames to a program in a goroutine of its own, so that nobody waits for a program that does not read.
type input struct {
	to     io.WriteCloser
	lock   sync.Mutex
	bytes  []byte
	closed bool
	more   chan struct{} // has an element when there is more to write, or nothing more will come
}

func newInput(to io.WriteCloser) *input {
	in := &input{to: to, more: make(chan struct{}, 1)}
	go in.write()
	return in
}

// add adds a frame to what is written.
func (in *input) add(f frame.Frame) {
	in.lock.Lock()
	if !in.closed {
		in.bytes = f.AppendTo(in.bytes)
	}
	in.lock.Unlock()
	in.signal()
}

// close ends the input behind what was added.
func (in *input) close() {
	in.lock.Lock()
	in.closed = true
	in.lock.Unlock()
	in.signal()
}

func (in *input) signal() {
	select {
	case in.more <- struct{}{}:
	default:
	}
}

// write writes until the input is closed or nobody reads it.
func (in *input) write() {
	defer in.to.Close()
	for range in.more {
		in.lock.Lock()
		bytes, closed := in.bytes, in.closed
		in.bytes = nil
		in.lock.Unlock()
		if _, err := in.to.Write(bytes); err != nil || closed {
			return
		}
	}
}
