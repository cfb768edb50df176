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
	Connections int    `json:"connections"` // of its credentials: more than one where several agents use them
}

// answerRoster answers a user who asks which hosts there are.
func (h *Hub) answerRoster(message *nats.Msg) {
	user, ok := subject.Asker(message.Subject)
	// Else a user could have the hub speak to another one.
	if !ok || !strings.HasPrefix(message.Reply, subject.HubAnswer(user, "")) {
		return
	}
	connected := h.connected()
	members := h.register.hostsOf(user)
	part := Roster{Total: len(members), Restricted: h.register.restricted(user)}
	send := func() {
		if data, err := json.Marshal(part); err == nil {
			message.Respond(data)
		}
		part.Hosts = nil
	}
	for _, m := range members {
		part.Hosts = append(part.Hosts, RosterHost{m.Name, connected[m.Key]})
		if len(part.Hosts) == hostsInMessage {
			send()
		}
	}
	if len(part.Hosts) > 0 || len(members) == 0 {
		send()
	}
}

// connected are the numbers of connections of clients, by their keys.
func (h *Hub) connected() map[string]int {
	found := map[string]int{}
	for offset := 0; ; {
		page, err := h.server.Connz(&server.ConnzOptions{Username: true, Offset: offset, Limit: 1 << 16})
		if err != nil || len(page.Conns) == 0 {
			return found
		}
		for _, connection := range page.Conns {
			found[connection.AuthorizedUser]++
		}
		offset += len(page.Conns)
		if offset >= page.Total {
			return found
		}
	}
}
