package lab

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// flowRules make the kernel track our traffic and no other, for nft(8): connections to port 8080 go to 9090 instead
// and come from 127.0.0.5; those to port 2121 have a helper and two labels; all have a mark.
const flowRules = `
table inet lab {
	ct helper files { type "ftp" protocol tcp; }
	chain ours {
		tcp dport { 2121, 8080, 9090 } accept
		tcp sport { 2121, 8080, 9090 } accept
		udp dport 5300-5303 accept
		icmp type echo-request accept
		icmp type echo-reply accept
		icmpv6 type echo-request accept
		icmpv6 type echo-reply accept
		notrack
	}
	chain sent {
		type filter hook output priority -300;
		jump ours
	}
	chain received {
		type filter hook prerouting priority -300;
		jump ours
	}
	chain outgoing {
		type filter hook output priority 0;
		ct mark set 7
		tcp dport 2121 ct helper set "files"
		tcp dport 2121 ct label set 5
		tcp dport 2121 ct label set 70
	}
}
table ip lab {
	chain to {
		type nat hook output priority -100;
		tcp dport 8080 dnat to 127.0.0.1:9090
	}
	chain from {
		type nat hook postrouting priority 100;
		tcp dport 9090 snat to 127.0.0.5
	}
}
`

// FlowStates are the states of TCP in which conntrack(8) makes a flow.
func FlowStates() []string {
	return []string{"NONE", "SYN_SENT", "SYN_RECV", "ESTABLISHED", "FIN_WAIT", "CLOSE_WAIT", "LAST_ACK", "TIME_WAIT",
		"CLOSE", "SYN_SENT2"}
}

// Flows makes tracked flows: some by traffic, which is over when it returns, and no other is tracked; the rest by
// conntrack(8), one in each state of TCP, of other protocols, and in zones. None ends within minutes.
func Flows(t testing.TB) {
	t.Helper()
	set(t, map[string]string{
		"net/netfilter/nf_conntrack_acct": "0", "net/netfilter/nf_conntrack_timestamp": "0",
		"net/netfilter/nf_conntrack_udp_timeout": "3600", "net/netfilter/nf_conntrack_udp_timeout_stream": "3600",
		"net/netfilter/nf_conntrack_icmp_timeout": "3600", "net/netfilter/nf_conntrack_icmpv6_timeout": "3600",
	})
	addFlow(t, "udp --src 10.0.0.1 --dst 10.0.0.9 --sport 1000 --dport 53") // not counted, and without a time
	set(t, map[string]string{"net/netfilter/nf_conntrack_acct": "1", "net/netfilter/nf_conntrack_timestamp": "1"})
	Tool(t, flowRules, "nft", "-f", "-")
	addTraffic(t)
	Tool(t, "", "nft", "flush", "ruleset")
	for i, state := range FlowStates() {
		addFlow(t, fmt.Sprintf("tcp --src 10.0.0.1 --dst 10.0.0.3 --sport %d --dport 80 --state %s", 2000+i, state))
	}
	for _, flow := range []string{
		"tcp --src 10.0.0.1 --dst 10.0.0.3 --sport 3000 --dport 80 --state ESTABLISHED --status SEEN_REPLY,ASSURED " +
			"--mark 42",
		"tcp --src 10.0.0.1 --dst 10.0.0.3 --sport 3000 --dport 80 --state SYN_SENT --zone 3",
		"tcp --src 10.0.0.1 --dst 10.0.0.3 --sport 3002 --dport 80 --state SYN_SENT --orig-zone 4",
		"udp --src 10.0.0.1 --dst 10.0.0.3 --sport 3001 --dport 80 --reply-zone 5",
		"tcp --src 2001:db8::1 --dst 2001:db8::2 --sport 3000 --dport 80 --state ESTABLISHED",
		"gre --src 10.0.0.1 --dst 10.0.0.3 --srckey 5 --dstkey 6",
		"sctp --src 10.0.0.1 --dst 10.0.0.3 --sport 5 --dport 6 --state COOKIE_WAIT --orig-vtag 1 --reply-vtag 2",
		"89 --src 10.0.0.1 --dst 10.0.0.3",
		"253 --src 10.0.0.1 --dst 10.0.0.3",
		"icmpv6 --src fe80::1 --dst fe80::2 --icmpv6-type 128 --icmpv6-code 0 --icmpv6-id 9",
	} {
		addFlow(t, flow)
	}
}

// addFlow puts a flow into the table. Its options name the protocol first.
func addFlow(t testing.TB, options string) {
	t.Helper()
	Tool(t, "", "conntrack", append([]string{"--create", "--timeout", "3600", "--protonum"},
		strings.Fields(options)...)...)
}

// addTraffic makes connections, answered and unanswered datagrams, and echo requests of both families.
func addTraffic(t testing.TB) {
	t.Helper()
	Listen(t, TCP, "127.0.0.1:9090")
	Dial(t, TCP, netip.MustParseAddrPort("127.0.0.1:8080")).Write(1000)
	Listen(t, TCP, "127.0.0.1:2121")
	Dial(t, TCP, netip.MustParseAddrPort("127.0.0.1:2121"))
	for _, host := range []string{"127.0.0.1", "[::1]"} {
		server := Datagram(t, UDP, host+":5300", "")
		Datagram(t, UDP, host+":5301", host+":5300").Send(100)
		Datagram(t, UDP, host+":5302", host+":5303").Send(100)
		server.connect(parse(t, host+":5301"))
		server.Send(200)
	}
	ping := Datagram(t, Ping, "127.0.0.1:0", "127.0.0.1:0")
	ping.send(append([]byte{8, 0, 0, 0}, binary.BigEndian.AppendUint32(nil, 1)...)) // ICMP_ECHO
	ping = Datagram(t, Ping, "[::1]:0", "[::1]:0")
	ping.send(append([]byte{128, 0, 0, 0}, binary.BigEndian.AppendUint32(nil, 1)...)) // ICMPV6_ECHO_REQUEST
}

// Send sends a datagram of n bytes to the peer.
func (s *Socket) Send(n int) { s.t.Helper(); s.send(make([]byte, n)) }

func (s *Socket) send(b []byte) {
	s.t.Helper()
	_, err := unix.Write(s.fd, b)
	if err != unix.ECONNREFUSED && err != unix.ENOBUFS { // of an earlier datagram; of one that a queue drops
		s.must("send", err)
	}
}
