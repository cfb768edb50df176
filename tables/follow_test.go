package tables_test

import (
	"context"
	"errors"
	"iter"
	"strings"
	"testing"

	"netql/query"
	"netql/sources/inetdiag"
	"netql/sources/netlink"
	"netql/tables"
)

// told is a kernel that tells these things, and then nothing more.
type told []any // netlink.Message or error

func (k told) Subscribe(ctx context.Context, s netlink.Subscription) iter.Seq2[netlink.Message, error] {
	return func(yield func(netlink.Message, error) bool) {
		if s.Joined != nil {
			s.Joined()
		}
		for _, thing := range k {
			message, _ := thing.(netlink.Message)
			err, _ := thing.(error)
			if !yield(message, err) {
				return
			}
		}
		yield(netlink.Message{}, context.Canceled)
	}
}

// follow runs a query of events on a kernel that tells some.
func follow(t *testing.T, kernel netlink.Subscriber, text string) (rows []row, warnings []string, failure error) {
	t.Helper()
	system := fakeKernel{}.system(files(nil), fakeFinder{})
	system.Events = kernel
	a, err := run(t.Context(), system, query.Compile, text)
	if err != nil {
		t.Fatal(err)
	}
	return a.rows, a.warnings, a.err
}

func TestFollowSockets(t *testing.T) {
	closed := func(local string) netlink.Message {
		return netlink.Message{Data: fakeSocket{state: inetdiag.Closed, local: local, remote: "10.0.0.9:5000",
			cookie: 7}.message()}
	}
	kernel := told{closed("10.0.0.1:22"), closed("10.0.0.1:80"), &netlink.Overrun{Lost: 5}, closed("10.0.0.1:22")}
	rows, warnings, err := follow(t, kernel,
		"sockets lport == 22 | follow | select event, state, remote, pid, owner_status")
	want := "event=gone owner_status=unlisted pid=- remote=10.0.0.9:5000 state=CLOSED"
	same(t, "events", lines(rows), []string{want, want})
	if !errors.Is(err, context.Canceled) || len(warnings) != 1 ||
		!strings.HasPrefix(warnings[0], "5 events were lost") {
		t.Errorf("%v, warnings %q", err, warnings)
	}
	if _, _, err := follow(t, nil, "sockets | follow"); err == nil ||
		!strings.Contains(err.Error(), "nothing happens in fake") {
		t.Errorf("without events: %v", err)
	}
	_, _, err = follow(t, told{netlink.Message{Data: []byte("short")}}, "sockets | follow")
	if !errors.Is(err, netlink.ErrTruncated) {
		t.Errorf("a torn message: %v", err)
	}
}

// TestFollowPlans: only what can be wanted is listened to.
func TestFollowPlans(t *testing.T) {
	catalog, system := tables.Catalog(), fakeKernel{}.system(files(nil), fakeFinder{})
	for text, want := range map[string]string{
		"sockets | follow": "follow sockets: sock_diag's destroy groups, tcp and udp, and " +
			"lists of sockets for their owners",
		"sockets | follow | select local, end": "follow sockets: sock_diag's destroy groups, tcp and udp",
		"sockets proto == udp | follow": "follow sockets: sock_diag's destroy groups, udp, and lists of " +
			"sockets for their owners",
		"sockets | follow | where proto == tcp": "follow sockets: sock_diag's destroy groups, tcp, and lists of " +
			"sockets for their owners",
		"sockets proto == raw | follow": "follow sockets: " +
			"nothing: the kernel tells of tcp and udp sockets only",
	} {
		plan, err := query.Compile(text, catalog, tables.Ask(system))
		if err != nil {
			t.Fatal(err)
		}
		if got, _, _ := strings.Cut(plan.Explain(), "\n"); got != want {
			t.Errorf("%s: %s", text, got)
		}
	}
}
