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
			b, err := s.receive(buffer, receiveOne)
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

// batchSize is how many datagrams that are read ahead are handed over at a time. Each hand-over wakes a thread, which
// costs as much as a good part of a datagram.
const batchSize = 8

// A batch is datagrams, one behind the other in its buffer.
type batch struct {
	buffer    []byte
	datagrams []datagram
}

// readAhead yields a datagram and those after it. It receives the next ones while the consumer works on the last: the
// kernel gathers the rows of a dump inside the receive call, which takes about as long as the rest of a query.
func (s *socket) readAhead(first []byte, yield func(datagram) bool) {
	free, full := make(chan *batch, 2), make(chan *batch, 1)
	stop := make(chan struct{})
	var receiver sync.WaitGroup
	receiver.Go(func() { s.receiveLoop(free, full, stop) })
	defer receiver.Wait()
	defer s.wake()
	defer close(stop)

	for range cap(free) {
		free <- &batch{buffer: make([]byte, batchSize*bufferSize/2)}
	}
	if !yield(datagram{bytes: first}) {
		return
	}
	for b := range full {
		for _, d := range b.datagrams {
			if !yield(d) || d.err != nil {
				return
			}
		}
		free <- b
	}
}

// receiveLoop fills free batches until an error, or until it is stopped.
func (s *socket) receiveLoop(free <-chan *batch, full chan<- *batch, stop <-chan struct{}) {
	for {
		select {
		case <-stop:
			return
		case b := <-free:
			more := s.fill(b)
			select {
			case <-stop:
				return
			case full <- b:
			}
			if !more {
				return
			}
		}
	}
}

// fill receives datagrams until the buffer may have no room for another one, one is small, which is the last of a dump,
// or an error. It says whether there may be more.
func (s *socket) fill(b *batch) (more bool) {
	b.datagrams = b.datagrams[:0]
	for room := b.buffer; len(room) >= bufferSize; {
		received, err := s.receive(room[:bufferSize], s.next)
		b.datagrams = append(b.datagrams, datagram{received, err})
		if err != nil {
			return false
		}
		if len(received) < fewBytes {
			break
		}
		room = room[len(received):]
	}
	return true
}

// wake makes a receive that waits, and all later ones, fail with os.ErrDeadlineExceeded.
func (s *socket) wake() { _ = s.file.SetReadDeadline(time.Unix(1, 0)) }
