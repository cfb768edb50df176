package remote

import (
	"time"

	"netql/shell/remote/frame"
)

// waitFor is a question whose exchange is known when begun is closed.
type waitFor struct {
	*question
	begun <-chan struct{}
}

func (w waitFor) Asked(i int) {
	<-w.begun
	w.question.Asked(i)
}

func (w waitFor) Frame(i int, f frame.Frame) {
	<-w.begun
	w.question.Frame(i, f)
}

// Started implements Receiver.
func (q *question) Started(i int) {
	q.lock.Lock()
	defer q.lock.Unlock()
	h := &q.hosts[i]
	h.heard = time.Now()
	if h.started.IsZero() {
		h.started = h.heard
	}
}

// Asked implements Receiver.
func (q *question) Asked(i int) {
	q.lock.Lock()
	defer q.lock.Unlock()
	h := &q.hosts[i]
	h.asked = time.Now()
	h.moved = h.asked
	if h.early != (frame.Credit{}) {
		h.exchange.Send(i, frame.Encode(askID, &h.early))
	}
}

// Frame implements Receiver.
func (q *question) Frame(i int, f frame.Frame) {
	q.lock.Lock()
	defer q.lock.Unlock()
	defer q.signal()
	h := &q.hosts[i]
	if h.over() || q.ctx.Err() != nil { // what comes then is too late
		return
	}
	before := h.total
	if err := h.take(f, time.Now()); err != nil {
		h.refuse(err)
	}
	if h.dropping {
		h.dropQueue(i)
	}
	if h.spoilt() {
		h.exchange.Stop(i)
	}
	if h.total != before {
		q.refuseTooMany()
	}
	if f.Kind == frame.KindRows && q.mode == events {
		q.arrived = append(q.arrived, i)
	}
	if h.over() {
		h.endedAt = time.Now()
	}
	if h.samples > h.wanted && !h.dropping && q.answeredAt.IsZero() {
		q.answeredAt = time.Now()
	}
}

// Ended implements Receiver.
func (q *question) Ended(i int, state State, said string) {
	q.lock.Lock()
	h := &q.hosts[i]
	if h.ended { // it was given up
		q.lock.Unlock()
		return
	}
	if h.state, h.said = state, said; q.ctx.Err() != nil { // a transport may take the end for a failure
		h.state, h.said = Late, ""
	}
	if h.ended = true; h.endedAt.IsZero() {
		h.endedAt = time.Now()
	}
	q.lock.Unlock()
	q.signal()
}
