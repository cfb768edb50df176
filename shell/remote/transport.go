// Package remote asks many hosts a query at a time: it gives what they answer as rows, and tells who did not answer.
package remote

import (
	"context"
	"time"

	"netql/shell/remote/frame"
)

// A Transport carries asks to hosts, and back what they send. Hosts are given by their places in the list of hosts that
// it was made with.
type Transport interface {
	// Ask begins to ask hosts, and returns at once. It tells the receiver what happens, until each of the hosts has
	// ended, which it tells exactly once: also where the context ends, or nothing more is wanted. A transport that
	// reaches all hosts at once sends one ask; one that sends it to each sets ask.Host to the name of each.
	Ask(ctx context.Context, ask frame.Ask, hosts []int, to Receiver) (Exchange, error)
}

// An Exchange is an ask under way. Any goroutine may call it; Send and Stop do not wait.
type Exchange interface {
	Send(host int, f frame.Frame) // credit
	Stop(host int)                // nothing more is wanted of the host
	Close()                       // Stop of all, which waits until each has ended; also more than once
}

// A Delaying exchange knows that what hosts send is held up on the way, as over a slow line. It is an Exchange.
type Delaying interface {
	Arrived() time.Time // all that any host had sent by then has come
}

// A Receiver is told what hosts send. The calls for one host come one after the other, those for several at the same
// time. They do not wait, because what hosts may send is bounded by credit; they may use the exchange, but not close
// it.
type Receiver interface {
	Started(host int)                         // it is being reached: its silence counts from now
	Asked(host int)                           // the ask was sent
	Frame(host int, f frame.Frame)            // whose payload is the receiver's
	Ended(host int, state State, said string) // nothing more comes. state is "" where frames tell how it went
}

// State says how it went with a host.
type State string

// The states of hosts.
const (
	Waiting  State = "waiting"   // its answer has not ended
	OK       State = "ok"        // its answer is whole
	Partial  State = "partial"   // it says that something is missing, and what
	Failed   State = "failed"    // it could not be asked, or its answer broke off
	Refused  State = "refused"   // it does not answer such a question
	Busy     State = "busy"      // it answers too many others
	Older    State = "older"     // its netql is too old, or lacks what the question names
	Late     State = "late"      // the question ended before its answer did
	Lost     State = "lost"      // rows are missing without a reason
	NoAnswer State = "no_answer" // it is silent
	Stopped  State = "stopped"   // enough rows were there before its answer ended
)

// states are the states that are told in a warning, in this order, and how.
var states = []struct {
	state  State
	phrase string
}{
	{NoAnswer, "no answer"},
	{Failed, "failed"},
	{Refused, "refused"},
	{Busy, "busy"},
	{Late, "too late"},
	{Lost, "rows are lost"},
	{Older, "of another version"},
	{Partial, "partial"},
}
