package remote

import (
	"context"
	"time"

	"netql/query"
)

// events hands on the events of all hosts as they come, and tells soon which hosts have ended.
func (d *delivery) events(ctx context.Context) error {
	for {
		i, payload, found, over := d.arrival()
		if found {
			if d.rows(i, payload); d.over {
				return nil
			}
			d.grant(i, len(payload))
			continue
		}
		d.tellEvents()
		d.tellClocks(d.warn)
		if over {
			return nil
		}
		d.tellEnded()
		if err := d.wait(ctx); err != nil {
			return err
		}
	}
}

// arrival takes the rows that came first; over says that no more will come.
func (d *delivery) arrival() (i int, payload []byte, found, over bool) {
	d.lock.Lock()
	defer d.lock.Unlock()
	for len(d.arrived) > 0 {
		i, d.arrived = d.arrived[0], d.arrived[1:]
		if h := &d.hosts[i]; len(h.queue) > 0 {
			payload, h.queue = h.queue[0].payload, h.queue[1:]
			return i, payload, true, false
		}
	}
	for i := range d.hosts {
		if !d.hosts[i].over() {
			return 0, nil, false, false
		}
	}
	return 0, nil, false, true
}

// tellEvery is how long hosts that end are gathered after others were told of, so that many which cannot be reached
// cost one line and not one each.
const tellEvery = time.Second

// tellEnded tells which hosts have ended since it told of some before: of the first at once.
func (d *delivery) tellEnded() {
	if time.Since(d.toldEnded) < tellEvery {
		return
	}
	d.lock.Lock()
	list := d.warningsOf(func(i int) bool {
		h := &d.hosts[i]
		return h.over() || h.silent
	})
	d.lock.Unlock()
	if len(list) > 0 {
		d.toldEnded = time.Now()
	}
	for _, w := range list {
		d.warn(w)
	}
}

// tellEvents tells what hosts have warned of since it was called before.
func (d *delivery) tellEvents() {
	d.lock.Lock()
	var messages []string
	for i := range d.hosts {
		for _, message := range d.hosts[i].untold.Lines() {
			messages = append(messages, d.asker.names[i]+": "+message)
		}
		d.hosts[i].untold = query.Warned{}
	}
	d.lock.Unlock()
	for _, m := range messages {
		d.warn(m)
	}
}
