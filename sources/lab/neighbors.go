package lab

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"
)

// neighborCommands make neighbours in every state, for ip(8) -batch. nb0 asks so slowly that none changes its state
// meanwhile; nb2 asks once, and gives up at once. No proxy is of all interfaces: such an entry outlives its namespace,
// and turns up in a later one (seen on Linux 6.18).
const neighborCommands = `
link add nb0 type veth peer name nb1
link add nb2 type veth peer name nb3
link set nb0 up
link set nb1 up
link set nb2 up
link set nb3 up
address add 198.18.0.1/24 dev nb0
address add 2001:db8:18::1/64 dev nb0 nodad
address add 198.18.2.1/24 dev nb2
address add 2001:db8:18:2::1/64 dev nb2 nodad
neighbor add 198.18.0.10 lladdr 02:00:00:00:00:10 dev nb0 nud permanent protocol static
neighbor add 198.18.0.11 lladdr 02:00:00:00:00:11 dev nb0 nud reachable
neighbor add 198.18.0.12 lladdr 02:00:00:00:00:12 dev nb0 nud stale
neighbor add 198.18.0.13 lladdr 02:00:00:00:00:13 dev nb0 nud stale
neighbor add 198.18.0.14 lladdr 02:00:00:00:00:14 dev nb0 nud probe
neighbor add 198.18.0.15 lladdr 02:00:00:00:00:15 dev nb0 nud noarp
neighbor add 198.18.0.16 lladdr 02:00:00:00:00:10 dev nb0 nud stale extern_learn
neighbor add 198.18.0.17 dev nb0 nud none
neighbor add 2001:db8:18::10 lladdr 02:00:00:00:00:10 dev nb0 nud permanent router protocol zebra
neighbor add fe80::11 lladdr 02:00:00:00:00:11 dev nb0 nud reachable
neighbor add fe80::12 lladdr 02:00:00:00:00:12 dev nb0 nud stale
neighbor add ::ffff:198.18.0.10 lladdr 02:00:00:00:00:1f dev nb0 nud permanent
neighbor add proxy 198.18.0.20 dev nb0
neighbor add proxy 198.18.0.10 dev nb0
neighbor add proxy 2001:db8:18::20 dev nb0
neighbor add proxy fe80::20 dev nb0
`

// Neighbors makes ARP and NDP entries in every state, for both families, and proxies. Those on nb0 keep their states
// for the test's time; two on nb2 have FAILED by the kernel's own doing.
func Neighbors(t testing.TB) {
	t.Helper()
	quietLinks(t)
	first, rest, _ := strings.Cut(neighborCommands, "neighbor add")
	Tool(t, first, "ip", "-batch", "-")
	for name, address := range map[string]string{"nb0": "2001:db8:18::1", "nb2": "2001:db8:18:2::1"} {
		awaitLocalRoute(t, name, netip.MustParseAddr(address))
	}
	for _, family := range []string{"net/ipv4/neigh/", "net/ipv6/neigh/"} {
		set(t, map[string]string{
			family + "nb0/retrans_time_ms": "3600000", family + "nb0/delay_first_probe_time": "3600",
			family + "nb0/base_reachable_time_ms": "3600000",
			family + "nb2/retrans_time_ms":        "10", family + "nb2/mcast_solicit": "1",
		})
	}
	Tool(t, "neighbor add"+rest, "ip", "-batch", "-")
	Try(t, "", "ip", "neighbor", "add", "198.18.0.18", "dev", "nb0", "managed") // Linux 5.16
	for _, address := range []string{"198.18.0.13", "198.18.0.19", "2001:db8:18::19", "198.18.2.9",
		"2001:db8:18:2::9"} {
		sendTo(t, address)
	}
	awaitFailed(t, 2)
}

// sendTo sends a datagram to an address, which makes the kernel look for it.
func sendTo(t testing.TB, address string) {
	t.Helper()
	conn, err := net.Dial("udp", net.JoinHostPort(address, "9"))
	if err == nil {
		_, err = conn.Write([]byte("?"))
		conn.Close()
	}
	if err != nil {
		t.Fatalf("lab: send to %s: %v", address, err)
	}
}

// awaitFailed waits until the kernel has given so many neighbours up.
func awaitFailed(t testing.TB, want int) {
	t.Helper()
	Await(t, fmt.Sprintf("%d failed neighbours", want), func() bool {
		return strings.Count(Tool(t, "", "ip", "neighbor", "show", "nud", "failed"), "\n") >= want
	})
}
