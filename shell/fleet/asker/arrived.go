package asker

import (
	"context"
	"time"
)

// mostHeldUp is how long the server's answer to a ping may be held up: as long as the server takes to write what it
// has.
const mostHeldUp = 10 * time.Minute

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
	if !x.asksServer.CompareAndSwap(false, true) {
		return
	}
	asked := time.Now()
	go func() {
		defer x.asksServer.Store(false)
		ctx, cancel := context.WithTimeout(x.ctx, mostHeldUp)
		defer cancel()
		if x.client.FlushWithContext(ctx) == nil {
			x.arrived.Store(&asked)
		}
	}()
}
