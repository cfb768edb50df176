package tables_test

import (
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources/lab"
)

// routePlantings are the troubles of routes, of the paths that packets take, and of groups.
func routePlantings() []planting {
	return []planting{
		{name: "island", checks: []string{"no_default_route", "no_route"}, make: plantIsland},
		{name: "path", checks: []string{"small_path_mtu"}, make: plantPath},
		{name: "router", checks: []string{"fragmentation_refused"}, follows: []string{"no_default_route"},
			make: plantRouter},
		{name: "groups", checks: []string{"multicast_wrong_interface", "multicast_to_nowhere"}, make: plantGroups},
		{name: "ports", checks: []string{"nearly_full"}, make: plantEphemeral},
	}
}

// plantIsland takes the default route away, and sends where it led.
func plantIsland(t *testing.T, p *planting) func() bool {
	var s *lab.Socket
	lab.In(t, p.name, func() {
		lab.Tool(t, "", "ip", "route", "del", "default")
		s = lab.Datagram(t, lab.UDP, "10.1.0.1:0", "")
	})
	goOn(t, func() {
		_ = unix.Sendto(s.FD(), []byte("x"), 0, &unix.SockaddrInet4{Addr: [4]byte{203, 0, 113, 9}, Port: 9})
	})
	return nil
}

// narrow makes the first end of a cable a router, behind which the MTU is small, and what is behind it, which are
// the same namespace. It sends what is too long for it, and must not be fragmented.
const narrow = `
link add narrow0 type veth peer name narrow1
link set narrow0 mtu 1000 up
link set narrow1 mtu 1000 up
address add 10.6.0.1/24 dev narrow0
neighbor add 10.6.0.2 lladdr 02:00:00:00:00:09 dev narrow0
`

// tooLong sends from one end of the cable what the other is to forward, and may not fragment.
func tooLong(t *testing.T, sender, router string, from string) func() bool {
	t.Helper()
	lab.In(t, router, func() {
		setSysctl(t, "net/ipv4/ip_forward", "1")
		ipBatch(t, narrow)
	})
	var s *lab.Socket
	lab.In(t, sender, func() {
		s = lab.Datagram(t, lab.UDP, from+":0", "")
		must(t, unix.SetsockoptInt(s.FD(), unix.IPPROTO_IP, unix.IP_MTU_DISCOVER, unix.IP_PMTUDISC_PROBE))
	})
	data := make([]byte, 1400)
	goOn(t, func() {
		for range manyTimes {
			_ = unix.Sendto(s.FD(), data, 0, &unix.SockaddrInet4{Addr: [4]byte{10, 6, 0, 2}, Port: 9})
		}
	})
	return nil
}

// plantPath sends over a router that says that packets are too long.
func plantPath(t *testing.T, p *planting) func() bool { return tooLong(t, p.name, p.far(), "10.1.0.1") }

// plantRouter is that router.
func plantRouter(t *testing.T, p *planting) func() bool {
	lab.In(t, p.far(), func() { lab.Tool(t, "", "ip", "route", "add", "default", "via", "10.1.0.1") })
	return tooLong(t, p.far(), p.name, "10.1.0.2")
}

// plantGroups routes one group to nowhere, and another one from an interface that it does not come by.
func plantGroups(t *testing.T, p *planting) func() bool {
	lab.In(t, p.name, func() {
		ipBatch(t, "link add eth1 type veth peer name eth1 netns "+p.far()+
			"\nlink set eth1 up\naddress add 10.7.0.1/24 dev eth1\n")
		router := lab.Router4(t, 0)
		router.Vif(0, "eth0", lab.VifUseIndex)
		router.Vif(1, "eth1", lab.VifUseIndex)
		router.Route("10.1.0.2", "239.1.2.3", 0, nil)
		router.Route("10.1.0.2", "239.1.2.4", 1, map[uint16]byte{0: 1})
	})
	var s *lab.Socket
	lab.In(t, p.far(), func() {
		lab.Tool(t, "", "ip", "link", "set", "eth1", "up")
		s = lab.Datagram(t, lab.UDP, "10.1.0.2:0", "")
	})
	must(t, unix.SetsockoptInt(s.FD(), unix.IPPROTO_IP, unix.IP_MULTICAST_TTL, 8))
	goOn(t, func() {
		for _, last := range []byte{3, 4} {
			_ = unix.Sendto(s.FD(), []byte("x"), 0, &unix.SockaddrInet4{Addr: [4]byte{239, 1, 2, last}, Port: 9})
		}
	})
	return nil
}

// plantEphemeral uses nearly all of few ephemeral ports for connections to one server.
func plantEphemeral(t *testing.T, p *planting) func() bool {
	var far *lab.Socket
	lab.In(t, p.far(), func() { far = lab.Listen(t, lab.TCP, "10.1.0.2:7011") })
	lab.In(t, p.name, func() {
		setSysctl(t, "net/ipv4/ip_local_port_range", "50000 50009")
		for range 9 {
			lab.Dial(t, lab.TCP, far.Local)
		}
	})
	return nil
}
