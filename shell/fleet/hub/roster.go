package hub

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"netql/shell/fleet/subject"
)

// hostsInMessage keeps a message below the server's largest payload (1 MiB), with names of 253 bytes.
const hostsInMessage = 2000

// Roster is a part of the hub's answer to a user who asks which hosts there are.
type Roster struct {
	Hosts      []RosterHost `json:"hosts"`
	Total      int          `json:"total"`      // in all parts
	Restricted bool         `json:"restricted"` // the user may ask these alone, and each by its own subject
}

// RosterHost is a host that has credentials.
type RosterHost struct {
	Name        string `json:"name"`
	Connections int    `json:"connections"` // more than one where several agents use its credentials
}

const (
	// waitingAsks is how many asks for the list may wait. More are lost, which costs whoever asks the time that a
	// silent host may take.
	waitingAsks = 4096
	// userAsks is how many of one user are answered together; more that wait by then are lost, too.
	userAsks = 16
)

// answerRosters answers users who ask which hosts there are, until the hub's client is closed. All that wait are taken
// together, and the hosts are looked at once for each user, so that one who asks again and again does not keep others
// waiting.
func (h *Hub) answerRosters(asks <-chan *nats.Msg, closed <-chan struct{}) {
	for {
		select {
		case first := <-asks:
			for _, own := range rosterAsks(append([]*nats.Msg{first}, waiting(asks)...)) {
				h.answerRoster(own)
			}
		case <-closed:
			return
		}
	}
}

// waiting are the messages that wait in a channel.
func waiting(messages <-chan *nats.Msg) (all []*nats.Msg) {
	for {
		select {
		case m := <-messages:
			all = append(all, m)
		default:
			return all
		}
	}
}

// rosterAsk is a user's asks for the list, by the subjects of the answers.
type rosterAsk struct {
	user    string
	replies []string
}

// rosterAsks are the asks in messages, by user. An answer goes to the user who asks alone: else he could have the hub
// speak to another one.
func rosterAsks(messages []*nats.Msg) (all []*rosterAsk) {
	known := map[string]*rosterAsk{}
	for _, m := range messages {
		user, ok := subject.Asker(m.Subject)
		if !ok || !strings.HasPrefix(m.Reply, subject.HubAnswer(user, "")) {
			continue
		}
		own := known[user]
		if own == nil {
			own = &rosterAsk{user: user}
			known[user], all = own, append(all, own)
		}
		if len(own.replies) < userAsks {
			own.replies = append(own.replies, m.Reply)
		}
	}
	return all
}

// answerRoster answers a user.
func (h *Hub) answerRoster(ask *rosterAsk) {
	account, err := h.account()
	if err != nil {
		h.log.Errorf("%v", err)
		return
	}
	members := h.register.hostsOf(ask.user)
	part := Roster{Total: len(members), Restricted: h.register.restricted(ask.user)}
	for some := range slices.Chunk(members, hostsInMessage) {
		part.Hosts = nil
		for _, m := range some {
			part.Hosts = append(part.Hosts, RosterHost{m.Name, connections(account, m.Name)})
		}
		h.send(ask.replies, part)
	}
	if len(members) == 0 {
		h.send(ask.replies, part)
	}
}

// send sends a part of the list to subjects.
func (h *Hub) send(subjects []string, part Roster) {
	data, err := json.Marshal(part)
	if err != nil {
		h.log.Errorf("%v", err)
		return
	}
	for _, s := range subjects {
		h.client.Publish(s, data) // an error is that the hub is being closed
	}
}

// connections is how many agents of a host are connected: it is them alone who may receive asks to it.
func connections(account *server.Account, name string) int {
	return account.Interest(subject.AskHost("anybody", name))
}
