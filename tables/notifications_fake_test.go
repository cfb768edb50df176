package tables_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"netql/query"
	"netql/sources"
	"netql/sources/netlink"
	"netql/sources/netlink/netlinktest"
	"netql/tables"
)

// linkNotification is struct ifinfomsg and attributes; without an MTU it is what a wireless driver tells.
func linkNotification(kind uint16, family byte, index uint32, name string, mtu uint32) netlink.Message {
	header := slices.Concat([]byte{family, 0, 1, 0}, netlinktest.Numbers(index, unix.IFF_UP, 0))
	attributes := map[uint16][]byte{unix.IFLA_IFNAME: append([]byte(name), 0)}
	if mtu > 0 {
		attributes[unix.IFLA_MTU] = netlinktest.Numbers(mtu)
	}
	return netlink.Message{Type: kind, Data: netlinktest.WithAttributes(header, attributes)}
}

// TestFollowLinks: what the kernel tells for no reason is not told on, nor what is not about an interface; what was
// lost is warned about each time, and read again.
func TestFollowLinks(t *testing.T) {
	const fresh, gone = unix.RTM_NEWLINK, unix.RTM_DELLINK
	eth0 := linkNotification(fresh, 0, 2, "eth0", 1500)
	system := answering(map[uint16]dump{
		unix.RTM_GETLINK: func(netlink.Request) ([]netlink.Message, error) { return []netlink.Message{eth0}, nil },
	})
	system.Events = told{
		eth0,
		linkNotification(fresh, 0, 2, "eth0", 0),
		linkNotification(fresh, unix.AF_BRIDGE, 2, "eth0", 9000),
		netlink.Message{Type: unix.RTM_NEWADDR, Data: make([]byte, 8)},
		netlink.Message{Type: fresh},
		linkNotification(fresh, 0, 2, "eth0", 1400),
		linkNotification(fresh, 0, 2, "eth0", 1400),
		&netlink.Overrun{Lost: 5},
		eth0, // as it is read again
		&netlink.Overrun{Lost: 5},
		linkNotification(fresh, 0, 3, "eth1", 1500),
		linkNotification(gone, 0, 3, "eth1", 1500),
		linkNotification(gone, 0, 9, "eth9", 1500),
	}
	a, err := run(t.Context(), system, query.Compile, "interfaces | follow | select event, name, mtu")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"event=changed mtu=1400 name=eth0", "event=new mtu=1500 name=eth1",
		"event=gone mtu=1500 name=eth1", "event=gone mtu=1500 name=eth9"}
	if got := lines(a.rows); !slices.Equal(got, want) || !errors.Is(a.err, context.Canceled) {
		t.Errorf("%q, %v", got, a.err)
	}
	if len(a.warnings) != 2 || !strings.HasPrefix(a.warnings[0], "5 events were lost") ||
		!strings.HasSuffix(a.warnings[1], "(time 2)") {
		t.Errorf("warnings %q", a.warnings)
	}
}

// TestFollowNames: names are those of the moment, and stay until the interface is gone.
func TestFollowNames(t *testing.T) {
	address := netlink.Message{Type: unix.RTM_NEWADDR, Data: netlinktest.WithAttributes(
		append([]byte{unix.AF_INET, 24, 0, 0}, netlinktest.Numbers(2)...),
		map[uint16][]byte{unix.IFA_LOCAL: {192, 0, 2, 1}})}
	removed := netlink.Message{Type: unix.RTM_DELADDR, Data: address.Data}
	system := answering(nil)
	system.Events = told{
		address, linkNotification(unix.RTM_NEWLINK, 0, 2, "eth0", 1500), address,
		linkNotification(unix.RTM_NEWLINK, 0, 2, "wan", 1500),
		removed, linkNotification(unix.RTM_DELLINK, 0, 2, "wan", 1500), address,
	}
	a, err := run(t.Context(), system, query.Compile, "addresses | follow | select event, dev")
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(lines(a.rows),
		"; "); got != "dev=2 event=new; dev=eth0 event=changed; dev=wan event=gone; dev=2 event=new" {
		t.Error(got)
	}
}

// TestFollowDegraded: what cannot be read or heard is said.
func TestFollowDegraded(t *testing.T) {
	refused := &netlink.Error{Errno: unix.EPERM}
	for name, c := range map[string]struct {
		dump    error
		events  netlink.Subscriber
		query   string
		failure string
		warning string
	}{
		"no list": {refused, told{}, "neighbors | follow", "context canceled",
			"what is there from before may be told as new"},
		"no subscription": {nil, told{refused}, "routes | follow", "listen to routes", ""},
		"no flows":        {nil, told{refused}, "conntrack | follow", "listen to tracked flows", ""},
		"a torn address": {nil, told{netlink.Message{Type: unix.RTM_NEWADDR, Data: []byte{unix.AF_INET}}},
			"addresses | follow", "truncated", ""},
		"a torn link": {nil, told{netlink.Message{Type: unix.RTM_NEWLINK, Data: []byte{0}}}, "rules | follow",
			"truncated", ""},
		"a capture":      {nil, nil, "rules | follow", "nothing happens in fake", ""},
		"no flows there": {nil, nil, "conntrack | follow", "nothing happens in fake", ""},
	} {
		system := answering(map[uint16]dump{
			unix.RTM_GETNEIGH: func(netlink.Request) ([]netlink.Message, error) { return nil, c.dump },
		})
		system.Events = c.events
		a, err := run(t.Context(), system, query.Compile, c.query)
		if err != nil {
			t.Fatal(err)
		}
		if a.err == nil || !strings.Contains(a.err.Error(), c.failure) {
			t.Errorf("%s: %v", name, a.err)
		}
		if all := strings.Join(a.warnings, "; "); !strings.Contains(all, c.warning) ||
			(c.warning == "") != (all == "") {
			t.Errorf("%s: warnings %q", name, all)
		}
	}
}

// TestNoticePlans: only the groups of the wanted families are listened to.
func TestNoticePlans(t *testing.T) {
	for text, want := range map[string]string{
		"routes | follow":                                   "rtnetlink, RTNLGRP_IPV4_ROUTE and RTNLGRP_IPV6_ROUTE",
		"routes family == inet6 | follow":                   "rtnetlink, RTNLGRP_IPV6_ROUTE",
		"addresses | follow | where family == inet":         "rtnetlink, RTNLGRP_IPV4_IFADDR",
		"rules family == inet and family == inet6 | follow": "nothing: no row can satisfy the conditions",
		"neighbors | follow":                                "rtnetlink, RTNLGRP_NEIGH",
		"neighbors proxy | follow":                          "nothing: no row can satisfy the conditions",
		"interfaces | follow":                               "rtnetlink, RTNLGRP_LINK",
		"conntrack | follow": "nfnetlink's groups conntrack_new, conntrack_update and " +
			"conntrack_destroy",
	} {
		plan, err := query.Compile(text, tables.Catalog(), tables.Ask(&sources.System{Name: "fake"}))
		if err != nil {
			t.Fatal(err)
		}
		first, _, _ := strings.Cut(plan.Explain(), "\n")
		if _, got, _ := strings.Cut(first, ": "); got != want {
			t.Errorf("%s: %s", text, got)
		}
	}
}
