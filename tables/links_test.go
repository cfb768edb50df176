package tables_test

import (
	"net"
	"strconv"
	"testing"

	"netql/sources/lab"
)

// makeLinks makes interfaces of many kinds, and addresses of many sorts. Kinds that the kernel does not have are left
// out.
func makeLinks(t testing.TB) {
	t.Helper()
	for _, line := range [][]string{
		{"link", "add", "tbr0", "type", "bridge"},
		{"link", "add", "tport0", "type", "veth", "peer", "name", "tport1"},
		{"link", "set", "tport0", "master", "tbr0", "up"},
		{"link", "set", "tport1", "up", "promisc", "on", "mtu", "1400"},
		{"link", "set", "tbr0", "up"},
		{"link", "property", "add", "dev", "tport1", "altname", "a-name-longer-than-others", "altname", "short"},
		{"address", "add", "198.51.100.1/24", "broadcast", "+", "dev", "tport1", "label", "tport1:a", "valid_lft",
			"5000", "preferred_lft", "4000"},
		{"address", "add", "198.51.100.2/24", "dev", "tport1"},
		{"address", "add", "198.51.100.65/26", "dev", "tport1", "metric", "77", "noprefixroute"},
		{"address", "add", "203.0.113.1", "peer", "203.0.113.2/32", "dev", "tport1"},
		{"address", "add", "203.0.113.1", "peer", "203.0.113.3/32", "dev", "tport1"},
		{"address", "add", "2001:db8:1::1/64", "dev", "tport1", "nodad", "valid_lft", "3000", "preferred_lft", "0"},
		{"address", "add", "2001:db8:2::1", "peer", "2001:db8:2::2/64", "dev", "tport1", "nodad", "home"},
	} {
		ip(t, line...)
	}
	other := lab.Start(t, lab.Helper{OtherNamespace: true})
	ip(t, "link", "add", "tout0", "type", "veth", "peer", "name", "tout1", "netns", strconv.Itoa(other.Pid))
	ip(t, "link", "set", "tout0", "up", "group", "7", "alias", "uplink, \"quoted\"")
	for _, line := range [][]string{
		{"link", "add", "tmac0", "link", "tport1", "type", "macvlan", "mode", "bridge"},
		{"link", "add", "tvx0", "type", "vxlan", "id", "42", "dstport", "4789", "local", "127.0.0.1", "remote",
			"192.0.2.9"},
		{"link", "add", "tvlan0", "link", "tport1", "type", "vlan", "id", "17"},
		{"tuntap", "add", "ttap0", "mode", "tap"},
		{"tuntap", "add", "ttun0", "mode", "tun"},
	} {
		lab.Try(t, "", "ip", line...)
	}
	sendTo(t, "198.51.100.77:9")
}

// ip runs ip(8).
func ip(t testing.TB, args ...string) string {
	t.Helper()
	return lab.Tool(t, "", "ip", args...)
}

// sendTo makes traffic: a question about who has the address at least.
func sendTo(t testing.TB, address string) {
	t.Helper()
	c, err := net.Dial("udp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Write([]byte("hello")); err != nil {
		t.Fatal(err)
	}
}
