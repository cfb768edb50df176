package lab

import (
	"os/exec"
	"testing"
	"time"
)

// peerNamespace is the other machine of a troubled network: the namespace that a Troubled one sends to.
const peerNamespace = "peer"

// nearCommands and farCommands are the two ends of a troubled network, for ip(8) -batch. They are joined twice: by
// eth0, where all is well, and by wan0, which is slow and loses packets. Routes to 198.51.100.0/24 are in two tables,
// and a rule says which one counts. br0 and eth1 have no carrier.
const (
	nearCommands = `
link add eth0 type veth peer name eth0 netns peer
link set eth0 alias uplink up
address add 192.0.2.1/24 dev eth0
address add 192.0.2.77/24 dev eth0 valid_lft 3000 preferred_lft 2000
address add 2001:db8:85a3::8a2e:370:1001/64 dev eth0 nodad
link set wan0 mtu 1400 up
address add 10.0.0.1/24 dev wan0
address add 2001:db8:85a3:8d3::8a2e:370:1001/64 dev wan0 nodad
link set dmz0 mtu 1300 txqueuelen 10 up
address add 198.18.9.1/24 dev dmz0
link add eth1 type veth peer name eth3
link set eth1 up
address add 198.18.7.1/24 dev eth1
address add 2001:db8:85a3:7::1/64 dev eth1
link add br0 type bridge
link set eth3 master br0
route add default via 192.0.2.9 dev eth0
route add default via 2001:db8:85a3::8a2e:370:7334 dev eth0
route add 198.51.100.0/24 via 192.0.2.9 dev eth0
route add 198.51.100.0/24 via 10.0.0.5 dev wan0 table 100
route add 2001:db8:100::/48 via 2001:db8:85a3::8a2e:370:7334 dev eth0
route add 2001:db8:100::/48 via 2001:db8:85a3:8d3::8a2e:370:7334 dev wan0 table 100
route add 10.1.0.0/16 via 10.0.0.5 mtu 1300
route add 10.2.0.0/16 nexthop via 192.0.2.9 weight 1 nexthop via 10.0.0.5 weight 2
route add blackhole 192.168.0.0/16
route add unreachable 2001:db8:dead::/48
rule add to 198.51.100.0/24 lookup 100 priority 1000
rule add from 10.66.0.0/16 prohibit priority 1001
rule add fwmark 7 iif gone0 lookup 100 priority 1002
`
	farCommands = `
link set lo up
address add 2001:db8::1/128 dev lo nodad
link set eth0 up
address add 192.0.2.9/24 dev eth0
address add 2001:db8:85a3::8a2e:370:7334/64 dev eth0 nodad
link set wan0 mtu 1400 up
address add 10.0.0.5/24 dev wan0
address add 2001:db8:85a3:8d3::8a2e:370:7334/64 dev wan0 nodad
route add blackhole 2001:db8:113::/48
`
)

// Addresses of a troubled network: of this end and of the other one, over eth0 and over wan0. Nobody answers at the
// last two, to which the default routes lead: the other end drops what is sent there, of IPv6 by a route.
const (
	near4, far4      = "192.0.2.1", "192.0.2.9"
	near6, far6      = "[2001:db8:85a3::8a2e:370:1001]", "[2001:db8:85a3::8a2e:370:7334]"
	farLossy4        = "10.0.0.5"
	farLossy6        = "[2001:db8:85a3:8d3::8a2e:370:7334]"
	silent4, silent6 = "203.0.113.7", "[2001:db8:113::8a2e:370:7334]"
)

// Troubled makes what an operator looks for: servers and their clients; a peer that is slow and loses packets, one
// that does not read and one that does not answer; a listener whose accept queue is full, a process that leaks
// connections, one that does not read; drops of UDP, of an interface and of a qdisc; policy routing, neighbours that
// fail, tracked flows; and traffic, connections that end and routes that come and go for as long as the test takes.
// The test must run under Isolate. The other machine is the namespace peer.
func Troubled(t testing.TB) {
	t.Helper()
	Need(t, "ip", "tc", "nft", "conntrack")
	quietLinks(t)
	set(t, map[string]string{"net/ipv6/conf/default/accept_dad": "1"}) // the address of eth1 stays tentative
	NameNamespaces(t, "host", peerNamespace)
	joinTun(t, "wan0", peerNamespace, Wire{Delay: 5 * time.Millisecond, Lose: 7})
	tun(t, "dmz0") // what it is given stays in its queue, until that is full
	Tool(t, nearCommands, "ip", "-batch", "-")
	Tool(t, "", "ip", "-6", "rule", "add", "to", "2001:db8:100::/48", "lookup", "100", "priority", "1000")
	In(t, peerNamespace, func() { Tool(t, farCommands, "ip", "-batch", "-") })
	zombie(t)
	Containers(t)
	addServers(t)
	addTroubledSockets(t)
	addTroubledDatagrams(t)
	addTroubledUnix(t)
	addForwarding(t)
	Neighbors(t)
	Qdiscs(t)
	Flows(t)
	addFlow(t, "tcp --src 192.0.2.1 --dst 192.0.2.9 --sport 40000 --dport 443 --state ESTABLISHED")
	startTraffic(t)
}

// zombie starts a process that ends, and does not wait for it.
func zombie(t testing.TB) {
	t.Helper()
	cmd := exec.Command("true")
	if err := cmd.Start(); err != nil {
		t.Fatalf("lab: %v", err)
	}
	t.Cleanup(func() { _ = cmd.Wait() })
}

// owned leaves sockets to a helper process of a name alone.
func owned(t testing.TB, name string, sockets ...*Socket) {
	t.Helper()
	Start(t, Helper{Comm: name, Args: []string{"/usr/sbin/" + name, "--config", "/etc/" + name + ".conf"}}, sockets...)
	for _, s := range sockets {
		s.Close()
	}
}

// DockerScope is a cgroup as Docker makes one for a container.
const DockerScope = "system.slice/docker-" + dockerID + ".scope"

// inUnit does something in a cgroup, where the tests have one of their own.
func inUnit(t testing.TB, path string, what func()) {
	t.Helper()
	if HasCgroup() {
		InCgroup(t, path, what)
	} else {
		what()
	}
}
