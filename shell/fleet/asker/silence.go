package asker

import (
	"net"
	"sync/atomic"
	"time"
)

const (
	// pingEach is how often the server is asked for a sign of life.
	pingEach = 10 * time.Second
	// longestSilence is how long nothing may come from the server before the connection is taken for broken.
	longestSilence = 30 * time.Second
	// stalled is how long nothing may come while hosts are at work before nothing is held up on the way any more.
	stalled = 5 * time.Second
	// dialPatience is how long a connection may take to be made, before the server is asked to let the asker in.
	dialPatience = 2 * time.Second
)

// dialer makes connections that end when nothing is heard for too long. It implements nats.CustomDialer.
type dialer struct {
	heard  *lastHeard
	failed *atomic.Pointer[error] // why a connection could not be made, last
}

// lastHeard is when something has come from the server last.
type lastHeard struct{ at atomic.Pointer[time.Time] }

func (l *lastHeard) now() {
	now := time.Now()
	l.at.Store(&now)
}

// lately says whether something has come not long ago.
func (l *lastHeard) lately() bool {
	at := l.at.Load()
	return at != nil && time.Since(*at) < stalled
}

func (d dialer) Dial(network, address string) (net.Conn, error) {
	conn, err := net.DialTimeout(network, address, dialPatience)
	if err != nil {
		d.failed.Store(&err)
		return nil, err
	}
	return &heardConn{Conn: conn, heard: d.heard}, nil
}

// heardConn is a connection of which a read fails when nothing has come for longestSilence. Package nats itself counts
// pings without an answer. Over a slow line an answer waits behind all rows that are under way, maybe for minutes.
type heardConn struct {
	net.Conn
	heard   *lastHeard
	limited atomic.Bool // the user of the connection has set a deadline
}

// SetDeadline sets or, by the zero time, takes away the user's own deadline.
func (c *heardConn) SetDeadline(t time.Time) error {
	if c.limited.Store(!t.IsZero()); !t.IsZero() {
		return c.Conn.SetDeadline(t)
	}
	if err := c.SetWriteDeadline(t); err != nil {
		return err
	}
	return c.expect() // also for a read that waits
}

// Read reads what comes.
func (c *heardConn) Read(p []byte) (int, error) {
	if !c.limited.Load() {
		if err := c.expect(); err != nil {
			return 0, err
		}
	}
	n, err := c.Conn.Read(p)
	if n > 0 {
		c.heard.now()
	}
	return n, err
}

func (c *heardConn) expect() error { return c.SetReadDeadline(time.Now().Add(longestSilence)) }
