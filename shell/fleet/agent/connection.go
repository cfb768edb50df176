package agent

import (
	"errors"
	"time"

	"github.com/nats-io/nats.go"

	"netql/shell/fleet/connect"
)

// options are those of the connection: it is made again for ever.
func (a *Agent) options() []nats.Option {
	return []nats.Option{
		nats.RetryOnFailedConnect(true), nats.MaxReconnects(-1), nats.IgnoreAuthErrorAbort(),
		nats.CustomReconnectDelay(a.delay), nats.ReconnectErrHandler(func(_ *nats.Conn, err error) { a.failed(err) }),
		nats.PingInterval(20 * time.Second), nats.MaxPingsOutstanding(2),
		nats.ConnectHandler(a.connected), nats.ReconnectHandler(a.connected),
		nats.ClosedHandler(func(*nats.Conn) { close(a.closed) }),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil && !connect.NotTaken(err) {
				a.log.Printf("the connection broke: %v", err)
			}
		}),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { a.onError(err) }),
	}
}

// delay is how long to wait after so many attempts. It tells what package nats tells nobody: why there is no connection
// with a server that was reached, such as a certificate of another hub.
func (a *Agent) delay(attempts int) time.Duration {
	if client := a.dialed.Load(); client != nil {
		if err := client.LastError(); err != nil {
			a.failed(err)
		}
	}
	return delay(attempts)
}

func (a *Agent) connected(c *nats.Conn) {
	a.told.forget()
	a.log.Printf("%s is connected to %s", a.name, c.ConnectedAddr())
}

// failed logs why no connection is made.
func (a *Agent) failed(err error) {
	notTaken, text := connect.NotTaken(err), err.Error()
	if notTaken {
		text = "credentials" // which a server says in several ways
	}
	switch {
	case !a.told.news(text):
	case notTaken:
		a.log.Printf("no connection: the server does not take the credentials of %s, which may be void (%v): "+
			"netql-fleet hub DIR list tells who has some, and add-host makes new ones; will go on trying", a.name, err)
	default:
		a.log.Printf("no connection, will go on trying: %v", err)
	}
}

// onError logs an error of the server or of the client.
func (a *Agent) onError(err error) {
	switch {
	case connect.NotTaken(err):
		a.failed(err)
	case connect.MayNotReceive(err):
		if a.told.news("receive") { // one for all that it may not receive
			a.log.Printf("error: %s hears no questions, because the server does not let it (%v): %s", a.name, err,
				connect.Advice(connect.Host))
		}
	case errors.Is(err, nats.ErrPermissionViolation) && !a.told.news("publish"):
	default:
		a.log.Printf("error: %v", err)
	}
}
