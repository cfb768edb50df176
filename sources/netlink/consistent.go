package netlink

import (
	"errors"
	"iter"
)

const (
	maxAttempts = 3       // how often a list is read that changes meanwhile
	maxKept     = 1 << 14 // elements held back until the list is complete; a longer list is yielded as it comes
)

// Consistent holds a list back until it is complete, and reads it again if it changed while the kernel wrote it
// (NLM_F_DUMP_INTR). After maxAttempts, or of a list longer than maxKept, it yields what there is, and ErrInterrupted
// is the last item. The elements must own their memory.
func Consistent[T any](list iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for try := 1; ; try++ {
			s := attempt[T]{yield: yield}
			err := s.read(list)
			if errors.Is(err, ErrInterrupted) && !s.streaming && try < maxAttempts {
				continue
			}
			if !s.stopped && s.flush() && err != nil {
				var none T
				yield(none, err)
			}
			return
		}
	}
}

// attempt is one reading of the list.
type attempt[T any] struct {
	yield     func(T, error) bool
	kept      []T
	streaming bool // elements have been yielded, so the list cannot be read again
	stopped   bool // the consumer wants no more
}

// read reads the list, and returns the error that ended it.
func (s *attempt[T]) read(list iter.Seq2[T, error]) error {
	for element, err := range list {
		if err != nil {
			return err
		}
		s.kept = append(s.kept, element)
		if (s.streaming || len(s.kept) > maxKept) && !s.flush() {
			return nil
		}
	}
	return nil
}

// flush yields what was held back, and says whether the consumer wants more.
func (s *attempt[T]) flush() bool {
	for _, element := range s.kept {
		if !s.yield(element, nil) {
			s.stopped = true
			return false
		}
	}
	s.kept, s.streaming = s.kept[:0], true
	return true
}
