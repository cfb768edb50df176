package remote

import (
	"context"
	"time"

	"netql/query/schema"
	"netql/shell/remote/frame"
)

// askID is the number of the ask in an exchange, which has but one.
const askID = 1

// delivery hands on the rows of a question.
type delivery struct {
	*question
	reader *frame.RowReader
	yield  func([]schema.Scalar, error) bool
	warn   func(message string)
	over   bool // the consumer wants no more
	ended  bool // the context has ended: what has come by then is handed on, and nothing is waited for

	eased time.Time // when hosts that wait for credit were given a little

	toldEnded time.Time // when it was told last that hosts have ended, while events are followed
}

// deliver hands on the rows of all hosts: host after host, or events as they come. Its error is that the context of a
// watch or of events has ended; that of a single answer leaves the hosts late that are not done.
func (d *delivery) deliver(ctx context.Context) error {
	if d.mode == events {
		return d.events(ctx)
	}
	for i := range d.hosts {
		if err := d.host(ctx, i); err != nil || d.over {
			return err
		}
	}
	return nil
}

// host hands on the rows of a host. Where these count only if all of them are there, they are held back until then.
func (d *delivery) host(ctx context.Context, i int) error {
	d.grantHead(i)
	ctx, forget := d.patience(ctx, i)
	defer forget()
	var held [][]byte
	bytes := 0
	defer func() { _ = d.local.Hold(-bytes) }() // whose error the plan has, too
	for {
		next, more, err := d.next(ctx, i)
		if err == errNotBack {
			d.drop(i)
			return nil
		}
		if err != nil {
			return err
		}
		if !more {
			break
		}
		if d.local.Whole {
			if err := d.local.Hold(len(next.payload)); err != nil {
				return err
			}
			bytes += len(next.payload)
			held = append(held, next.payload)
		} else if !d.rows(i, next.payload) {
			return nil
		}
		d.grant(i, len(next.payload))
	}
	d.lock.Lock()
	counts := d.hosts[i].counts()
	d.lock.Unlock()
	if counts {
		d.held(i, held)
	}
	return nil
}

// held hands on the rows that were held back. None may count if one cannot be read, so all are read before.
func (d *delivery) held(i int, payloads [][]byte) {
	for _, payload := range payloads {
		if err := d.reader.Each(payload, func([]schema.Scalar) bool { return true }); err != nil {
			d.broken(i, err)
			return
		}
	}
	for _, payload := range payloads {
		if !d.rows(i, payload) {
			return
		}
	}
}

// next waits for the next rows of a host, in the sample that is wanted; false where no more come.
func (d *delivery) next(ctx context.Context, i int) (item, bool, error) {
	for {
		if err := d.refusal(); err != nil {
			return item{}, false, err
		}
		next, found, over := d.queued(i)
		switch {
		case found && next.ends, over:
			return item{}, false, nil
		case found:
			return next, true, nil
		}
		switch err := d.wait(ctx); {
		case err == nil:
		case d.mode != once:
			return item{}, false, err
		case d.ended:
			return item{}, false, nil
		default:
			d.ended = true // and what may have come meanwhile is looked for
		}
	}
}

// queued takes what a host has sent of the sample that is wanted; over says that nothing more will come. What is left
// of earlier samples, of which the consumer did not want all, is dropped.
func (d *delivery) queued(i int) (next item, found, over bool) {
	for {
		d.lock.Lock()
		h := &d.hosts[i]
		if len(h.queue) == 0 {
			over = h.over() || h.dropping
			d.lock.Unlock()
			return item{}, false, over
		}
		next, h.queue = h.queue[0], h.queue[1:]
		old := next.sample < h.wanted
		d.lock.Unlock()
		if !old {
			return next, true, false
		}
		d.grant(i, len(next.payload))
	}
}

// wait waits until something has changed.
func (d *delivery) wait(ctx context.Context) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	left := easeEvery - time.Since(d.eased)
	if left <= 0 {
		d.ease()
		left = easeEvery
	}
	if due := tellEvery - time.Since(d.toldEnded); due > 0 {
		left = min(left, due)
	}
	timer := time.NewTimer(left)
	defer timer.Stop()
	select {
	case <-d.changed:
	case <-timer.C:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	return nil
}

// rows hands on the rows of a payload, and says whether more are wanted of this host. The asker knows the name of the
// host by itself.
func (d *delivery) rows(i int, payload []byte) bool {
	kept := false
	err := d.reader.Each(payload, func(row []schema.Scalar) bool {
		for _, place := range d.local.Hosts {
			row[place] = schema.OfText(d.asker.names[i])
		}
		kept = true
		d.over = !d.yield(row, nil)
		return !d.over
	})
	if kept {
		d.lock.Lock()
		d.hosts[i].kept = true
		d.lock.Unlock()
	}
	if err != nil {
		d.broken(i, err)
	}
	return err == nil && !d.over
}

// broken notes that a host has sent what is no rows.
func (d *delivery) broken(i int, err error) {
	d.lock.Lock()
	defer d.lock.Unlock()
	d.hosts[i].refuse(err)
	d.hosts[i].exchange.Stop(i)
}
