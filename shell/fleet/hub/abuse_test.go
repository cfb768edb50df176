package hub_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/nats-io/nats.go"

	"netql/shell/fleet/fleettest"
	"netql/shell/fleet/subject"
)

// TestRights: the server lets clients do what they must, and nothing else. Each abuse is refused, and logged.
func TestRights(t *testing.T) {
	h := fleettest.NewHub(t)
	clients := map[string]string{
		"web1":  h.Add("add-host", "web1"),
		"web1.": h.Add("add-host", "web1.example.com"),
		"alice": h.Add("add-user", "alice"),
		"carol": h.Add("add-user", "carol", "--hosts", "web1,db.1"),
	}
	const publish, subscribe = "publish to", "subscription to"
	for _, test := range []struct {
		who, do, what string
		allowed       bool
	}{
		{"web1", publish, "netql.from.web1.alice.7.x", true},
		{"web1", subscribe, "netql.ask.*.all", true},
		{"web1", subscribe, "netql.ask.*.host.web1", true},
		{"web1", subscribe, "netql.credit.web1.>", true},
		{"web1.", publish, "netql.from.web1:example:com.alice.7.x", true},
		{"web1.", subscribe, "netql.credit.web1:example:com.>", true},
		{"alice", publish, "netql.ask.alice.all", true},
		{"alice", publish, "netql.ask.alice.host.web1", true},
		{"alice", publish, "netql.credit.web1.alice.7", true},
		{"alice", subscribe, "netql.from.*.alice.7.>", true},
		{"carol", publish, "netql.ask.carol.host.web1", true},
		{"carol", publish, "netql.ask.carol.host.db:1", true},
		{"carol", publish, "netql.ask.carol.hub.hosts", true},
		{"carol", subscribe, "netql.from.*.carol.7.>", true},

		{"alice", publish, "netql.ask.bob.all", false},              // asks as somebody else
		{"alice", publish, "netql.credit.web1.bob.7", false},        // meddles with another's ask
		{"carol", publish, "netql.ask.carol.all", false},            // asks hosts that she may not ask
		{"carol", publish, "netql.ask.carol.host.web2", false},      //
		{"carol", publish, "netql.credit.web2.carol.7", false},      //
		{"web1", publish, "netql.ask.web1.all", false},              // a host asks
		{"web1", publish, "netql.ask.alice.host.web2", false},       // ... as a user
		{"web1", publish, "netql.from.web2.alice.7.x", false},       // a host forges another
		{"web1", publish, "netql.from.web1:example:com.a.7", false}, // ... whose name begins alike
		{"web1", publish, "netql.from.-hub.alice.7", false},         // ... or the hub
		{"alice", publish, "netql.from.web1.bob.7.x", false},        // a user forges a host
		{"alice", publish, "netql.from.-hub.bob.7", false},          // ... or the hub
		{"alice", subscribe, "netql.from.*.bob.>", false},           // listens to answers to others
		{"alice", subscribe, "netql.>", false},                      //
		{"alice", subscribe, ">", false},                            //
		{"web1", subscribe, "netql.from.>", false},                  //
		{"web1", subscribe, "netql.credit.web2.>", false},           //
		{"alice", subscribe, "netql.ask.>", false},                  // listens to asks
		{"web1", subscribe, "netql.ask.>", false},                   //
		{"web1", subscribe, "netql.ask.*.host.web2", false},         //
		{"web1", subscribe, "netql.ask.*.hub.hosts", false},         // takes the hub's place
		{"web1", subscribe, "_INBOX.>", false},                      // what NATS has besides
		{"alice", publish, "$SYS.REQ.SERVER.PING", false},           //
		{"alice", subscribe, "$SYS.>", false},                       //
	} {
		client := h.Connect(clients[test.who])
		if test.do == publish {
			client.Publish(test.what, nil)
		} else if _, err := client.Subscribe(test.what, func(*nats.Msg) {}); err != nil {
			t.Fatal(err)
		}
		if err := client.Flush(); err != nil {
			t.Fatal(err)
		}
		err := client.LastError()
		if allowed := err == nil; allowed != test.allowed {
			t.Errorf("%s: %s %s: allowed is %t, want %t: %v", test.who, test.do, test.what, allowed, test.allowed, err)
		}
		if !test.allowed && (!errors.Is(err, nats.ErrPermissionViolation) ||
			!strings.Contains(h.Log.String(), `"`+test.what+`"`)) {
			t.Errorf("%s: %s %s: error %v; log: %s", test.who, test.do, test.what, err, h.Log)
		}
		client.Close()
	}
}

// TestRosterReply: the hub answers a user who asks which hosts there are, and only on his own subject.
func TestRosterReply(t *testing.T) {
	h := fleettest.NewHub(t)
	h.Add("add-host", "web1")
	alice, bob := h.Connect(h.Add("add-user", "alice")), h.Connect(h.Add("add-user", "bob"))
	heard, err := bob.SubscribeSync("netql.from.*.bob.>")
	if err == nil {
		err = bob.Flush()
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := alice.PublishRequest(subject.AskHosts("alice"), subject.HubAnswer("bob", "7"), nil); err != nil {
		t.Fatal(err)
	}
	alice.Flush()
	// The hub's client receives asks in turn: bob's own is answered after alice's.
	if err := bob.PublishRequest(subject.AskHosts("bob"), subject.HubAnswer("bob", "8"), nil); err != nil {
		t.Fatal(err)
	}
	if m, err := heard.NextMsg(patience); err != nil || m.Subject != subject.HubAnswer("bob", "8") {
		t.Errorf("%v, %v", m, err)
	}
}
