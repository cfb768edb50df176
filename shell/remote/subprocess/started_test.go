package subprocess

import (
	"context"
	"testing"

	"netql/shell/remote"
	"netql/shell/remote/frame"
)

// startedTo notes whether the program of a host ran when it was told that the host is being reached.
type startedTo struct {
	remote.Receiver
	exchange *exchange
	begun    chan struct{} // closed when the exchange is known
	ran      chan bool
}

func (r *startedTo) Started(i int) {
	<-r.begun
	r.exchange.lock.Lock()
	defer r.exchange.lock.Unlock()
	r.ran <- r.exchange.running[i] != nil
}

func (r *startedTo) Ended(int, remote.State, string) {}

// TestStarted: the silence of a host counts from when its program runs, not from when that waits for others to be
// started.
func TestStarted(t *testing.T) {
	to := &startedTo{begun: make(chan struct{}), ran: make(chan bool, 1)}
	transport := &Transport{Hosts: []Host{{"one", []string{"sleep", "60"}}}, Abreast: 1}
	e, err := transport.Ask(context.Background(), frame.Ask{}, []int{0}, to)
	if err != nil {
		t.Fatal(err)
	}
	to.exchange = e.(*exchange)
	close(to.begun)
	if ran := <-to.ran; !ran {
		t.Error("the host is told to be reached before its program runs")
	}
	e.Close()
}

// TestCloseBeforeTurn: a question ends at once though its hosts wait for those of another one.
func TestCloseBeforeTurn(t *testing.T) {
	transport := &Transport{Hosts: []Host{{"one", []string{"sleep", "60"}}}, Abreast: 1}
	ask := func() (remote.Exchange, *startedTo) {
		to := &startedTo{begun: make(chan struct{}), ran: make(chan bool, 1)}
		e, err := transport.Ask(context.Background(), frame.Ask{}, []int{0}, to)
		if err != nil {
			t.Fatal(err)
		}
		to.exchange = e.(*exchange)
		close(to.begun)
		return e, to
	}
	first, to := ask()
	<-to.ran
	second, _ := ask()
	second.Close()
	first.Close()
}
