package remote

import (
	"time"

	"netql/shell/remote/frame"
)

// A host may send as many bytes of rows as it has credit for: a window at first, more where its rows are the ones that
// are handed on, and then as many as were handed on.

// grant lets a host send more.
func (d *delivery) grant(i, bytes int) {
	d.lock.Lock()
	defer d.lock.Unlock()
	if h := &d.hosts[i]; bytes > 0 && !h.over() && !d.ended {
		h.grant(i, bytes)
	}
}

// grantHead lets the host whose rows are handed on send more than others, until its answer ends: of a watch, in all
// samples.
func (d *delivery) grantHead(i int) {
	d.lock.Lock()
	head := d.hosts[i].head
	d.hosts[i].head = true
	d.lock.Unlock()
	if !head {
		d.grant(i, headWindow)
	}
}

// easeEvery is how often hosts that wait for credit are given a little while another host is waited for. Some give up
// an asker who takes nothing for 10 seconds.
const easeEvery = 4 * time.Second

// ease lets each host that waits for credit send a little, also on the other sides of a join.
func (d *delivery) ease() {
	d.eased = time.Now()
	d.question.ease()
	for _, q := range d.asker.otherSides(d.local) {
		q.ease()
	}
}

// ease lets each host that waits for credit send what has gathered meanwhile, and from then on some hundred bytes.
func (q *question) ease() {
	q.lock.Lock()
	defer q.lock.Unlock()
	for i := range q.hosts {
		if h := &q.hosts[i]; !h.over() && h.starved() {
			h.grant(i, h.bytes-h.granted+1)
		}
	}
}

// grant lets the host, whose place is i, send so many bytes more.
func (h *host) grant(i, bytes int) {
	if h.starved() {
		h.moved = time.Now()
	}
	h.granted += bytes
	h.credit(i, frame.Credit{Bytes: bytes})
}

// starved says that the host has to wait for credit.
func (h *host) starved() bool { return !h.asked.IsZero() && h.bytes >= h.granted }

// credit lets the host, whose place is i, send more. Credit before the ask would be of none.
func (h *host) credit(i int, more frame.Credit) {
	if h.asked.IsZero() {
		h.early.Bytes += more.Bytes
		h.early.Samples += more.Samples
		return
	}
	h.exchange.Send(i, frame.Encode(askID, &more))
}
