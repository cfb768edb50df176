package tables_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources/lab"
)

// routeWorld has a route of every kind that this kernel can have, rules, and destinations whose path MTU or router the
// kernel has learned. rt0 is one end of a veth whose other end is a router in a namespace of its own.
func routeWorld(t testing.TB) {
	t.Helper()
	router := startRouter(t)
	script(t, `
		ip link set rt0 up
		ip address add 198.51.100.1/24 dev rt0
		ip -6 address add 2001:db8:100::1/64 dev rt0 nodad
		ip neighbor add 198.51.100.9 lladdr 02:00:00:00:00:09 dev rt0
		ip link add rt2 type veth peer name rt3
		ip link set rt2 up
		ip address add 203.0.113.1/24 dev rt2`)
	router.script(t, `
		ip link set lo up
		ip link set rt1 up
		ip link add down0 mtu 1400 type veth peer name down1 mtu 1400
		ip link set down0 up
		ip link set down1 up
		ip address add 198.51.100.2/24 dev rt1
		ip -6 address add fe80::2/64 dev rt1 nodad
		ip -6 address add 2001:db8:100::2/64 dev rt1 nodad
		echo 1 >/proc/sys/net/ipv4/ip_forward
		echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
		ip neighbor add 198.51.100.9 lladdr 02:00:00:00:00:09 dev rt1
		ip route add 10.91.0.0/16 dev down0
		ip route add 10.92.0.0/16 via 198.51.100.9
		ip -6 route add 2001:db8:91::/48 dev down0`)
	script(t, `
		ip route add 10.91.0.0/16 via 198.51.100.2
		ip route add 10.92.0.0/16 via 198.51.100.2
		ip -6 route add 2001:db8:91::/48 via fe80::2 dev rt0
		ip route add default via 198.51.100.2 metric 50 protocol dhcp src 198.51.100.1
		ip -6 route add default via fe80::2 dev rt0 metric 100 protocol ra
		ip route add 10.1.0.0/16 nexthop via 198.51.100.2 dev rt0 weight 3 \
			nexthop via 198.51.100.77 dev rt0 weight 1 onlink
		ip route add blackhole 10.2.0.0/16 metric 5
		ip route append 10.2.0.0/16 via 198.51.100.2 metric 5
		ip route append 10.2.0.0/16 via 198.51.100.2 metric 5 mtu 1300
		ip route add 10.3.0.0/16 via inet6 fe80::2 dev rt0 mtu 1400 advmss 1300 rtt 100ms rttvar 20ms window 1000 \
			initcwnd 10 initrwnd 20 quickack 1 hoplimit 33 rto_min 50ms features ecn congctl reno
		ip route add 10.4.0.0/16 dev rt0 mtu lock 1300 ssthresh 5 cwnd 7 reordering 4 realm 5/6 fastopen_no_cookie 1
		ip route add 10.4.1.1 dev rt0 realm 7 hoplimit 0 rtt 3ms
		ip route add unreachable 10.5.0.0/16
		ip route add prohibit 10.6.0.0/16 table 100
		ip route add throw 10.7.0.0/16 table 4000000000
		ip route add 10.7.0.0/16 tos 0x10 dev rt0
		ip route add unreachable 10.8.1.1
		ip route add 10.9.0.0/16 encap ip id 5 dst 10.0.0.1 dev rt0
		ip route add multicast 239.1.0.0/16 dev rt0 table 100
		ip nexthop add id 101 via 198.51.100.4 dev rt0
		ip nexthop add id 102 via 198.51.100.5 dev rt0
		ip nexthop add id 103 blackhole
		ip nexthop add id 110 group 101,4/102
		ip nexthop add id 121 via fe80::21 dev rt0
		ip nexthop add id 122 via fe80::22 dev rt0
		ip nexthop add id 120 group 121/122,5
		ip route add 10.10.0.0/16 nhid 110
		ip route add 10.11.0.0/16 nhid 101
		ip route add 10.12.0.0/16 nhid 103
		ip -6 route add 2001:db8:10::/48 nhid 120
		ip -6 route add 2001:db8:11::/48 via fe80::9 dev rt0 expires 1000 pref high
		ip -6 route add 2001:db8:12::/48 nexthop via fe80::9 dev rt0 weight 4 nexthop via fe80::a dev rt0
		ip -6 route add 2001:db8:12::/48 dev rt0 metric 2000 mtu 1300
		ip -6 route add unreachable 2001:db8:13::/48
		ip -6 route add blackhole 2001:db8:14::/48 table 100
		ip -6 route add throw 2001:db8:15::/48 table 100
		ip -6 route add prohibit 2001:db8:16::/48 pref low
		ip -6 route add 2001:db8:17::/48 from 2001:db8::/64 dev rt0 src 2001:db8:100::1
		ip -6 route add unreachable ::ffff:0.0.0.0/96
		ip rule add from 10.0.0.0/8 to 10.1.0.0/16 iif rt0 oif rt2 fwmark 0x10/0xff tos 0x10 table 100 pref 50 \
			ipproto tcp sport 10-20 dport 80 suppress_prefixlength 0 suppress_ifgroup 5 protocol static
		ip rule add uidrange 0-0 table main pref 51 realms 3/4
		ip rule add not from 10.0.0.0/8 goto 1000 pref 60
		ip rule add goto 7777 pref 61
		ip rule add iif gone0 table 100 pref 70
		ip rule add oif gone0 table 101 pref 70
		ip rule add l3mdev pref 70
		ip rule add tun_id 5 table 5 pref 71
		ip rule add blackhole pref 1000
		ip rule add unreachable pref 1001 fwmark 7
		ip rule add prohibit pref 1002 iif lo realms 8
		ip rule add nop pref 1003
		ip -6 rule add from 2001:db8::/32 table 4000000000 pref 80 tos 0x4`)
	learn(t, "10.91.0.7", "10.92.0.7", "2001:db8:91::7")
}

// router is a process in a network namespace of its own.
type router int

// startRouter gives the router its end of a veth, rt1.
func startRouter(t testing.TB) router {
	t.Helper()
	lab.Need(t, "ip")
	cmd := exec.Command("unshare", "--net", "cat")
	if _, err := cmd.StdinPipe(); err != nil { // its end means that this process is gone
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	own, _ := os.Readlink("/proc/thread-self/ns/net")
	lab.Await(t, "the router has a namespace of its own", func() bool {
		other, err := os.Readlink(fmt.Sprintf("/proc/%d/ns/net", cmd.Process.Pid))
		return err == nil && other != own
	})
	script(t, fmt.Sprintf(`
		ip link add rt0 type veth peer name rt1
		ip link set rt1 netns %d`, cmd.Process.Pid))
	return router(cmd.Process.Pid)
}

func (r router) script(t testing.TB, lines string) {
	t.Helper()
	for line := range strings.Lines(strings.TrimSpace(lines)) {
		script(t, fmt.Sprintf("nsenter --target %d --net sh -c '%s'", r, strings.TrimSpace(line)))
	}
}

// script runs command lines by sh, none of which may fail, with ip(8) in most of them.
func script(t testing.TB, lines string) {
	t.Helper()
	lab.Need(t, "ip")
	lines = strings.ReplaceAll(strings.TrimSpace(lines), "\\\n", "")
	for line := range strings.Lines(lines) {
		lab.Tool(t, "", "sh", "-c", line)
	}
}

// learn sends large datagrams until the kernel has an exception for each of the destinations.
func learn(t testing.TB, destinations ...string) {
	t.Helper()
	lab.Await(t, fmt.Sprintf("the kernel learns about %v", destinations), func() bool {
		learned := 0
		for _, destination := range destinations {
			send(t, destination)
			family := map[bool]string{true: "inet6", false: "inet"}[strings.Contains(destination, ":")]
			out, err := exec.Command("ip", "-family", family, "route", "show", "table", "all", "cache",
				destination).Output()
			if err == nil && len(out) > 0 {
				learned++
			}
		}
		return learned == len(destinations)
	})
}

// send sends a datagram that must not be fragmented: IP_MTU_DISCOVER and IPV6_MTU_DISCOVER are 2, IP_PMTUDISC_DO.
func send(t testing.TB, destination string) {
	t.Helper()
	connection, err := net.Dial("udp", net.JoinHostPort(destination, "9"))
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	raw, err := connection.(*net.UDPConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	raw.Control(func(fd uintptr) {
		_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_IP, unix.IP_MTU_DISCOVER, unix.IP_PMTUDISC_DO)
		_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_IPV6, unix.IPV6_MTU_DISCOVER, unix.IPV6_PMTUDISC_DO)
	})
	_, _ = connection.Write(make([]byte, 1440)) // it fails once the path is known to be too narrow
}
