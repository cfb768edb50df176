package tables_test

import (
	"encoding/binary"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources"
	"netql/sources/lab"
	"netql/sources/netlink"
	"netql/sources/netlink/netlinktest"
)

// linkMessage is a link of a fake kernel: struct ifinfomsg, a name, and other attributes.
func linkMessage(index uint32, name string, attributes map[uint16][]byte) netlink.Message {
	b := make([]byte, unix.SizeofIfInfomsg)
	binary.NativeEndian.PutUint32(b[4:], index)
	b = netlink.AppendAttribute(b, unix.IFLA_IFNAME, append([]byte(name), 0))
	for kind, value := range attributes {
		b = netlink.AppendAttribute(b, kind, value)
	}
	return netlink.Message{Type: unix.RTM_NEWLINK, Data: b}
}

// numbers are the kernel's 64-bit numbers in a row.
func numbers(values ...uint64) (b []byte) {
	for _, v := range values {
		b = binary.NativeEndian.AppendUint64(b, v)
	}
	return b
}

// onlyLinks is a kernel that answers about links, and says of anything else that it has none.
func onlyLinks(failure error, links ...netlink.Message) *sources.System {
	return &sources.System{Netlink: netlinktest.Func(func(r netlink.Request) ([]netlink.Message, error) {
		if r.Type == unix.RTM_GETLINK {
			return links, failure
		}
		return nil, nil
	})}
}

// TestEthernet: the six lines of Windows' netstat -e, out of what Linux counts.
func TestEthernet(t *testing.T) {
	system := onlyLinks(nil,
		linkMessage(2, "eth0", map[uint16][]byte{unix.IFLA_STATS64: numbers(100, 50, 10_000, 5_000, 1, 2, 3, 4, 30, 0,
			0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 9)}),
		linkMessage(3, "eth1", map[uint16][]byte{unix.IFLA_STATS64: numbers(1, 2, 3, 4, 5, 6, 1<<64-1, 8, 9, 0, 0, 0,
			0, 0, 0, 1<<64-1)}),
		linkMessage(4, "eth2", nil),
	)
	same(t, "ethernet", lines(ask(t, system, "ethernet interface != 'eth2'").rows), []string{
		"interface=eth0 received=10000 sent=5000 statistic=bytes",
		"interface=eth0 received=70 sent=50 statistic=unicast_packets",
		"interface=eth0 received=30 sent=- statistic=non_unicast_packets",
		"interface=eth0 received=10 sent=4 statistic=discards",
		"interface=eth0 received=1 sent=2 statistic=errors",
		"interface=eth0 received=9 sent=- statistic=unknown_protocols",
		"interface=eth1 received=3 sent=4 statistic=bytes",
		"interface=eth1 received=0 sent=2 statistic=unicast_packets",
		"interface=eth1 received=9 sent=- statistic=non_unicast_packets",
		"interface=eth1 received=9223372036854775807 sent=8 statistic=discards",
		"interface=eth1 received=5 sent=6 statistic=errors",
		"interface=eth1 received=- sent=- statistic=unknown_protocols",
	})
	for _, r := range ask(t, system, "ethernet interface == 'eth2'").rows {
		if r["received"] != nil || r["sent"] != nil {
			t.Errorf("an interface without counters has %v", r)
		}
	}
	const sums = "ethernet | group by statistic: received = sum(received), sent = sum(sent) | " +
		"where statistic in [bytes, errors]"
	same(t, "sums", lines(ask(t, system, sums).rows), []string{
		"received=10003 sent=5004 statistic=bytes", "received=6 sent=8 statistic=errors",
	})
}

// TestEthernetLive: what was sent from one end of a pair was received at the other, and interfaces counts the same.
func TestEthernetLive(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		makeLinks(t)
		agree(t, "bytes", func() (got, want []string) {
			got = lines(live(t, "ethernet statistic == bytes | select interface, received, sent"))
			return got, lines(live(t, "interfaces | select interface = name, received = rx_bytes, sent = tx_bytes"))
		})
		agree(t, "the two ends", func() (got, want []string) {
			got = lines(live(t, "ethernet interface == 'tport1' and statistic in [bytes, errors] | select statistic, "+
				"received, sent"))
			return got, lines(live(t, "ethernet interface == 'tport0' and statistic in [bytes, errors] | select "+
				"statistic, received = sent, sent = received"))
		})
	})
}
