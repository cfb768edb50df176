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

// fewBytes is less than the kernel sends where there is more to come, but for the first datagram of a dump: it fills
// those of up to 32 KiB (netlink_dump in net/netlink/af_netlink.c).
const fewBytes = 16 << 10

// datagrams receives datagrams. A datagram is valid until the next one. The sequence ends with an error, or when the
// consumer breaks out of it. A short answer is received as it is asked for; from its first large datagram on, a longer
// one is read ahead.
func (s *socket) datagrams() iter.Seq[datagram] {
	return func(yield func(datagram) bool) {
		buffer := make([]byte, bufferSize)
		for {
			b, err := s.receive(buffer)
			if err == nil && len(b) >= fewBytes {
				s.readAhead(b, yield)
				return
			}
			if !yield(datagram{b, err}) || err != nil {
				return
			}
		}
	}
}

// readAhead yields a datagram and those after it. It receives the next one while the consumer works on the last: the
// kernel gathers the rows of a dump inside the receive call, which takes about as long as the rest of a query.
func (s *socket) readAhead(first []byte, yield func(datagram) bool) {
	free, full := make(chan []byte, 2), make(chan datagram, 1)
	stop := make(chan struct{})
	var receiver sync.WaitGroup
	receiver.Go(func() { s.receiveLoop(free, full, stop) })
	defer receiver.Wait()
	defer s.wake()
	defer close(stop)

	free <- make([]byte, bufferSize)
	for d := (datagram{bytes: first}); yield(d) && d.err == nil; d = <-full {
		free <- d.bytes[:bufferSize]
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
