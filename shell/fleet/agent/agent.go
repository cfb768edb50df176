// Package agent answers asks that come over NATS, on each host of a fleet.
package agent

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"

	"netql/shell/fleet/connect"
	"netql/shell/fleet/subject"
	"netql/shell/remote/answer"
)

// Limits are what an agent gives to asks. An ask may want less.
type Limits struct {
	Rows int           // of an answer
	Time time.Duration // of work for an answer that has an end; to wait for the asker is no work
	// bytes that groups, sorts and joins of an answer may keep, of Active answers; others: less
	Memory     int64
	Active     int           // asks that are answered at a time
	Waiting    int           // asks that wait for that; others are told that the host is busy
	Live       int           // watches and events at a time; they read little, but have no end
	Interval   time.Duration // the least between samples of a watch
	CreditWait time.Duration // how long an answer may wait for an asker who takes no rows, where its place is wanted
	Silence    time.Duration // how long an asker may say nothing before he is taken for gone
}

// DefaultLimits are those of an agent that is told no others.
func DefaultLimits() Limits {
	return Limits{Rows: 1_000_000, Time: 30 * time.Second, Memory: 64 << 20, Active: 4, Waiting: 16, Live: 16,
		Interval: time.Second, CreditWait: 10 * time.Second, Silence: 20 * time.Second}
}

// Config is what an agent is told when it starts.
type Config struct {
	Credentials *connect.Credentials
	Servers     []string
	Host        answer.Host // what answers; the agent sets the limits
	Limits      Limits
	Log         io.Writer // of audit lines, and of what becomes of the connection
}

// Agent answers asks on a connection.
type Agent struct {
	config Config
	name   string // of the host
	id     string // tells this process from others of the name
	slots  *slots
	live   *slots
	memory *pool
	log    *log.Logger
	client *nats.Conn
	dialed atomic.Pointer[nats.Conn] // client, for calls that come while it is made
	told   told                      // of the connection
	closed chan struct{}             // is closed when the connection has ended for good

	mu      sync.Mutex
	asks    map[askKey]*asking
	recent  recent         // asks that have ended
	stopped bool           // no ask is answered any more
	done    sync.WaitGroup // of asks
}

// Start connects an agent. Where the server cannot be reached it goes on trying.
func Start(config Config) (*Agent, error) {
	l := config.Limits
	config.Host.Rows, config.Host.Time, config.Host.CreditWait = l.Rows, l.Time, l.CreditWait
	a := &Agent{config: config, name: config.Credentials.Name, id: rand.Text()[:8],
		slots: newSlots(l.Active, l.Waiting), live: newSlots(l.Live, 0), memory: newPool(l.Memory, l.Active),
		log: log.New(config.Log, "netql-fleet agent: ", 0), asks: map[askKey]*asking{}, closed: make(chan struct{})}
	client, err := config.Credentials.Dial(config.Servers, a.options()...)
	if err != nil {
		return nil, err
	}
	a.client = client
	a.dialed.Store(client)
	// One channel for all subjects: an ask comes before the credit for it.
	messages := make(chan *nats.Msg, pending)
	rights := subject.HostRights(subject.Token(a.name))
	for _, s := range rights.Subscribe {
		if _, err := client.ChanSubscribe(s, messages); err != nil {
			client.Close()
			return nil, fmt.Errorf("%s: %w", s, err)
		}
	}
	go a.receiveAll(messages)
	if client.IsConnected() {
		client.FlushTimeout(flushPatience) // whoever asks from now on is heard; an error is that the connection broke
	}
	return a, nil
}

// flushPatience is how long the start of an agent waits until the server knows what it subscribes to.
const flushPatience = 5 * time.Second

// errStopped ends the answers of an agent that is stopped.
var errStopped = errors.New("the agent was stopped")

// Stop ends all answers, and tells their askers. It waits no longer than ctx lasts.
func (a *Agent) Stop(ctx context.Context) {
	a.mu.Lock()
	a.stopped = true
	for _, asking := range a.asks {
		asking.cancel(errStopped)
	}
	a.mu.Unlock()
	ended := make(chan struct{})
	go func() {
		a.done.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		if a.client.IsConnected() { // else nobody can be told, and waiting does not help
			a.client.FlushWithContext(ctx)
		}
	case <-ctx.Done():
	}
	a.client.Close()
}

// Kill ends the agent as the end of its process does: nobody is told.
func (a *Agent) Kill() { a.client.Close() }
