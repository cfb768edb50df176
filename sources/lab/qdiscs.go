package lab

import (
	"strings"
	"testing"
)

// qdiscCommands make queueing disciplines, each of which a kernel may not have. qd2 sends a packet in a second and
// keeps two, so that it drops; qd0 has queues of which each has its own.
const qdiscCommands = `
ip link add qd0 numtxqueues 4 type veth peer name qd1
ip link add qd2 type veth peer name qd3
ip link set qd0 up
ip link set qd1 up
ip link set qd2 up
ip link set qd3 up
ip address add 198.18.4.1/24 dev qd2
ip neighbor add 198.18.4.9 lladdr 02:00:00:00:00:09 dev qd2 nud permanent
tc qdisc replace dev qd0 root mq
tc qdisc replace dev qd1 root handle 8001: tbf rate 1mbit burst 10k latency 50ms
tc qdisc add dev qd1 ingress_block 21 ingress
tc qdisc add dev qd3 root handle 2: prio
tc qdisc add dev qd3 parent 2:1 handle 20: pfifo limit 5
tc qdisc add dev qd2 estimator 250ms 1s root handle 1: htb default 10
tc class add dev qd2 parent 1: classid 1:10 htb rate 8kbit burst 2k
tc class add dev qd2 parent 1: classid 1:20 htb rate 1mbit
tc qdisc add dev qd2 parent 1:10 handle 10: pfifo limit 2
tc qdisc add dev qd2 ingress_block 22 egress_block 23 clsact
`

// Qdiscs makes queueing disciplines of every kind that the kernel has, one of which drops packets.
func Qdiscs(t testing.TB) {
	t.Helper()
	quietLinks(t)
	for line := range strings.Lines(strings.TrimSpace(qdiscCommands)) {
		args := strings.Fields(line)
		Try(t, "", args[0], args[1:]...)
	}
	s := Datagram(t, UDP, "198.18.4.1:0", "198.18.4.9:9")
	for range 20 {
		s.Send(1000)
	}
}
