package answer

import (
	"context"
	"errors"
	"io"
	"sync"

	"netql/query"
	"netql/query/schema"
	"netql/shell/remote/frame"
)

// maxAnswers is how many asks of one asker may be under way.
const maxAnswers = 64

// Serve answers what an asker asks on a stream, until that ends. It writes nothing but frames.
func (h *Host) Serve(ctx context.Context, in io.Reader, out io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := &stream{host: h, out: out, answers: map[uint64]*Answer{}, unread: make(chan error, 1)}
	hello := h.Hello()
	if err := s.send(frame.Encode(0, &hello)); err != nil {
		return err
	}
	defer s.wait()
	defer cancel() // before the wait
	read := make(chan error, 1)
	go func() { read <- s.readAll(ctx, in) }()
	select {
	case err := <-read:
		return err
	case err := <-s.unread:
		return err
	}
}

// readAll takes all frames of the asker.
func (s *stream) readAll(ctx context.Context, in io.Reader) error {
	for frames := frame.NewReader(in); ; {
		f, err := frames.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = s.take(ctx, f)
		}
		if err != nil {
			return err
		}
	}
}

// stream is a connection with one asker.
type stream struct {
	host   *Host
	unread chan error // has the error of a write: nobody reads what is written

	asking  sync.Mutex         // held while an ask is taken
	answers map[uint64]*Answer // those that may be under way, by the number of their asks

	lock   sync.Mutex // held while a frame is written
	out    io.Writer
	buffer []byte
}

func (s *stream) send(f frame.Frame) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.buffer = f.AppendTo(s.buffer[:0])
	_, err := s.out.Write(s.buffer)
	if err != nil {
		select {
		case s.unread <- err:
		default: // it is known
		}
	}
	return err
}

// take takes a frame of the asker.
func (s *stream) take(ctx context.Context, f frame.Frame) error {
	s.asking.Lock()
	defer s.asking.Unlock()
	if ctx.Err() != nil { // the end has begun
		return nil
	}
	if f.Kind != frame.KindAsk {
		if a := s.answers[f.ID]; a != nil { // else it has ended
			return a.Frame(f)
		}
		return nil
	}
	s.forget(f.ID)
	var ask frame.Ask
	if err := frame.Decode(f, &ask); err != nil {
		return err
	}
	switch {
	case s.answers[f.ID] != nil:
		return s.send(frame.Encode(f.ID, &frame.End{State: refused, Error: "a question with this number is answered"}))
	case len(s.answers) >= maxAnswers:
		return s.send(frame.Encode(f.ID, &frame.End{State: busy, Error: "too many questions at a time"}))
	}
	s.answers[f.ID] = s.host.Begin(ctx, ask, f.ID, s.send)
	return nil
}

// forget forgets answers that have ended, among them that to the ask of a number which may be used again: who has read
// the end of an answer may be quicker than the answer itself.
func (s *stream) forget(number uint64) {
	if a := s.answers[number]; a != nil && a.ending.Load() {
		<-a.Done()
	}
	for id, a := range s.answers {
		select {
		case <-a.Done():
			delete(s.answers, id)
		default:
		}
	}
}

// wait waits for all answers. The context must have ended.
func (s *stream) wait() {
	s.asking.Lock()
	defer s.asking.Unlock()
	for _, a := range s.answers {
		<-a.Done()
	}
}

// catalog is the catalogue of the target with a column host, which is the name by which the asker knows it.
func (a *Answer) catalog(target Target) *query.Catalog {
	name := a.ask.Host
	union := &query.Union{
		Name: "this host", Scope: query.MachineScope,
		Columns: []query.MemberColumn{{Identifies: true, Column: schema.Column{
			Name: "host", Type: schema.Of(schema.Text), Doc: "The name of the host.",
		}}},
		Members: func(context.Context, query.State, func(string)) ([]query.Member, error) {
			return []query.Member{{
				Name:  name,
				Value: func(string) any { return name },
				Open:  func() (query.State, error) { return target.State(), nil },
			}}, nil
		},
	}
	return union.Catalog(target.Catalog)
}
