package asker

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"netql/shell/fleet/packet"
	"netql/shell/fleet/subject"
	"netql/shell/remote/frame"
)

const (
	// listenAtLeast is how long hosts that nobody knows are waited for, and listenQuiet how long after the last one.
	listenAtLeast = 2 * time.Second
	listenQuiet   = time.Second
)

// discover finds the hosts of a server without a hub: those that answer now, and those that ever did. Nobody can know
// whether these are all, which the note says.
func (f *Fleet) discover(ctx context.Context, t *transport, target target) error {
	known, path, unknown := remembered(target.server())
	heard, err := t.listen(ctx)
	if err != nil {
		return err
	}
	all := map[string]bool{}
	for _, name := range slices.Concat(known, heard) {
		all[name] = true
	}
	f.Names = slices.Sorted(maps.Keys(all))
	if f.Names == nil {
		return errors.New("no host has answered, and none is known from before: is an agent connected?")
	}
	if unknown == nil && len(f.Names) > len(known) {
		unknown = remember(target.server(), f.Names)
	}
	t.note = fmt.Sprintf("no hub says which hosts there are: these are the %d that answered within %v, and %d that "+
		"did before (%s)", len(heard), listenAtLeast, len(f.Names)-len(heard), path)
	if unknown != nil {
		t.note = fmt.Sprintf("no hub says which hosts there are: these are the %d that answered within %v; those that "+
			"did before are not known: %v", len(heard), listenAtLeast, unknown)
	}
	return nil
}

// listen asks all hosts for a hello, and gives the names of those that answer.
func (t *transport) listen(ctx context.Context) ([]string, error) {
	id, token := newAskID()
	answers, err := t.client.SubscribeSync(subject.Answer("*", t.user, token, "*"))
	if err != nil {
		return nil, err
	}
	defer answers.Unsubscribe()
	ask := frame.Encode(id, &frame.Ask{Proto: frame.Proto})
	if err := t.client.Publish(subject.AskAll(t.user), ask.AppendTo(nil)); err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for start, last := time.Now(), time.Now(); ; {
		wait := max(time.Until(start.Add(listenAtLeast)), time.Until(last.Add(listenQuiet)))
		if wait <= 0 {
			return slices.Sorted(maps.Keys(names)), nil
		}
		within, cancel := context.WithTimeout(ctx, wait)
		m, err := answers.NextMsgWithContext(within)
		cancel()
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if err != nil {
			continue // nobody for a while
		}
		name, _, _, ok := subject.Answered(m.Subject)
		if ok && subject.CheckName(name) == nil && !names[name] && isAnswer(m.Data) {
			names[name], last = true, time.Now()
		}
	}
}

// isAnswer says whether a message begins an answer.
func isAnswer(data []byte) bool {
	frames, err := new(packet.Reader).Frames(data)
	return err == nil && len(frames) > 0
}
