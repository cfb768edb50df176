package netlink

import (
	"errors"
	"iter"
)

const (
	tries   = 3       // how often a list is read that changes meanwhile
	maxKept = 1 << 14 // rows that are kept until the list is complete; a longer list is handed on as it comes
)

// Settled reads a list again when the kernel says that it changed while it was written (NLM_F_DUMP_INTR). After three
// tries, or when more rows have come than it keeps back, the rows are handed on, and ErrInterrupted is the last item.
// The elements of the list must own their memory.
func Settled[T any](list iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for try := 1; ; try++ {
			s := settling[T]{yield: yield}
			err := s.read(list)
			if errors.Is(err, ErrInterrupted) && !s.streaming && try < tries {
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

// settling is one try.
type settling[T any] struct {
	yield     func(T, error) bool
	kept      []T
	streaming bool // rows have been handed on, so there is no way back
	stopped   bool // the consumer wants no more
}

// read gives the error that ended the list.
func (s *settling[T]) read(list iter.Seq2[T, error]) error {
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

// flush hands on what was kept, and says whether the consumer wants more.
func (s *settling[T]) flush() bool {
	for _, element := range s.kept {
		if !s.yield(element, nil) {
			s.stopped = true
			return false
		}
	}
	s.kept, s.streaming = s.kept[:0], true
	return true
}
