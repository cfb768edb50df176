package tables_test

import (
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources"
	"netql/sources/ethtool"
	"netql/sources/netlink"
	"netql/sources/netlink/netlinktest"
	"netql/sources/vfs/vfstest"
)

// TestUnseenNamespace: a number for a namespace that cannot be seen is there, its name is NULL, and the answer says so.
func TestUnseenNamespace(t *testing.T) {
	zero := make([]byte, 4)
	system := onlyLinks(nil, linkMessage(2, "eth0", map[uint16][]byte{unix.IFLA_LINK_NETNSID: zero}),
		linkMessage(3, "eth1", nil))
	system.Files = vfstest.Files{}
	a := ask(t, system, "interfaces | select name, link_nsid, link_netns")
	same(t, "rows", lines(a.rows), []string{"link_netns=- link_nsid=0 name=eth0", "link_netns=- link_nsid=- name=eth1"})
	if len(a.warnings) != 1 || !strings.Contains(a.warnings[0], "network namespaces") {
		t.Errorf("warnings %q", a.warnings)
	}
}

// TestUnreadName: a namespace that is found by a process, while the names cannot be read, has its number, and the
// answer says why.
func TestUnreadName(t *testing.T) {
	zero := make([]byte, 4)
	system := onlyLinks(nil, linkMessage(2, "eth0", map[uint16][]byte{unix.IFLA_LINK_NETNSID: zero}))
	links := system.Netlink
	system.Netlink = netlinktest.Func(func(r netlink.Request) ([]netlink.Message, error) {
		if r.Type == unix.RTM_GETNSID {
			return []netlink.Message{{Data: netlink.AppendAttribute(make([]byte, 4), unix.NETNSA_NSID, zero)}}, nil
		}
		return links.(netlinktest.Func)(r)
	})
	system.Files = vfstest.Files{"/proc/1/ns/net": {Link: "net:[2]"}, "/run/netns/blue": {Err: unix.EIO}}
	a := ask(t, system, "interfaces | select name, link_netns")
	same(t, "rows", lines(a.rows), []string{"link_netns=2 name=eth0"})
	expectWarnings(t, "a name", a.warnings, []string{"network namespaces may have names that could not be read: "})
}

// TestLinksDegraded: what cannot be read costs a warning and the columns it is for, never a row.
func TestLinksDegraded(t *testing.T) {
	system := onlyLinks(nil, linkMessage(2, "eth0", map[uint16][]byte{unix.IFLA_STATS: make([]byte, 92)}),
		linkMessage(3, "eth1", nil))
	system.Ethtool = fakeDrivers{failures: map[string]error{"eth0": unix.EIO, "eth1": ethtool.ErrUnsupported}}
	a := ask(t, system, "interfaces | select name, mtu, operstate, carrier, addresses, speed, driver, rx_bytes, "+
		"rx_nohandler, carrier_changes")
	same(t, "rows", lines(a.rows), []string{
		"addresses=- carrier=- carrier_changes=- driver=- mtu=- name=eth0 operstate=- rx_bytes=0 rx_nohandler=- " +
			"speed=-",
		"addresses=- carrier=- carrier_changes=- driver=- mtu=- name=eth1 operstate=- rx_bytes=- rx_nohandler=- " +
			"speed=-",
	})
	for i, part := range []string{"what drivers tell of their hardware is unknown", "the driver of eth0 is unknown"} {
		if len(a.warnings) != 2 || !strings.Contains(a.warnings[i], part) {
			t.Errorf("warnings %q, want one with %q", a.warnings, part)
		}
	}
	short := linkMessage(4, "eth2", nil)
	short.Data = short.Data[:10]
	for _, table := range []string{"interfaces | select name", "ethernet", "nic_stats"} {
		system := onlyLinks(unix.EPERM, linkMessage(2, "eth0", nil))
		system.Ethtool = fakeDrivers{statistics: map[string][]ethtool.Statistic{"eth0": {{Name: "x"}}}}
		if a := ask(t, system, table); len(a.rows) == 0 || len(a.warnings) != 1 {
			t.Errorf("%s: %d rows, warnings %q", table, len(a.rows), a.warnings)
		}
		if a := ask(t, onlyLinks(nil, short), table); len(a.rows) != 0 || len(a.warnings) != 1 {
			t.Errorf("%s of a torn list: %d rows, warnings %q", table, len(a.rows), a.warnings)
		}
	}
	refuses := &sources.System{Netlink: netlinktest.Func(func(netlink.Request) ([]netlink.Message, error) {
		return nil, unix.EPERM
	})}
	if a := ask(t, refuses, "addresses"); len(a.rows) != 0 || len(a.warnings) != 1 {
		t.Errorf("addresses: %v, %q", a.rows, a.warnings)
	}
}
