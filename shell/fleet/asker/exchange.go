package asker

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"

	"netql/shell/fleet/packet"
	"netql/shell/fleet/subject"
	"netql/shell/remote"
	"netql/shell/remote/frame"
)

const (
	// checkSilence is how often it is checked which hosts say nothing.
	checkSilence = time.Second
	// quiet is how long a host may say nothing before the hub is asked whether it is still there. A host that works
	// says so each second.
	quiet = 2500 * time.Millisecond
	// askAgain is how long the hub may take to say who is still there.
	askAgain = 10 * time.Second
	// keepAlive is how often hosts are told that the asker is still there.
	keepAlive = 5 * time.Second
)

// exchange is an ask under way. One goroutine makes all calls of its Receiver.
type exchange struct {
	*transport
	ctx    context.Context // is over when the exchange is
	cancel context.CancelFunc
	to     remote.Receiver
	ask    frame.Ask
	id     uint64
	token  string // the id in subjects
	all    bool   // the hosts were asked by one message
	order  []int  // the hosts that are asked
	hosts  map[int]*hostState
	open   int // how many hosts have not ended

	answers, roster *nats.Subscription
	known           map[string]int // connections of hosts, by the parts of the roster that came; nil if none is awaited
	rosterAsked     time.Time
	arrived         atomic.Pointer[time.Time] // as Arrived
	asksServer      bool                      // an answer of the server is awaited that tells it
	arriving        *arrival                  // that was answered; messages before the answer are not all taken yet
	taken           int64                     // how many messages of hosts were taken
	ended           chan struct{}             // is closed when all hosts have ended

	mu     sync.Mutex
	events []event
	signal chan struct{} // has an element while there are events
}

// hostState is what an exchange knows of a host.
type hostState struct {
	agent   string // the process that answers; "" before it has
	another bool   // a second one has answered in the same name
	reader  packet.Reader
	heard   time.Time // when it last sent something
	ended   bool
	over    atomic.Bool // as ended, for other goroutines
}

// event is something that the exchange's goroutine takes in turn: one of these.
type event struct {
	message *nats.Msg // of a host
	roster  *nats.Msg // of the hub
	arrival *arrival  // of an answer of the server
	stop    *int      // a host of which nothing more is wanted
	close   bool      // nothing more is wanted of any
	broken  bool      // the connection broke
}

func (x *exchange) push(e event) {
	x.mu.Lock()
	x.events = append(x.events, e)
	x.mu.Unlock()
	select {
	case x.signal <- struct{}{}:
	default:
	}
}

func (x *exchange) take() []event {
	x.mu.Lock()
	defer x.mu.Unlock()
	events := x.events
	x.events = nil
	return events
}

// Send sends credit, or that nothing more is wanted.
func (x *exchange) Send(place int, f frame.Frame) {
	if host := x.hosts[place]; host == nil || host.over.Load() {
		return
	}
	f.ID = x.id
	// Where there is no connection the host hears nothing more of the asker, and ends by itself.
	x.client.Publish(subject.Credit(x.names[place], x.user, x.token), f.AppendTo(nil))
}

// Stop ends what reaches a host.
func (x *exchange) Stop(place int) { x.push(event{stop: &place}) }

// Close ends the exchange, and waits until it has ended.
func (x *exchange) Close() {
	x.push(event{close: true})
	<-x.ended
}

// run asks, and takes what comes, until all hosts have ended.
func (x *exchange) run() {
	defer close(x.ended)
	defer x.unsubscribe()
	defer x.remove(x)
	defer x.cancel() // of what asks the server
	if err := x.begin(); err != nil {
		if errors.Is(err, nats.ErrReconnectBufExceeded) { // of what waits for a connection, which is nothing
			err = errors.New("there is no connection to the server")
		}
		x.endAll(remote.Failed, err.Error())
		return
	}
	ticker := time.NewTicker(checkSilence)
	defer ticker.Stop()
	for alive := time.Now(); x.open > 0; {
		select {
		case <-x.signal:
			for _, e := range x.take() {
				x.on(e)
			}
			x.noteArrival()
		case <-ticker.C:
			x.askServer()
			if x.lookForSilent(); time.Since(alive) > keepAlive {
				alive = time.Now()
				x.keepAlive()
			}
		case <-x.ctx.Done():
			x.cancelAll()
			x.endAll("", "")
		}
	}
}

// on takes an event.
func (x *exchange) on(e event) {
	switch {
	case e.message != nil:
		x.taken++
		x.onMessage(e.message)
	case e.arrival != nil:
		x.arriving = e.arrival
	case e.roster != nil:
		x.onRoster(e.roster)
	case e.stop != nil:
		if host := x.hosts[*e.stop]; host != nil && !host.ended {
			x.Send(*e.stop, frame.Encode(x.id, &frame.Cancel{}))
			x.end(*e.stop, "", "")
		}
	case e.broken:
		x.endAll(remote.Failed, "the connection to the server broke")
	case e.close:
		x.cancelAll()
		x.endAll("", "")
	}
}

// begin sends the ask.
func (x *exchange) begin() error {
	now := time.Now()
	for _, place := range x.order {
		x.to.Started(place)
		x.hosts[place].heard = now
	}
	ask := frame.Encode(x.id, &x.ask).AppendTo(nil)
	if x.all {
		if err := x.client.Publish(subject.AskAll(x.user), ask); err != nil {
			return err
		}
	}
	for _, place := range x.order {
		if !x.all {
			// Where nobody receives the message, the server says so to the reply's subject.
			name := x.names[place]
			nobody := subject.Answer(name, x.user, x.token, subject.Nobody)
			if err := x.client.PublishRequest(subject.AskHost(x.user, name), nobody, ask); err != nil {
				return err
			}
		}
		x.to.Asked(place)
	}
	// After the ask: a host that is connected when the hub looks, and was not before, has not heard it and is silent.
	x.askRoster()
	return nil
}

// end ends a host.
func (x *exchange) end(place int, state remote.State, said string) {
	host := x.hosts[place]
	host.ended, host.reader = true, packet.Reader{}
	host.over.Store(true)
	x.open--
	x.to.Ended(place, state, said)
}

func (x *exchange) endAll(state remote.State, said string) {
	for _, place := range x.order {
		if !x.hosts[place].ended {
			x.end(place, state, said)
		}
	}
}

// toOpen sends a frame to all hosts that have not ended: by one message where that is as good.
func (x *exchange) toOpen(f frame.Frame) {
	if f.ID = x.id; x.all {
		x.client.Publish(subject.AskAll(x.user), f.AppendTo(nil)) // as in Send
		return
	}
	for _, place := range x.order {
		if !x.hosts[place].ended {
			x.Send(place, f)
		}
	}
}

func (x *exchange) cancelAll() { x.toOpen(frame.Encode(x.id, &frame.Cancel{})) }

// keepAlive tells the hosts that the asker is still there.
func (x *exchange) keepAlive() { x.toOpen(frame.Encode(x.id, &frame.Credit{})) }
