package hub

import (
	"encoding/json"
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

// answerRoster answers a user who asks which hosts there are.
func (h *Hub) answerRoster(message *nats.Msg) {
	user, ok := subject.Asker(message.Subject)
	// Else a user could have the hub speak to another one.
	if !ok || !strings.HasPrefix(message.Reply, subject.HubAnswer(user, "")) {
		return
	}
	account, err := h.account()
	if err != nil {
		h.log.Errorf("%v", err)
		return
	}
	members := h.register.hostsOf(user)
	part := Roster{Total: len(members), Restricted: h.register.restricted(user)}
	send := func() {
		if data, err := json.Marshal(part); err == nil {
			message.Respond(data)
		}
		part.Hosts = nil
	}
	for _, m := range members {
		part.Hosts = append(part.Hosts, RosterHost{m.Name, connections(account, m.Name)})
		if len(part.Hosts) == hostsInMessage {
			send()
		}
	}
	if len(part.Hosts) > 0 || len(members) == 0 {
		send()
	}
}

// connections is how many agents of a host are connected: it is them alone who may receive asks to it.
func connections(account *server.Account, name string) int {
	return account.Interest(subject.AskHost("anybody", name))
}
