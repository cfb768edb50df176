package hub

import (
	"fmt"
	"slices"
	"testing"

	"github.com/nats-io/nats.go"

	"netql/shell/fleet/subject"
)

// TestRosterAsks: asks of a user are answered together, no matter how many there are, and those of others after the
// first of his. Nobody is answered in another's place.
func TestRosterAsks(t *testing.T) {
	var messages []*nats.Msg
	ask := func(user, replyOf string, n int) {
		messages = append(messages, &nats.Msg{Subject: subject.AskHosts(user),
			Reply: subject.HubAnswer(replyOf, fmt.Sprint(n))})
	}
	for n := range 1000 {
		ask("alice", "alice", n)
	}
	ask("bob", "bob", 1)
	ask("carol", "bob", 2)
	ask("alice", "alice", 1000)
	messages = append(messages, &nats.Msg{Subject: subject.AskHosts("dave")})
	asks := rosterAsks(messages)
	if len(asks) != 2 || asks[0].user != "alice" || len(asks[0].replies) != userAsks || asks[1].user != "bob" ||
		!slices.Equal(asks[1].replies, []string{subject.HubAnswer("bob", "1")}) {
		for _, a := range asks {
			t.Errorf("%+v", *a)
		}
	}
}
