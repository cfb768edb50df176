package connect

import (
	"crypto/tls"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
)

// schemes are those of addresses of servers. TLS is always used.
var schemes = []string{"nats://", "tls://"}

// Servers are the addresses in a list with commas, each with or without a scheme.
func Servers(list string) ([]string, error) {
	var servers []string
	for server := range strings.SplitSeq(list, ",") {
		for _, scheme := range schemes {
			server = strings.TrimPrefix(server, scheme)
		}
		if server == "" || strings.ContainsAny(server, "/@ \t\r\n") {
			return nil, fmt.Errorf("%q is no address of a server: nats://HOST or nats://HOST:PORT", server)
		}
		servers = append(servers, "tls://"+server)
	}
	return servers, nil
}

// patience is how long a server may take to let a client in. A thousand hosts that come back at once keep it busy for
// longer than the two seconds of the default.
const patience = 20 * time.Second

// Dial connects to the first of the servers that can be reached.
func (c *Credentials) Dial(servers []string, options ...nats.Option) (*nats.Conn, error) {
	options = append(options,
		nats.Secure(&tls.Config{MinVersion: tls.VersionTLS12, RootCAs: c.authorities}),
		nats.Name("netql "+c.Name),
		nats.CustomInboxPrefix("netql.none"), // nobody may subscribe to inboxes
		nats.Timeout(patience),
		c.Proof())
	return nats.Connect(strings.Join(servers, ","), options...)
}

// Proof is how the client proves who it is.
func (c *Credentials) Proof() nats.Option {
	if c.key == nil {
		return nats.UserInfo(c.user, c.password)
	}
	return nats.UserJWT(
		func() (string, error) { return c.token, nil },
		func(nonce []byte) ([]byte, error) { return c.key.Sign(nonce) })
}

// MayNotReceive says that by an error the server refuses a subscription: a client that gets it is of another role, or
// of none. Other violations are about what the client publishes.
func MayNotReceive(err error) bool {
	return errors.Is(err, nats.ErrPermissionViolation) && strings.Contains(err.Error(), "Subscription to")
}

// NotTaken says that by an error the server does not take the credentials.
func NotTaken(err error) bool {
	for _, e := range []error{nats.ErrAuthorization, nats.ErrAuthRevoked, nats.ErrAuthExpired} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}
