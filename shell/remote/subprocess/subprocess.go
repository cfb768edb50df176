// Package subprocess reaches hosts by programs such as ssh, each of which runs netql answer on one host and carries its
// input and output.
package subprocess

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"netql/shell/remote"
	"netql/shell/remote/frame"
)

// defaultWords reach a host by the user's own ssh, which asks nobody anything.
var defaultWords = [...]string{"ssh", "-T", "-oBatchMode=yes", "-oConnectTimeout=5"}

// answering is what a host is told to run.
var answering = [...]string{"netql", "answer"}

// Place stands for the name of the host in a command.
const Place = "{}"

// Command is the words of a program that reaches a host: those of via, with the name in the place of {}, or, where they
// have none, with the name and "netql answer" behind them. No words are ssh.
func Command(via []string, host string) []string {
	words := slices.Clone(via)
	if len(words) == 0 {
		words = slices.Clone(defaultWords[:])
	}
	found := false
	for i, word := range words {
		found = found || strings.Contains(word, Place)
		words[i] = strings.ReplaceAll(word, Place, host)
	}
	if !found {
		words = append(append(words, host), answering[:]...)
	}
	return words
}

// Host is a host that is reached by a program.
type Host struct {
	Name    string   // that its column host has
	Command []string // words of the program
}

// Transport runs programs, some at a time.
type Transport struct {
	Hosts []Host
	// Abreast is how many hosts are reached at a time, and so how many programs run; those of a watch, and of events,
	// go on beside others once their hosts have greeted.
	Abreast int

	turns turns // of all exchanges, so that a join, which asks twice, reaches no more hosts at a time
}

// Ask implements remote.Transport.
func (t *Transport) Ask(
	ctx context.Context, ask frame.Ask, hosts []int, to remote.Receiver,
) (remote.Exchange, error) {
	e := &exchange{starter: newStarter(), transport: t, ask: ask, to: to, goesOn: remote.GoesOn(ask.Text),
		running: map[int]*child{}, stopped: map[int]bool{}}
	e.ctx, e.cancel = context.WithCancel(ctx)
	abreast := max(1, min(t.Abreast, room()))
	for _, i := range hosts { // before another exchange takes turns
		mine := t.turns.take(abreast)
		e.workers.Go(func() {
			if !t.turns.await(e.ctx, mine) {
				to.Ended(i, remote.Late, notAsked)
				return
			}
			e.host(i)
		})
	}
	return e, nil
}

// room is how many programs may run at a time by the limit of open files. Each takes some, for its input, its output,
// its errors and its end; some more are for starting one and for all else.
func room() int {
	const each, others = 4, 24
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit) != nil || limit.Cur > math.MaxInt {
		return math.MaxInt
	}
	return (int(limit.Cur) - others) / each
}

// exchange is one ask to some of the hosts.
type exchange struct {
	*starter
	transport *Transport
	ask       frame.Ask
	goesOn    bool // the answers do not end by themselves
	to        remote.Receiver
	ctx       context.Context
	cancel    context.CancelFunc
	workers   sync.WaitGroup

	lock    sync.Mutex
	running map[int]*child // by host
	stopped map[int]bool   // hosts of which nothing more is wanted
}

// Send implements remote.Exchange.
func (e *exchange) Send(host int, f frame.Frame) {
	e.lock.Lock()
	defer e.lock.Unlock()
	if c := e.running[host]; c != nil {
		c.input.add(f)
	}
}

// Stop implements remote.Exchange.
func (e *exchange) Stop(host int) {
	e.lock.Lock()
	defer e.lock.Unlock()
	e.stopped[host] = true
	if c := e.running[host]; c != nil {
		c.stop()
	}
}

// Close implements remote.Exchange.
func (e *exchange) Close() {
	e.cancel()
	e.workers.Wait()
	e.starter.close()
}

// retryAfter is how long after a failure a host is tried once more.
const retryAfter = 300 * time.Millisecond

// host asks one host. Where it cannot be reached it is tried once more: a server may refuse connections that come too
// many at a time.
func (e *exchange) host(i int) {
	leave := sync.OnceFunc(e.transport.turns.leave)
	defer leave()
	greeted := func() {
		if e.goesOn {
			leave()
		}
	}
	for attempt := range 2 {
		state, said, again := e.try(i, greeted)
		if again && attempt == 0 && e.pause() {
			continue
		}
		e.to.Ended(i, state, said)
		return
	}
}

// pause waits before another attempt; false where none is wanted.
func (e *exchange) pause() bool {
	select {
	case <-e.ctx.Done():
		return false
	case <-time.After(retryAfter):
		return true
	}
}

// begin runs the program for a host; nil where nothing is wanted of it.
func (e *exchange) begin(i int) (c *child, err error) {
	e.lock.Lock()
	defer e.lock.Unlock()
	if e.ctx.Err() != nil || e.stopped[i] {
		return nil, nil
	}
	if c, err = e.start(e.transport.Hosts[i].Command); err == nil {
		e.running[i] = c
	}
	return c, err
}

// notAsked is said of a host that nothing was wanted of before its turn had come.
const notAsked = "it was not asked"

// try runs the program once, and tells when the host has greeted. again says that another attempt may go better.
func (e *exchange) try(i int, greets func()) (state remote.State, said string, again bool) {
	c, err := e.begin(i)
	if c != nil || err != nil { // many programs may have been started before this one
		e.to.Started(i)
	}
	switch {
	case errors.Is(err, syscall.EMFILE):
		return remote.Failed, "this netql has too many open files to reach it: ulimit -n N raises the limit", false
	case err != nil:
		return remote.Failed, err.Error(), false
	case c == nil:
		return remote.Late, notAsked, false
	}
	forget := context.AfterFunc(e.ctx, c.stop)
	greeted, ended, err := e.converse(i, c, greets)
	c.input.close()
	exit := c.end(ended)
	forget()
	e.lock.Lock()
	delete(e.running, i)
	stopped := e.stopped[i] || e.ctx.Err() != nil
	e.lock.Unlock()
	switch {
	case ended:
		return "", "", false
	case stopped:
		return remote.Late, "its answer had not ended", false
	}
	state, said = diagnosis(err, greeted, exit, c)
	return state, said, !greeted && !c.permanent(exit)
}

// converse hands on what a host says. ended says that its answer has.
func (e *exchange) converse(i int, c *child, greets func()) (greeted, ended bool, err error) {
	for {
		f, err := c.frames.Next()
		if err != nil {
			return greeted, false, err
		}
		if !greeted && f.Kind != frame.KindHello {
			return false, false, frame.ErrBroken
		}
		e.to.Frame(i, f)
		switch f.Kind {
		case frame.KindHello:
			greeted = true
			greets()
			ask := e.ask
			ask.Host = e.transport.Hosts[i].Name
			c.input.add(frame.Encode(askID, &ask))
			e.to.Asked(i)
		case frame.KindEnd:
			return greeted, true, nil
		}
	}
}

// askID is the number of the one ask of an exchange.
const askID = 1
