package netlink

import (
	"iter"
	"sync"
	"time"
)

// datagram is the result of one receive.
type datagram struct {
	bytes []byte
	err   error
}

// datagrams receives datagrams, the next one while the consumer works on the last: the kernel gathers the rows of a
// dump inside the receive call, which takes about as long as the rest of a query. A datagram is valid until the next
// one. The sequence ends with an error, or when the consumer breaks out of it.
func (s *socket) datagrams() iter.Seq[datagram] {
	return func(yield func(datagram) bool) {
		free, full := make(chan []byte, 2), make(chan datagram, 1)
		stop := make(chan struct{})
		var receiver sync.WaitGroup
		receiver.Go(func() { s.receiveLoop(free, full, stop) })
		defer receiver.Wait()
		defer s.wake()
		defer close(stop)

		free <- make([]byte, bufferSize)
		free <- make([]byte, bufferSize)
		for {
			d := <-full
			if !yield(d) || d.err != nil {
				return
			}
			free <- d.bytes[:bufferSize]
		}
	}
}

// receiveLoop receives into free buffers until an error, or until it is stopped.
func (s *socket) receiveLoop(free <-chan []byte, full chan<- datagram, stop <-chan struct{}) {
	for {
		select {
		case <-stop:
			return
		case buffer := <-free:
			b, err := s.receive(buffer)
			select {
			case <-stop:
				return
			case full <- datagram{b, err}:
			}
			if err != nil {
				return
			}
		}
	}
}

// wake makes a receive that waits, and all later ones, fail with os.ErrDeadlineExceeded.
func (s *socket) wake() { _ = s.file.SetReadDeadline(time.Unix(1, 0)) }
