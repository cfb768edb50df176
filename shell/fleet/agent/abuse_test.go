package agent_test

import (
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"netql/shell/fleet/agent"
	"netql/shell/fleet/fleettest"
	"netql/shell/fleet/packet"
	"netql/shell/fleet/subject"
	"netql/shell/remote/frame"
)

// rawUser is a user who sends what he likes to a host.
type rawUser struct {
	t       *testing.T
	client  *nats.Conn
	name    string
	answers *nats.Subscription
}

func newRawUser(t *testing.T, h *fleettest.Hub, name string) *rawUser {
	t.Helper()
	u := &rawUser{t, h.Connect(h.Add("add-user", name)), name, nil}
	var err error
	if u.answers, err = u.client.SubscribeSync(subject.Answer("*", name, "*", "*")); err != nil {
		t.Fatal(err)
	}
	return u
}

// send sends frames to host web1 in one message.
func (u *rawUser) send(frames ...frame.Frame) {
	u.t.Helper()
	var data []byte
	for _, f := range frames {
		data = f.AppendTo(data)
	}
	if err := u.client.Publish(subject.AskHost(u.name, "web1"), data); err != nil {
		u.t.Fatal(err)
	}
}

// end waits until the answer to an ask ends.
func (u *rawUser) end(id uint64) (end frame.End) {
	u.t.Helper()
	var in packet.Reader
	for {
		m, err := u.answers.NextMsg(time.Minute)
		if err != nil {
			u.t.Fatal(err)
		}
		frames, err := in.Frames(m.Data)
		if err != nil {
			u.t.Fatal(err)
		}
		for _, f := range frames {
			if f.ID != id || f.Kind != frame.KindEnd {
				continue
			}
			if err := frame.Decode(f, &end); err != nil {
				u.t.Fatal(err)
			}
			return end
		}
	}
}

func question(id uint64, text string) frame.Frame {
	return frame.Encode(id, &frame.Ask{Proto: frame.Proto, Text: text, Columns: []string{"n"}})
}

// TestNoAsks: what is no ask, or more than one in a message, is told once and not answered.
func TestNoAsks(t *testing.T) {
	h := fleettest.NewHub(t)
	h.Agent(h.Add("add-host", "web1"), &fleettest.Machine{}, nil)
	u := newRawUser(t, h, "alice")
	for range 3 {
		u.send(question(1, "things"), question(2, "things"))
		u.send()
	}
	u.send(question(3, "things"))
	if end := u.end(3); end.State != "" {
		t.Errorf("%+v", end)
	}
	const want = "alice sent what is no ask: not the protocol of netql: something follows the frame\n"
	if log := h.Log.String(); strings.Count(log, "no ask") != 1 || !strings.Contains(log, want) {
		t.Errorf("%s, want %s", log, want)
	}
}

// TestLargeAsk: an ask that is larger than any person's is refused before it is read.
func TestLargeAsk(t *testing.T) {
	h := fleettest.NewHub(t)
	h.Agent(h.Add("add-host", "web1"), &fleettest.Machine{}, nil)
	u := newRawUser(t, h, "alice")
	u.send(question(1, "things"+strings.Repeat(" ", 128<<10)))
	end := u.end(1)
	if end.State != "refused" || !strings.HasSuffix(end.Error, "bytes, and 131072 are allowed") {
		t.Errorf("%+v", end)
	}
	h.Log.Await(t, "result=refused")
}

// TestFair: a user who takes no rows, and so holds places for long, does not hold those of others.
func TestFair(t *testing.T) {
	h := fleettest.NewHub(t)
	h.Agent(h.Add("add-host", "web1"), &fleettest.Machine{Things: 10}, func(c *agent.Config) {
		c.Limits.Active, c.Limits.Waiting, c.Limits.CreditWait = 4, 4, time.Hour
	})
	alice, bob := newRawUser(t, h, "alice"), newRawUser(t, h, "bob")
	for id := range uint64(20) {
		alice.send(question(id, "things"))
	}
	h.Log.Await(t, "6 questions of alice are answered or wait, and the last places are for others")
	bob.send(question(7, "things | where n > 100"))
	if end := bob.end(7); end.State != "" {
		t.Errorf("%+v", end)
	}
}
