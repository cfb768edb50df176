package remote

import (
	"fmt"
	"time"

	"netql/query"
	"netql/shell/remote/frame"
)

// host is what is known of a host that is asked. The question's lock guards it.
type host struct {
	exchange              Exchange
	started, asked, heard time.Time // heard: when it last sent something, or was begun to be reached
	first                 time.Time // when its first frame T came
	ended                 bool      // nothing more comes
	silent                bool      // it was given up because it sent nothing for too long
	state                 State     // by the transport; "" where frames tell it
	said                  string    // why
	endedAt               time.Time

	hello   frame.Hello
	greeted bool
	offset  time.Duration // of its clock from ours
	local   *query.Local  // that it is asked
	missing []string      // columns that it does not have
	unlike  string        // why its version cannot be asked; "" where it can
	end     *frame.End
	bad     string // what it has sent that is no answer
	kept    bool   // rows of it were handed on

	queue   []item
	idle    int          // frames that came and are no step of the answer
	rows    int          // that came
	sampled int          // those of them in samples that have ended
	bytes   int          // of their payloads
	total   int          // rows that there are at the least, as far as the host has counted them
	limit   int          // the most rows of its answer; 0 for no limit
	early   frame.Credit // waits until the host is asked
	mode    mode         // of the question; events have no samples: there a frame S has warnings alone
	granted int          // bytes of payloads that it may send; it may go beyond by a part of one payload
	warned  query.Warned
	untold  query.Warned // of those, what was not told yet of a host whose events are followed
	samples int          // that have ended
	wanted  int          // the number of the sample that is wanted, from 0

	moved  time.Time // when it last sent rows, or was asked for more
	head   bool      // it has credit for headWindow bytes more
	behind bool      // it was asked again and is not back, or is late for a sample
	was    outcome   // how it was when that began
	// dropping is set where what it sends is too late for the sample that is wanted.
	dropping bool
}

// item is what a host has sent and nobody has taken yet: a payload of rows, or the end of a sample.
type item struct {
	payload []byte
	ends    bool
	sample  int // the number of the sample that it is of, from 0
}

// take notes a frame.
func (h *host) take(f frame.Frame, now time.Time) (err error) {
	h.heard = now
	if f.Kind != frame.KindRows && len(f.Payload) > maxMessage {
		return fmt.Errorf("%w: a message of %d bytes", frame.ErrBroken, len(f.Payload))
	}
	if f.Kind != frame.KindRows && f.Kind != frame.KindEnd && (f.Kind != frame.KindSample || h.mode == events) {
		if h.idle++; h.idle > maxIdle(now.Sub(h.started)) {
			return fmt.Errorf("%w: %d messages without a row", frame.ErrBroken, h.idle)
		}
	}
	switch f.Kind {
	case frame.KindHello:
		return h.greets(f)
	case frame.KindTaken:
		return h.taken(f, now)
	case frame.KindColumns:
		return h.columns(f)
	case frame.KindRows:
		n, err := frame.CountRows(f.Payload)
		switch {
		case h.bytes >= h.granted:
			err = fmt.Errorf("%w: rows beyond the credit", frame.ErrBroken)
		case err == nil && n == 0:
			err = fmt.Errorf("%w: no rows where some should be", frame.ErrBroken)
		}
		h.rows += n
		h.bytes += len(f.Payload)
		h.moved = now
		h.queue = append(h.queue, item{payload: f.Payload, sample: h.samples})
		return err
	case frame.KindSample:
		return h.sample(f)
	case frame.KindEnd:
		var end frame.End
		if err := frame.Decode(f, &end); err != nil {
			return err
		}
		h.end = &end
		h.warn(query.Warned{Messages: end.Warnings, More: end.More})
		return nil
	}
	return fmt.Errorf("%w: a frame %q", frame.ErrBroken, string(f.Kind))
}

// maxMessage bounds what is no row.
const maxMessage = 256 << 10

// maxIdle bounds the messages that take the answer no further, by the time since the host was begun to be reached: one
// a second says that the host is at work, some tell what it is and what it warns of, and a network may hold them up and
// bring them all at once. A host that does nothing else would be waited for without end.
func maxIdle(elapsed time.Duration) int {
	const burst, perSecond = 100, 2
	return burst + int(perSecond*elapsed/time.Second)
}

// taken notes that the host is at work. The first time tells how long the way is, and how late its clock is.
func (h *host) taken(f frame.Frame, now time.Time) error {
	var t frame.Taken
	if err := frame.Decode(f, &t); err != nil {
		return err
	}
	h.total, h.limit = max(h.total, t.Total), t.Limit
	if !h.first.IsZero() {
		return nil
	}
	h.first = now
	if !h.asked.IsZero() && !t.Time.IsZero() {
		h.offset = t.Time.Sub(h.asked.Add(now.Sub(h.asked) / 2))
	}
	return nil
}

// greets notes who answers.
func (h *host) greets(f frame.Frame) error {
	h.greeted = true
	err := frame.Decode(f, &h.hello)
	if err == nil && h.hello.Proto < frame.Proto {
		h.unlike = fmt.Sprintf("netql %s there speaks protocol %d, and this one %d: copy this one there",
			h.hello.Version, h.hello.Proto, frame.Proto)
	}
	return err
}

// columns notes which of the wanted columns the host does not have, or has of another type.
func (h *host) columns(f frame.Frame) error {
	columns, err := frame.DecodeColumns(f)
	if err == nil && len(columns.List) != len(h.local.Columns) {
		err = fmt.Errorf("%w: %d columns in place of %d", frame.ErrBroken, len(columns.List), len(h.local.Columns))
	}
	if err != nil {
		return err
	}
	for i, c := range columns.List {
		switch want := h.local.Columns[i]; {
		case c.Missing:
			h.missing = append(h.missing, h.local.Typed(want.Name))
		case c.Kind != want.Type.Kind || c.Unit != want.Unit:
			h.unlike = fmt.Sprintf("netql %s there has another type of the column %s", h.hello.Version,
				h.local.Typed(want.Name))
		}
	}
	return nil
}

func (h *host) sample(f frame.Frame) error {
	var s frame.Sample
	if err := frame.Decode(f, &s); err != nil {
		return err
	}
	h.warn(query.Warned{Messages: s.Warnings, More: s.More})
	if h.mode == events {
		return nil
	}
	if h.mode == once || h.samples > h.wanted {
		return fmt.Errorf("%w: a sample that nobody wanted", frame.ErrBroken)
	}
	if s.Rows != h.rows {
		return fmt.Errorf("%w: it sent %d rows, and %d came", frame.ErrBroken, s.Rows, h.rows)
	}
	h.queue = append(h.queue, item{ends: true, sample: h.samples})
	h.samples++
	h.sampled = h.rows
	return nil
}

// maxWarnings bounds how many warnings of a host are kept, and maxMore how many more it can say that there are.
const maxWarnings, maxMore = 20, 1 << 30

// warn notes what the host warns of.
func (h *host) warn(of query.Warned) {
	h.warned = withWarnings(h.warned, of)
	if h.mode == events {
		h.untold = withWarnings(h.untold, of)
	}
}

// withWarnings adds warnings to those that are kept.
func withWarnings(kept, of query.Warned) query.Warned {
	n := min(len(of.Messages), maxWarnings-len(kept.Messages))
	kept.Messages = append(kept.Messages, of.Messages[:n]...)
	kept.More = min(kept.More+len(of.Messages)-n+min(max(of.More, 0), maxMore), maxMore)
	return kept
}

// refuse notes that the host has sent what is no answer.
func (h *host) refuse(err error) { h.bad = "it sends what is no answer: " + err.Error() }

// spoilt says that what it sends is of no use.
func (h *host) spoilt() bool { return h.bad != "" || h.unlike != "" }

// over says that the answer of the host has ended, one way or the other.
func (h *host) over() bool { return h.ended || h.end != nil || h.spoilt() }

// counts says that rows which count together do so: the answer, or the wanted sample of a watch, is whole.
func (h *host) counts() bool {
	return !h.dropping && (!h.spoilt() && h.samples > h.wanted || h.whole())
}

// answers says that the host has given something.
func (h *host) answers() bool { return h.counts() || h.kept }

// done says that nothing more is waited for: of the wanted sample, where it is a watch.
func (h *host) done() bool { return h.over() || h.samples > h.wanted }

// whole says that the answer has ended and nothing is missing.
func (h *host) whole() bool {
	return h.end != nil && h.end.State == "" && h.end.Rows == h.rows && !h.spoilt()
}
