package agent

import "context"

// slots bound how many asks are answered at a time, and how many wait for that.
type slots struct {
	taken  chan struct{} // an element for each ask that is answered or waits
	active chan struct{} // an element for each that is answered
}

func newSlots(active, waiting int) *slots {
	return &slots{make(chan struct{}, active+waiting), make(chan struct{}, active)}
}

// take takes a place among those that are answered or wait; false if there is none.
func (s *slots) take() bool {
	select {
	case s.taken <- struct{}{}:
		return true
	default:
		return false
	}
}

// leave gives a place back.
func (s *slots) leave() { <-s.taken }

// wanted says whether there are asks for which there is no place among those that are answered.
func (s *slots) wanted() bool { return len(s.taken) > cap(s.active) || len(s.taken) == cap(s.taken) }

// begin waits until the ask of a place may be answered; end must follow if there is no error.
func (s *slots) begin(ctx context.Context) error {
	select {
	case s.active <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// end lets another ask begin.
func (s *slots) end() { <-s.active }
