package lab

import (
	"os"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// addServers makes servers and clients with whom nothing is wrong.
func addServers(t testing.TB) {
	t.Helper()
	web := Listen(t, TCP, "[::]:443")
	clients := []*Socket{web, Listen(t, TCP, "0.0.0.0:80")}
	for range 5 {
		In(t, peerNamespace, func() { Dial(t, TCP, parse(t, near6+":443")).Write(300) })
		clients = append(clients, web.Accept())
	}
	owned(t, "nginx", clients...)
	ssh := Listen(t, TCP, "0.0.0.0:22")
	In(t, peerNamespace, func() { Dial(t, TCP, parse(t, near4+":22"), Keepalive(time.Hour)) })
	inUnit(t, "system.slice/ssh.service", func() {
		owned(t, "sshd", ssh, ssh.Accept(), Listen(t, TCP, "[::]:22", V6Only(true)))
	})
	inUnit(t, DockerScope, func() {
		Start(t, Helper{Comm: "redis-server", OtherNamespace: true})
		database := Listen(t, TCP, "127.0.0.1:5432")
		client := Dial(t, TCP, database.Local)
		owned(t, "postgres", database, database.Accept())
		owned(t, "php-fpm", client)
	})
	shared := Listen(t, TCP, near6+":9000")
	Start(t, Helper{Comm: "worker", Holder: ExitedLeader}, shared)
	owned(t, "worker", shared)
}

// addTroubledSockets makes connections with which something is wrong.
func addTroubledSockets(t testing.TB) {
	t.Helper()
	addFullQueue(t)
	addLeak(t)
	addUnread(t)
	owned(t, "curl", Unanswered(t, parse(t, silent6+":443")), Unanswered(t, parse(t, silent4+":443")))
	refused(t, far4+":7")
	_, server := Pair(t, TCP, near4+":0")
	server.peer.Write(1)
	server.awaitReadable()
	server.Close() // without having read: the kernel resets the connection
	TimeWait(t, near6+":0")
}

// addFullQueue makes a listener that has not accepted for long, and a client that it refuses by its silence.
func addFullQueue(t testing.TB) {
	t.Helper()
	const backlog = 4
	listener := Listen(t, TCP, near6+":8080", Backlog(backlog))
	In(t, peerNamespace, func() {
		for range backlog + 1 {
			Dial(t, TCP, listener.Local)
		}
		Unanswered(t, listener.Local)
	})
	owned(t, "java", listener)
}

// addLeak makes connections that the peer has closed, and their process has not.
func addLeak(t testing.TB) {
	t.Helper()
	const many = 110
	var leaked []*Socket
	var listener *Socket
	In(t, peerNamespace, func() { listener = Listen(t, TCP, far6+":6379") })
	for range many {
		leaked = append(leaked, Dial(t, TCP, listener.Local))
		listener.Accept().Close()
	}
	for _, s := range leaked {
		s.awaitState("CLOSE_WAIT")
	}
	owned(t, "leaky", leaked...)
}

// addUnread makes a connection that this end does not read, and one that the peer does not.
func addUnread(t testing.TB) {
	t.Helper()
	listener := Listen(t, TCP, near6+":9092")
	In(t, peerNamespace, func() { Dial(t, TCP, listener.Local).writeAll() })
	owned(t, "consumer", listener, listener.Accept())
	In(t, peerNamespace, func() { listener = Listen(t, TCP, far6+":9093") })
	producer := Dial(t, TCP, listener.Local)
	producer.writeAll()
	producer.await("a window of the peer that is shut", func() bool {
		producer.writeAll()
		return producer.tcpInfo().Probes > 0 || producer.tcpInfo().Snd_wnd == 0 && producer.tcpInfo().Unacked == 0
	})
	owned(t, "producer", producer)
}

// refused connects to a port that nobody listens on.
func refused(t testing.TB, address string) {
	t.Helper()
	remote := parse(t, address)
	s, _ := open(t, TCP, remote, nil)
	to, err := sockaddr(remote)
	s.must("address", err)
	if err := unix.Connect(s.fd, to); err != unix.ECONNREFUSED {
		t.Fatalf("lab: connect to %s, where nobody listens: %v", address, err)
	}
	s.Close()
}

// addTroubledDatagrams makes UDP servers, one of which is too slow, members of multicast groups, and a sniffer; and
// sends more than an interface takes.
func addTroubledDatagrams(t testing.TB) {
	t.Helper()
	const tooMany = 100
	server := Datagram(t, UDP, near6+":53", "", number(unix.SOL_SOCKET, unix.SO_RCVBUF, 4096))
	In(t, peerNamespace, func() {
		client := Datagram(t, UDP, far6+":0", near6+":53")
		for range tooMany {
			client.Send(500)
		}
	})
	owned(t, "dnsd", server, Datagram(t, UDP, "0.0.0.0:123", ""))
	owned(t, "ping", Datagram(t, Raw, near4+":253", far4+":0")) // a protocol number for experiments (RFC 3692)
	flood := Datagram(t, UDP, "198.18.9.1:0", "198.18.9.9:9")
	for range tooMany {
		flood.Send(500)
	}
	owned(t, "avahi-daemon", Join(t, "eth0", "224.0.0.251"), Join(t, "eth0", "ff02::fb"),
		Join(t, "eth0", "232.1.2.3", near4))
	sniffer := Packet(t, unix.SOCK_RAW, unix.ETH_P_ALL, "eth0")
	Promiscuous(sniffer, "eth0")
	owned(t, "tcpdump", sniffer, Packet(t, unix.SOCK_DGRAM, unix.ETH_P_ARP, "eth0"))
	deaf := Netlink(t, unix.NETLINK_ROUTE, unix.RTNLGRP_LINK, unix.RTNLGRP_IPV4_ROUTE)
	deaf.must("SO_RCVBUF", unix.SetsockoptInt(deaf.fd, unix.SOL_SOCKET, unix.SO_RCVBUF, 1))
	owned(t, "udevd", deaf, Netlink(t, unix.NETLINK_KOBJECT_UEVENT, 1))
}

// addTroubledUnix makes unix sockets: a bus and its clients, and a listener that does not accept.
func addTroubledUnix(t testing.TB) {
	t.Helper()
	bus := UnixListen(t, unix.SOCK_STREAM, "/run/dbus_socket", 16)
	client := UnixDial(t, unix.SOCK_STREAM, "/run/dbus_socket")
	end := UnixAccept(bus)
	client.writeAll()
	owned(t, "dbus-daemon", bus, end, UnixListen(t, unix.SOCK_STREAM, "@session", 1))
	owned(t, "avahi", client)
	full := UnixListen(t, unix.SOCK_STREAM, "/run/php-fpm.sock", 1)
	waiting := []*Socket{UnixDial(t, unix.SOCK_STREAM, "/run/php-fpm.sock"),
		UnixDial(t, unix.SOCK_STREAM, "/run/php-fpm.sock")}
	owned(t, "php-fpm", full)
	owned(t, "nginx", waiting...)
}

// addForwarding makes a multicast router, where the kernel can be one: a route that is used, and one whose packets come
// from the wrong interface. Packets for which there is none are part of the traffic.
func addForwarding(t testing.TB) {
	t.Helper()
	if _, err := os.Stat("/proc/net/ip_mr_vif"); err != nil {
		t.Logf("lab: this kernel has no multicast routing: %v", err)
		return
	}
	router := Router4(t, 0)
	router.Vif(0, "eth0", VifUseIndex)
	router.Vif(1, "eth1", VifUseIndex)
	router.Route(near4, "239.1.2.3", 0, map[uint16]byte{1: 3})
	router.Route(far4, "239.1.2.4", 1, map[uint16]byte{0: 1})
	router.Route(near4, "239.1.2.5", 0, nil)
	Send(t, "eth0", "239.1.2.3", 100)
	In(t, peerNamespace, func() { Send(t, "eth0", "239.1.2.4", 100) })
}
