package asker

import (
	"context"
	"time"
)

// mostHeldUp is how long the server's answer to a ping may be held up: as long as the server takes to write what it
// has.
const mostHeldUp = 10 * time.Minute

// arrival is an answer of the server to a ping.
type arrival struct {
	asked    time.Time // zero where there was no answer
	messages int64     // of hosts that came before it, since the exchange began
}

// Arrived implements remote.Delaying. The server sends one thing after the other, so that its answer to a ping comes
// after all that hosts had sent before: over a slow line maybe minutes later, in which no host is silent. Where nothing
// at all comes, nothing is held up.
func (x *exchange) Arrived() time.Time {
	if !x.heardLast.lately() {
		return time.Now()
	}
	return *x.arrived.Load()
}

// askServer has the server answer a ping, if no answer is awaited.
func (x *exchange) askServer() {
	if x.asksServer {
		return
	}
	x.asksServer = true
	asked := time.Now()
	go func() {
		ctx, cancel := context.WithTimeout(x.ctx, mostHeldUp)
		defer cancel()
		if x.client.FlushWithContext(ctx) != nil {
			x.push(event{arrival: &arrival{}})
			return
		}
		// One that is handed on between the two is missing in the sum: so that is never more than will be taken.
		handed, _ := x.answers.Delivered() // fails where the exchange is over
		waiting, _, _ := x.answers.Pending()
		x.push(event{arrival: &arrival{asked, handed + int64(waiting)}})
	}()
}

// noteArrival notes that all has come which hosts had sent when the server was asked, once the messages before its
// answer are taken: on a busy machine they may have waited here.
func (x *exchange) noteArrival() {
	if x.arriving == nil || x.taken < x.arriving.messages {
		return
	}
	if asked := x.arriving.asked; !asked.IsZero() {
		x.arrived.Store(&asked)
	}
	x.arriving, x.asksServer = nil, false
}
