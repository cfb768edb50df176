package ss

import (
	"slices"
	"strings"
)

// states is a set of states, a bit for each.
type states uint16

// ss's states, in the kernel's order (enum of net/tcp_states.h).
const (
	established states = 1 << iota
	synSent
	synReceived
	finWait1
	finWait2
	timeWait
	closed
	closeWait
	lastAck
	listen
	closing
	boundInactive

	everyState = boundInactive - 1 // ss shows bound but inactive sockets for -B alone
	connected  = everyState &^ (listen | closed | timeWait | synReceived)
)

// stateWords are ss's states by their names after state and exclude, the first of which ss's usage has.
var stateWords = []struct {
	state states
	names []string
}{
	{established, []string{"established"}},
	{synSent, []string{"syn-sent"}},
	{synReceived, []string{"syn-recv", "syn-rcv"}},
	{finWait1, []string{"fin-wait-1"}},
	{finWait2, []string{"fin-wait-2"}},
	{timeWait, []string{"time-wait"}},
	{closed, []string{"closed", "close", "unconnected"}},
	{closeWait, []string{"close-wait"}},
	{lastAck, []string{"last-ack"}},
	{listen, []string{"listening"}},
	{closing, []string{"closing"}},
	{boundInactive, []string{"bound-inactive"}},
}

// stateGroups are the names after state and exclude of several states.
var stateGroups = []struct {
	name   string
	states states
}{
	{"all", everyState},
	{"connected", everyState &^ (closed | listen)},
	{"synchronized", everyState &^ (closed | listen | synSent)},
	{"bucket", synReceived | timeWait},
	{"big", everyState &^ (synReceived | timeWait)},
}

// stateNamed are the states of a name after state or exclude, in any case; false for an unknown name.
func stateNamed(name string) (states, bool) {
	name = strings.ToLower(name)
	for _, w := range stateWords {
		if slices.Contains(w.names, name) {
			return w.state, true
		}
	}
	for _, g := range stateGroups {
		if g.name == name {
			return g.states, true
		}
	}
	return 0, false
}

// stateNames are the names after state and exclude, for errors and usage.
func stateNames() (names []string) {
	for _, g := range stateGroups {
		names = append(names, g.name)
	}
	for _, w := range stateWords {
		names = append(names, w.names[0])
	}
	return names
}

// stateMeant is the hint for a name that is no state's: that which begins so, as ss's own column State and /proc have
// it (ESTAB, TIME_WAIT, LISTEN), else the nearest.
func stateMeant(name string) string {
	name = strings.ReplaceAll(strings.ToLower(name), "_", "-")
	for _, known := range stateNames() {
		if len(name) > 2 && strings.HasPrefix(known, name) {
			return "did you mean " + known + "?"
		}
	}
	return nearestOf(name, stateNames())
}

// one says whether there is but one state in the set.
func (s states) one() bool { return s&(s-1) == 0 }

// vocabulary has netql's names of the states that sockets of some kind can be in.
type vocabulary map[states]string

var (
	datagramStates = vocabulary{established: "ESTABLISHED", closed: "UNCONN"}
	unixStates     = vocabulary{established: "ESTABLISHED", listen: "LISTEN", closed: "UNCONN"}

	// streamStates has no closed: the kernel lists no such socket of TCP, but those that are bound.
	streamStates = vocabulary{
		established: "ESTABLISHED", synSent: "SYN_SENT", synReceived: "SYN_RECEIVED", finWait1: "FIN_WAIT_1",
		finWait2: "FIN_WAIT_2", timeWait: "TIME_WAIT", closeWait: "CLOSE_WAIT", lastAck: "LAST_ACK", listen: "LISTEN",
		closing: "CLOSING", boundInactive: "BOUND_INACTIVE",
	}
)

// condition is the condition on the column state for the states of the set: always where all that sockets can be in are
// wanted, never where none is.
func (s states) condition(names vocabulary) term {
	var wanted, others []string
	for _, w := range stateWords {
		switch name := names[w.state]; {
		case name == "":
		case s&w.state != 0:
			wanted = append(wanted, name)
		case w.state != boundInactive: // which are not listed unless a query names them
			others = append(others, name)
		}
	}
	switch {
	case len(wanted) == 0:
		return never
	case len(others) == 0 && s&boundInactive == 0:
		return always
	case len(others) == 1 && len(wanted) > 1:
		return comparison("state != " + others[0])
	case len(wanted) > len(others):
		return comparison("state not in [" + strings.Join(others, ", ") + "]")
	}
	return oneOf("state", wanted)
}

// shownStates are ss's words in the column State, by netql's names where they differ.
var shownStates = map[string]string{
	"ESTABLISHED": "ESTAB", "SYN_SENT": "SYN-SENT", "SYN_RECEIVED": "SYN-RECV", "FIN_WAIT_1": "FIN-WAIT-1",
	"FIN_WAIT_2": "FIN-WAIT-2", "TIME_WAIT": "TIME-WAIT", "CLOSED": "UNCONN", "CLOSE_WAIT": "CLOSE-WAIT",
	"LAST_ACK": "LAST-ACK", "BOUND_INACTIVE": "UNCONN",
}
