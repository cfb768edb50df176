package agent

import (
	"fmt"

	"github.com/nats-io/nats.go"

	"netql/shell/fleet/packet"
	"netql/shell/fleet/subject"
	"netql/shell/remote/frame"
)

const (
	// pending is how many messages may wait to be taken, which takes microseconds each, and a millisecond for a large
	// ask. More are lost; the log says so.
	pending = 1 << 10
	// maxAsk bounds an ask in bytes. It is as long as a word of a command line may be (MAX_ARG_STRLEN in
	// include/uapi/linux/binfmts.h). The asks that wait to be taken are 128 MB at most.
	maxAsk = 128 << 10
)

func (a *Agent) receiveAll(messages <-chan *nats.Msg) {
	for {
		select {
		case m := <-messages:
			a.receive(m)
		case <-a.closed:
			return
		}
	}
}

// receive takes a message of an asker. The server has checked that it is his.
func (a *Agent) receive(m *nats.Msg) {
	user, ok := subject.Asker(m.Subject)
	directed := !ok
	if directed {
		if user, _, ok = subject.Credited(m.Subject); !ok {
			return
		}
	}
	f, err := packet.Frame(m.Data)
	switch {
	case err == nil:
		a.take(askKey{user, f.ID}, f, directed)
	case a.told.news("no ask of " + user): // not a line for each: they may be many
		a.log.Printf("error: %s sent what is no ask: %v", user, err)
	}
}

// take takes a frame of an asker. One that was sent to all hosts is of no concern to those that have answered.
func (a *Agent) take(from askKey, f frame.Frame, directed bool) {
	a.mu.Lock()
	known, over := a.asks[from], a.recent.has(from)
	a.mu.Unlock()
	switch {
	case over:
	case known != nil:
		known.frame(f)
	case f.Kind == frame.KindAsk:
		a.begin(from, f)
	case directed && f.Kind == frame.KindCredit:
		a.newAsking(from, frame.Ask{}).tell(frame.End{State: "failed", Error: "the agent has started again meanwhile"})
	}
}

// begin begins to answer an ask.
func (a *Agent) begin(from askKey, f frame.Frame) {
	if len(f.Payload) > maxAsk {
		a.refuse(from, frame.End{State: "refused",
			Error: fmt.Sprintf("the question has %d bytes, and %d are allowed", len(f.Payload), maxAsk)})
		return
	}
	var ask frame.Ask
	if err := frame.Decode(f, &ask); err != nil {
		a.refuse(from, frame.End{State: "refused", Error: err.Error()})
		return
	}
	ask.Host = a.name
	asking := a.newAsking(from, ask)
	if err := asking.slots.take(from.user); err != nil {
		asking.end(frame.End{State: "busy", Error: err.Error()})
		return
	}
	if !a.start(asking) {
		asking.slots.leave(from.user)
		asking.end(frame.End{State: "failed", Error: errStopped.Error()})
	}
}

// start starts the answer to an ask; false if the agent is stopped.
func (a *Agent) start(asking *asking) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.stopped {
		return false
	}
	a.asks[asking.from] = asking
	a.done.Go(asking.run)
	return true
}

// refuse ends an ask that is not answered.
func (a *Agent) refuse(from askKey, end frame.End) { a.newAsking(from, frame.Ask{}).end(end) }
