package asker

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/nats-io/nats.go"

	"netql/shell/fleet/hub"
	"netql/shell/fleet/packet"
	"netql/shell/fleet/subject"
	"netql/shell/remote"
	"netql/shell/remote/frame"
)

// Why a host does not answer.
const (
	notConnected = "its agent is not connected"
	notThere     = "the hub knows no host of this name that these credentials may ask"
	twoAgents    = "two agents have this name; one was heard"
)

// onMessage takes a message of a host.
func (x *exchange) onMessage(m *nats.Msg) {
	name, _, agent, ok := subject.Answered(m.Subject)
	place, known := x.places[name]
	host := x.hosts[place]
	if !ok || !known || host == nil || host.ended {
		return
	}
	if agent == subject.Nobody {
		// A host could say so itself, but of nobody else than itself.
		x.end(place, remote.NoAnswer, notConnected)
		return
	}
	// One that says something while the first is silent has taken its place.
	if host.agent == "" || host.agent != agent && time.Since(host.heard) > quiet {
		host.agent, host.reader = agent, packet.Reader{}
	}
	if host.agent != agent {
		host.another = true
		return
	}
	host.heard = time.Now()
	frames, err := host.reader.Frames(m.Data)
	if err != nil {
		x.fail(place, err)
		return
	}
	for _, f := range frames {
		if host.ended {
			return
		}
		x.onFrame(place, host, f)
	}
}

func (x *exchange) onFrame(place int, host *hostState, f frame.Frame) {
	if f.ID != x.id {
		x.fail(place, frame.ErrBroken)
		return
	}
	x.to.Frame(place, f)
	if f.Kind == frame.KindEnd {
		said := ""
		if host.another {
			said = twoAgents
		}
		x.end(place, "", said)
	}
}

// fail ends a host that sent what cannot be understood, or of which messages were lost.
func (x *exchange) fail(place int, err error) {
	state := remote.Failed
	if errors.Is(err, packet.ErrLost) {
		state = remote.Lost
	}
	x.Send(place, frame.Encode(x.id, &frame.Cancel{}))
	x.end(place, state, err.Error())
}

// askRoster asks the hub which hosts are connected.
func (x *exchange) askRoster() {
	if x.listed && x.known == nil {
		x.known, x.rosterAsked = map[string]int{}, time.Now()
		// A hub that does not answer costs no more than the time that a silent host may take.
		x.client.PublishRequest(subject.AskHosts(x.user), subject.HubAnswer(x.user, x.token), nil)
	}
}

// onRoster takes a part of the hub's answer. When all are there, hosts that are not connected have ended.
func (x *exchange) onRoster(m *nats.Msg) {
	var part hub.Roster
	if x.known == nil {
		return
	}
	if json.Unmarshal(m.Data, &part) != nil {
		x.known = nil // the hub is gone: NATS says that nobody answers
		return
	}
	for _, h := range part.Hosts {
		x.known[h.Name] = h.Connections
	}
	if len(x.known) < part.Total {
		return
	}
	for _, place := range x.order {
		connections, there := x.known[x.names[place]]
		switch host := x.hosts[place]; {
		case host.ended || connections > 0:
		case !there:
			x.end(place, remote.NoAnswer, notThere)
		default:
			x.end(place, remote.NoAnswer, notConnected)
		}
	}
	x.heard(x.known)
	x.known = nil
}

// lookForSilent looks for hosts that have said nothing for a while: the hub may know that their connection has broken,
// and an agent that was started again says that it knows nothing of the ask.
func (x *exchange) lookForSilent() {
	silent, arrived := false, x.Arrived()
	for _, place := range x.order {
		if host := x.hosts[place]; !host.ended && arrived.Sub(host.heard) > quiet {
			silent = true
			x.Send(place, frame.Encode(x.id, &frame.Credit{}))
		}
	}
	// Over a slow line the answer waits behind rows, and many would be in their way.
	if silent && time.Since(x.rosterAsked) > askAgain {
		x.known = nil
	}
	if silent {
		x.askRoster() // if no answer is awaited
	}
}
