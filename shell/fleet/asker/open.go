package asker

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"

	"netql/shell/fleet/connect"
	"netql/shell/fleet/hub"
	"netql/shell/fleet/subject"
	"netql/shell/remote"
)

// hubPatience is how long the hub may take to say which hosts there are.
const hubPatience = 10 * time.Second

// Fleet is a list of hosts, and what carries asks to them.
type Fleet struct {
	Names     []string
	Transport remote.Transport
	Notes     func() []string // what is to be known of the list, now
	client    *nats.Conn
}

// Close ends the connection.
func (f *Fleet) Close() { f.client.Close() }

// Open connects to the server that a text names, nats://SERVER[,SERVER...][/HOST,HOST...], and finds its hosts. HOST
// may be @FILE, which read gives: a list as of remote.ParseList.
func Open(ctx context.Context, text string, read func(file string) (string, error)) (*Fleet, error) {
	target, err := parseTarget(text, read)
	if err != nil {
		return nil, err
	}
	credentials, err := findCredentials(target.server())
	if err != nil {
		return nil, err
	}
	return open(ctx, target, credentials)
}

func open(ctx context.Context, target target, credentials *connect.Credentials) (*Fleet, error) {
	if err := credentials.Check(connect.User); err != nil {
		return nil, err
	}
	t := &transport{user: credentials.Name}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var err error
	var unreached atomic.Pointer[error]
	t.client, err = credentials.Dial(target.servers,
		nats.MaxReconnects(-1), nats.ReconnectWait(200*time.Millisecond),
		nats.ReconnectBufSize(-1), // an ask that cannot be sent now fails now
		nats.PingInterval(pingEach), nats.MaxPingsOutstanding(math.MaxInt),
		nats.SetCustomDialer(dialer{&t.heardLast, &unreached}),
		nats.DisconnectErrHandler(func(*nats.Conn, error) { t.connectionBroke() }),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			if errors.Is(err, nats.ErrPermissionViolation) {
				cancel(err) // of the search for hosts; later, an ask that is refused has no answer
			}
		}))
	if why := unreached.Load(); why != nil && errors.Is(err, nats.ErrNoServers) { // which is all that nats says of it
		err = fmt.Errorf("%w (is the hub at work there?)", *why)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w%s", strings.Join(target.servers, ","), err, advice(err))
	}
	f := &Fleet{Transport: t, Notes: t.notes, client: t.client}
	if err := f.find(ctx, t, target); err != nil {
		t.client.Close()
		return nil, refused(err, context.Cause(ctx), t.user)
	}
	t.names, t.places = f.Names, make(map[string]int, len(f.Names))
	for place, name := range f.Names {
		t.places[name] = place
	}
	return f, nil
}

// refused is the error of a search for hosts, by what the server has not let the user do; nil for nothing.
func refused(err, violation error, user string) error {
	switch {
	case connect.MayNotReceive(violation):
		return fmt.Errorf("%s may not receive answers (%w): %s", user, violation, connect.Advice(connect.User))
	case errors.Is(violation, nats.ErrPermissionViolation):
		return fmt.Errorf("%s may not ask which hosts there are (%w): name those that you want: "+
			"nats://SERVER/HOST,HOST", user, violation)
	}
	return err
}

// advice is what to do about an error of a connection.
func advice(err error) string {
	if errors.Is(err, nats.ErrAuthorization) {
		return ": the hub does not take these credentials (were they removed? netql-fleet hub DIR list)"
	}
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return " (netql-fleet hub DIR --name NAME makes a certificate for a further name)"
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return ": the credentials are of another hub"
	}
	return ""
}

// find finds the hosts of the fleet.
func (f *Fleet) find(ctx context.Context, t *transport, target target) error {
	roster, err := f.roster(ctx, t)
	if err != nil {
		return err
	}
	t.listed = roster != nil
	t.each = target.hosts != nil || t.listed && roster.Restricted
	t.named = target.hosts != nil
	switch {
	case target.hosts != nil:
		f.Names = target.hosts
	case t.listed:
		for _, h := range roster.Hosts {
			f.Names = append(f.Names, h.Name)
		}
		if f.Names == nil {
			return errors.New("the hub has no hosts that you may ask: netql-fleet hub DIR add-host NAME adds one")
		}
	default:
		return f.discover(ctx, t, target)
	}
	if t.listed {
		t.heardRoster(roster.Hosts)
	}
	return nil
}

// roster is what the hub says of the hosts; nil where the server has no hub.
func (f *Fleet) roster(ctx context.Context, t *transport) (*hub.Roster, error) {
	_, token := newAskID()
	parts, err := t.client.SubscribeSync(subject.HubAnswer(t.user, token))
	if err != nil {
		return nil, err
	}
	defer parts.Unsubscribe()
	if err := t.client.PublishRequest(subject.AskHosts(t.user), parts.Subject, nil); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, hubPatience)
	defer cancel()
	var whole hub.Roster
	for {
		m, err := parts.NextMsgWithContext(ctx)
		violation := context.Cause(ctx)
		switch {
		case errors.Is(err, nats.ErrNoResponders),
			errors.Is(violation, nats.ErrPermissionViolation) && !connect.MayNotReceive(violation):
			return nil, nil
		case err != nil:
			return nil, fmt.Errorf("the hub does not say which hosts there are: %w", err)
		}
		var part hub.Roster
		if err := json.Unmarshal(m.Data, &part); err != nil {
			return nil, fmt.Errorf("the hub's list of hosts: %w", err)
		}
		whole.Restricted, whole.Hosts = part.Restricted, append(whole.Hosts, part.Hosts...)
		if len(whole.Hosts) >= part.Total {
			return &whole, nil
		}
	}
}
