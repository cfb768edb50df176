package hub

import (
	"fmt"
	"strings"
	"sync"

	"github.com/nats-io/nats-server/v2/server"
)

// maxRefusals bounds of how many addresses it is known how often credentials that came from there were not taken.
const maxRefusals = 4096

// refusals counts, by address, how often credentials were not taken. An agent whose host was removed tries again for
// ever, and the log is to say so without a line each time.
type refusals struct {
	mu   sync.Mutex
	from map[string]int
}

// line is the line for a message, with the number of times; false for one that says nothing new. A message about
// anything else than credentials is one. Of others the first is, the second, the fourth, and so on.
func (r *refusals) line(text string) (string, bool) {
	if !strings.HasSuffix(text, server.ErrAuthentication.Error()) {
		return text, true
	}
	client, _, _ := strings.Cut(text, " - ") // ADDRESS:PORT
	address := client[:max(strings.LastIndexByte(client, ':'), 0)]
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.from == nil || r.from[address] == 0 && len(r.from) >= maxRefusals {
		r.from = map[string]int{}
	}
	r.from[address]++
	times := r.from[address]
	if times > 1 {
		text = fmt.Sprintf("%s (%d times from %s)", text, times, address)
	}
	return text, times&(times-1) == 0
}
