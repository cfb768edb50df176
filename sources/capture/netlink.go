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

// Dump answers from the recorded answer that was made for the request, or for a wider one.
func (t replay) Dump(ctx context.Context, r netlink.Request) iter.Seq2[netlink.Message, error] {
	if a := t.facts.find(r); a != nil {
		return a.serve(ctx, r)
	}
	return func(yield func(netlink.Message, error) bool) {
		yield(netlink.Message{}, notHeld("the answer to netlink request %d of family %d", r.Type, r.Protocol))
	}
}

// find looks for an answer that holds what a request asks for.
func (f *facts) find(r netlink.Request) *answer {
	if a := f.exactly(r); a != nil {
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

// exactly looks for an answer to a request, or to one that is known to be wider.
func (f *facts) exactly(r netlink.Request) *answer {
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

// same compares what tells requests apart. A file is in the payload by its number.
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

// serve yields the messages that a request asks for. The context is looked at now and then, as a dump is in memory.
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

// recording is a Transport that remembers every answer and asks no question twice.
type recording struct {
	stack netlink.Transport
	lock  sync.Mutex
	facts *facts
}

// Dump reads the whole answer before it hands the first message on: whoever reads it may ask something else meanwhile.
func (t *recording) Dump(ctx context.Context, r netlink.Request) iter.Seq2[netlink.Message, error] {
	a, err := t.answer(ctx, r)
	if err != nil {
		return func(yield func(netlink.Message, error) bool) { yield(netlink.Message{}, err) }
	}
	return a.serve(ctx, r)
}

// tries is how often a list is read that changes while the kernel writes it.
const tries = 3

func (t *recording) answer(ctx context.Context, r netlink.Request) (*answer, error) {
	t.lock.Lock()
	defer t.lock.Unlock()
	if a := t.facts.exactly(r); a != nil {
		return a, nil
	}
	a, err := t.ask(ctx, r)
	if err != nil {
		return nil, err
	}
	// A reader that fails with one address family may not ask for the other one, which a query may ask for alone.
	if other, ok := otherFamily(r); ok && t.facts.exactly(other) == nil {
		_, err = t.ask(ctx, other)
	}
	return a, err
}

func (t *recording) ask(ctx context.Context, r netlink.Request) (*answer, error) {
	a := &answer{}
	for range tries {
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
