package asker

import (
	"context"
	"math/rand/v2"
	"strconv"
	"sync"
	"time"

	"github.com/nats-io/nats.go"

	"netql/shell/fleet/subject"
	"netql/shell/remote"
	"netql/shell/remote/frame"
)

// transport carries asks to hosts over a connection to a server. It implements remote.Transport.
type transport struct {
	client *nats.Conn
	user   string
	names  []string
	places map[string]int // of names
	each   bool           // hosts are asked each by its own subject: not all are meant, or may be asked
	listed bool           // a hub says which hosts are connected
	named  bool           // the hosts are those that somebody has named
	note   string         // what is to be known of a list that no hub has made; "" for nothing

	heardLast lastHeard

	mu        sync.Mutex
	roster    map[string]int     // connections of hosts, as the hub said last
	exchanges map[*exchange]bool // those that are under way
}

// connectionBroke tells all exchanges: messages may be lost, and nobody would know which.
func (t *transport) connectionBroke() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for x := range t.exchanges {
		x.push(event{broken: true})
	}
}

func (t *transport) add(x *exchange) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.exchanges == nil {
		t.exchanges = map[*exchange]bool{}
	}
	t.exchanges[x] = true
}

func (t *transport) remove(x *exchange) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.exchanges, x)
}

// newAskID is a number for an ask that no other has, and the same as it is in subjects.
func newAskID() (id uint64, token string) {
	id = rand.Uint64() >> 1
	return id, strconv.FormatUint(id, 36)
}

// Ask begins to ask the hosts.
func (t *transport) Ask(ctx context.Context, ask frame.Ask, hosts []int, to remote.Receiver) (remote.Exchange, error) {
	id, token := newAskID()
	x := &exchange{transport: t, to: to, ask: ask, id: id, token: token,
		all:   !t.each && len(hosts) == len(t.names),
		hosts: make(map[int]*hostState, len(hosts)), order: hosts,
		signal: make(chan struct{}, 1), ended: make(chan struct{})}
	for _, place := range hosts {
		x.hosts[place] = &hostState{}
	}
	x.open = len(x.hosts)
	now := time.Now()
	x.arrived.Store(&now)
	x.ctx, x.cancel = context.WithCancel(ctx)
	if err := x.subscribe(); err != nil {
		x.cancel()
		x.unsubscribe()
		return nil, err
	}
	t.add(x)
	go x.run()
	return x, nil
}

// subscribe has the server send what hosts answer, and the hub.
func (x *exchange) subscribe() (err error) {
	x.answers, err = x.client.Subscribe(subject.Answer("*", x.user, x.token, "*"),
		func(m *nats.Msg) { x.push(event{message: m}) })
	if err != nil {
		return err
	}
	// What is under way is bounded by credit, and what is pending is taken at once.
	if err := x.answers.SetPendingLimits(-1, -1); err != nil || !x.listed {
		return err
	}
	x.roster, err = x.client.Subscribe(subject.HubAnswer(x.user, x.token),
		func(m *nats.Msg) { x.push(event{roster: m}) })
	return err
}

// unsubscribe ends that. Of a connection that is closed there is nothing to end.
func (x *exchange) unsubscribe() {
	for _, s := range []*nats.Subscription{x.answers, x.roster} {
		if s != nil {
			s.Unsubscribe()
		}
	}
}
