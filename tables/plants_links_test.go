package tables_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"netql/sources/lab"
)

// linkPlantings are the troubles of interfaces, of their queues, and of what is received from them.
func linkPlantings() []planting {
	return []planting{
		{name: "links", checks: []string{"send_drops", "receive_drops", "interface_errors"},
			counts: []string{"udp_send_drops"}, make: plantDrops},
		{name: "shaper", checks: []string{"qdisc_drops"}, counts: []string{"udp_send_drops"}, make: plantShaper},
		{name: "queue", checks: []string{"qdisc_backlog"}, make: plantQueue},
		{name: "bursts", checks: []string{"softnet_drops", "softnet_squeezes"}, machine: true, make: plantBursts},
		{name: "twins", checks: []string{"neighbor_conflict"}, make: plantTwins},
		{name: "claims", checks: []string{"duplicate_address", "tentative_address"}, make: plantClaims},
	}
}

// again sends so many bytes from a socket again and again.
func again(s *lab.Socket, size int) func() {
	data := make([]byte, size)
	return func() {
		for range manyTimes {
			_ = unix.Sendto(s.FD(), data, unix.MSG_DONTWAIT, nil)
		}
	}
}

// plantDrops gives one end of a cable a smaller MTU than the other, has it send what nobody knows (an EtherType for
// experiments, IEEE 802), and makes a tunnel whose other end has no route.
func plantDrops(t *testing.T, p *planting) func() bool {
	var long, tunneled, strange *lab.Socket
	lab.In(t, p.far(), func() {
		lab.Tool(t, "", "ip", "link", "set", "eth0", "mtu", "1000")
		strange = lab.Packet(t, unix.SOCK_DGRAM, 0, "")
	})
	lab.In(t, p.name, func() {
		ipBatch(t, `
link add tunnel0 type vxlan id 7 remote 203.0.113.9 dstport 4789
route add unreachable 203.0.113.9
link set tunnel0 up
address add 10.9.0.1/24 dev tunnel0
neighbor add 10.9.0.2 lladdr 02:00:00:00:00:09 dev tunnel0
`)
		long = lab.Datagram(t, lab.UDP, "10.1.0.1:0", "10.1.0.2:9")
		tunneled = lab.Datagram(t, lab.UDP, "10.9.0.1:0", "10.9.0.2:9")
	})
	const experimental = 0xb588 // 0x88b5, in the order of the network
	to := &unix.SockaddrLinklayer{Protocol: experimental, Ifindex: 2, Halen: 6,
		Addr: [8]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}}
	goOn(t, again(long, 1400), again(tunneled, 100), func() {
		for range manyTimes {
			_ = unix.Sendto(strange.FD(), make([]byte, 50), 0, to)
		}
	})
	return nil
}

// plantShaper sends more than a shaper lets through, whose queue is short.
func plantShaper(t *testing.T, p *planting) func() bool {
	var near, far *lab.Socket
	lab.In(t, p.far(), func() { far = lab.Datagram(t, lab.UDP, "10.1.0.2:7010", "") })
	lab.In(t, p.name, func() {
		lab.Tool(t, "", "tc", "qdisc", "add", "dev", "eth0", "root", "tbf",
			"rate", "100kbit", "burst", "2kb", "limit", "4kb")
		near = lab.Datagram(t, lab.UDP, "10.1.0.1:0", far.Local.String())
	})
	goOn(t, again(near, 1400))
	return nil
}

// plantQueue lets many packets wait for a link that takes half an hour for them.
func plantQueue(t *testing.T, p *planting) func() bool {
	const many, size = 140, 200 // what the buffer of a socket for sending takes
	lab.In(t, p.name, func() {
		lab.Tool(t, "", "ip", "neighbor", "replace", "10.1.0.2", "lladdr", "02:00:00:00:00:09", "dev", "eth0")
		lab.Tool(t, "", "tc", "qdisc", "add", "dev", "eth0", "root", "tbf",
			"rate", "80bit", "burst", "2kb", "limit", "1mb")
		s := lab.Datagram(t, lab.UDP, "10.1.0.1:0", "10.1.0.2:9")
		for range many {
			s.Send(size)
		}
	})
	return nil
}

// plantBursts has a CPU receive more than a thousand packets at once: a datagram that is cut into many for each port
// of a bridge, all within one call.
func plantBursts(t *testing.T, p *planting) func() bool {
	const ports, segments, size = 20, 100, 20
	const polled = 8 // of them, whose packets do not wait for the CPU, but for the turn of each
	var sender *lab.Socket
	lab.In(t, p.name, func() {
		batch := "link add br0 type bridge\nlink set br0 up\naddress add 10.4.0.1/24 dev br0\n"
		for i := range ports {
			batch += fmt.Sprintf("link add port%d type veth peer name end%d\nlink set end%d up\n"+
				"link set port%d master br0 up\n", i, i, i, i)
		}
		ipBatch(t, batch+"neighbor add 10.4.0.2 lladdr 02:00:00:00:00:09 dev br0\n")
		for i := range ports {
			lab.Tool(t, "", "ethtool", "-K", fmt.Sprintf("port%d", i),
				"gso", "off", "tso", "off", "tx-udp-segmentation", "off")
			if i < polled {
				lab.Tool(t, "", "ethtool", "-K", fmt.Sprintf("end%d", i), "gro", "on")
			}
		}
		sender = lab.Datagram(t, lab.UDP, "10.4.0.1:0", "10.4.0.2:9")
	})
	must(t, unix.SetsockoptInt(sender.FD(), unix.IPPROTO_UDP, unix.UDP_SEGMENT, size))
	data := make([]byte, segments*size)
	var one unix.CPUSet
	one.Set(0)
	goOnIn(t, p.name, func() {
		_ = unix.SchedSetaffinity(0, &one) // CPUs are told one by one
		for range 2 {
			_ = unix.Sendto(sender.FD(), data, unix.MSG_DONTWAIT, nil)
		}
	})
	return nil
}

// plantTwins has two machines at two links with one address.
func plantTwins(t *testing.T, p *planting) func() bool {
	lab.In(t, p.far(), func() {
		setSysctl(t, "net/ipv4/conf/all/arp_ignore", "1")
		ipBatch(t, "address add 10.5.0.7/24 dev eth0\nlink add eth1 type veth peer name eth1 netns "+p.name+
			"\nlink set eth1 up\naddress add 10.5.0.7/24 dev eth1\n")
	})
	var sockets []*lab.Socket
	lab.In(t, p.name, func() {
		ipBatch(t, `
link set eth1 up
address add 10.5.0.1/24 dev eth0 noprefixroute
address add 10.5.0.2/24 dev eth1 noprefixroute
route add 10.5.0.0/24 dev eth0 metric 1
route add 10.5.0.0/24 dev eth1 metric 2
`)
		for _, link := range []string{"eth0", "eth1"} {
			sockets = append(sockets, lab.Datagram(t, lab.UDP, "0.0.0.0:0", "10.5.0.7:9", lab.Device(link)))
		}
	})
	goOn(t, again(sockets[0], 1), again(sockets[1], 1))
	return nil
}

// plantClaims gives an interface an address of IPv6 that the other end has, and another that it asks for at length.
func plantClaims(t *testing.T, p *planting) func() bool {
	const taken = "2001:db8:1::7/64"
	for _, namespace := range []string{p.far(), p.name} {
		lab.In(t, namespace, func() { setSysctl(t, "net/ipv6/conf/eth0/disable_ipv6", "0") })
	}
	lab.In(t, p.far(), func() { ipBatch(t, "address add "+taken+" dev eth0 nodad\n") })
	lab.In(t, p.name, func() {
		setSysctl(t, "net/ipv6/conf/eth0/accept_dad", "1")
		// One question or answer may be lost. There are up to 255 (dad_probes of net/if_inet6.h), 10 s apart.
		setSysctl(t, "net/ipv6/conf/eth0/dad_transmits", "250")
		setSysctl(t, "net/ipv6/neigh/eth0/retrans_time_ms", "10000")
		ipBatch(t, "address add "+taken+" dev eth0\naddress add 2001:db8:1::8/64 dev eth0\n")
	})
	const claimed = 3 * time.Second
	long := since(claimed)
	return func() (ready bool) {
		lab.In(t, p.name, func() { ready = long() && strings.Contains(ip(t, "-6", "address", "show"), "dadfailed") })
		return ready
	}
}
