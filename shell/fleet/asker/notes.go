package asker

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"netql/shell/fleet/hub"
)

// heardRoster notes what the hub says of its hosts.
func (t *transport) heardRoster(hosts []hub.RosterHost) {
	connections := make(map[string]int, len(hosts))
	for _, h := range hosts {
		connections[h.Name] = h.Connections
	}
	t.heard(connections)
}

// heard notes how many agents of each host the hub says are connected.
func (t *transport) heard(connections map[string]int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.roster = connections
}

// namedHosts is how many hosts a note names.
const namedHosts = 3

// notes are what is to be known of the list of hosts now: that nobody vouches for it, hosts whose credentials several
// agents use, and hosts that were added since the list was made.
func (t *transport) notes() (notes []string) {
	if t.note != "" {
		notes = append(notes, t.note)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	var added, shared []string
	for _, name := range slices.Sorted(maps.Keys(t.roster)) {
		switch _, asked := t.places[name]; {
		case !asked && !t.named:
			added = append(added, name)
		case asked && t.roster[name] > 1:
			shared = append(shared, name)
		}
	}
	switch {
	case len(shared) == 1:
		notes = append(notes, fmt.Sprintf("%d agents are connected as %s; one of them is heard", t.roster[shared[0]],
			shared[0]))
	case shared != nil:
		notes = append(notes, fmt.Sprintf("several agents are connected as one host (%s); one of each is heard",
			someOf(shared)))
	}
	if added != nil {
		notes = append(notes, fmt.Sprintf(
			"hosts were added to the hub that are not asked yet (%s): `use hosts` again, "+
				"or ask anew", someOf(added)))
	}
	return notes
}

// someOf is the number of hosts, and the names of the first ones.
func someOf(names []string) string {
	more := ""
	if len(names) > namedHosts {
		more = " ..."
	}
	return fmt.Sprintf("%d: %s%s", len(names), strings.Join(names[:min(len(names), namedHosts)], ", "), more)
}
