package capture

import (
	"context"
	"errors"
	"iter"
	"reflect"
	"slices"
	"sync"

	"netql/sources/netlink"
)

// replay is a Transport over recorded answers.
type replay struct{ facts *facts }

// Dump replays the recorded answer to the request, or to one that covers it.
func (t replay) Dump(ctx context.Context, r netlink.Request) iter.Seq2[netlink.Message, error] {
	if a := t.facts.find(r); a != nil {
		return a.serve(ctx, r)
	}
	return func(yield func(netlink.Message, error) bool) {
		yield(netlink.Message{}, notRecorded("the answer to netlink request %d of family %d", r.Type, r.Protocol))
	}
}

// find finds an answer that serves a request: one that covers it or, of a kind that is not described, the only one of
// its kind.
func (f *facts) find(r netlink.Request) *answer {
	if a := f.findCovering(r); a != nil {
		return a
	}
	var found []*answer
	for _, a := range f.answers {
		if sameKind(a.request, r) {
			found = append(found, a)
		}
	}
	if len(found) != 1 {
		return nil
	}
	return found[0]
}

// findCovering finds the answer to an equal request, or to one whose filter covers the request's.
func (f *facts) findCovering(r netlink.Request) *answer {
	wanted, known := filterOf(r)
	i := slices.IndexFunc(f.answers, func(a *answer) bool {
		if same(a.request, r) {
			return true
		}
		recorded, alike := filterOf(a.request)
		return known && alike && recorded.covers(wanted)
	})
	if i < 0 {
		return nil
	}
	return f.answers[i]
}

// same says whether two requests are equal. The payload identifies the file.
func same(a, b netlink.Request) bool {
	a.File, b.File = nil, nil
	return reflect.DeepEqual(a, b)
}

// sameKind says whether two requests list the same kind of things, as far as one can tell of requests that are not
// described: by their type, and the first byte, which is the address family, or the command of generic netlink.
func sameKind(a, b netlink.Request) bool {
	_, knownA := requestKindOf(a)
	_, knownB := requestKindOf(b)
	return a.Protocol == b.Protocol && a.Type == b.Type && !a.Single && !b.Single && !knownA && !knownB &&
		len(a.Payload) > 0 && len(b.Payload) > 0 && a.Payload[0] == b.Payload[0]
}

// serve yields the messages that a request asks for. It looks at the context for every 256th message, because all are
// in memory.
func (a *answer) serve(ctx context.Context, r netlink.Request) iter.Seq2[netlink.Message, error] {
	const often = 256
	wanted, known := filterOf(r)
	return func(yield func(netlink.Message, error) bool) {
		n := 0
		for m, err := range a.messages() {
			if n++; n%often == 1 && ctx.Err() != nil {
				yield(netlink.Message{}, context.Cause(ctx))
				return
			}
			if err == nil && known && !wanted.wants(m) {
				continue
			}
			if !yield(m, err) {
				return
			}
		}
	}
}

// recording is a Transport that keeps every answer, and sends no request that a kept answer serves.
type recording struct {
	stack netlink.Transport
	lock  sync.Mutex
	facts *facts
}

// Dump reads the whole answer before it yields the first message, because the consumer may send another request
// meanwhile, and the lock is not held then.
func (t *recording) Dump(ctx context.Context, r netlink.Request) iter.Seq2[netlink.Message, error] {
	a, err := t.answer(ctx, r)
	if err != nil {
		return func(yield func(netlink.Message, error) bool) { yield(netlink.Message{}, err) }
	}
	return a.serve(ctx, r)
}

// maxAttempts is how often a list is read that changes while the kernel writes it.
const maxAttempts = 3

func (t *recording) answer(ctx context.Context, r netlink.Request) (*answer, error) {
	t.lock.Lock()
	defer t.lock.Unlock()
	if a := t.facts.findCovering(r); a != nil {
		return a, nil
	}
	a, err := t.ask(ctx, r)
	if err != nil {
		return nil, err
	}
	// A reader that fails with one address family may not ask for the other one, which a query may ask for alone.
	if other, ok := otherFamily(r); ok && t.facts.findCovering(other) == nil {
		_, err = t.ask(ctx, other)
	}
	return a, err
}

func (t *recording) ask(ctx context.Context, r netlink.Request) (*answer, error) {
	a := &answer{}
	for range maxAttempts {
		*a = answer{request: widened(r)}
		var failure error
		for m, err := range t.stack.Dump(ctx, a.request) {
			if failure = err; err == nil {
				a.add(m)
			}
		}
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		a.failure = failureOf(failure)
		if !errors.Is(failure, netlink.ErrInterrupted) {
			break
		}
	}
	t.facts.answers = append(t.facts.answers, a)
	return a, nil
}
