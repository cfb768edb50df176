package tables_test

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources/lab"
)

// makePacketWorld is packet sockets of every kind, by what they are.
func makePacketWorld(t testing.TB) map[string]*lab.Socket {
	t.Helper()
	w := map[string]*lab.Socket{
		"sniffer": lab.Packet(t, unix.SOCK_RAW, unix.ETH_P_ALL, "lo"),
		"lldp":    lab.Packet(t, unix.SOCK_DGRAM, unix.ETH_P_LLDP, ""),
		"sender":  lab.Packet(t, unix.SOCK_DGRAM, 0, ""),
		"strange": lab.Packet(t, unix.SOCK_RAW, 0xbeef, "lo"),
		"first":   lab.Packet(t, unix.SOCK_RAW, unix.ETH_P_IP, "lo"),
		"second":  lab.Packet(t, unix.SOCK_RAW, unix.ETH_P_IP, "lo"),
	}
	lab.Promiscuous(w["sniffer"], "lo")
	lab.Filter(w["sniffer"])
	lab.Ring(w["lldp"], unix.PACKET_RX_RING)
	lab.Ring(w["sender"], unix.PACKET_TX_RING)
	must(t, unix.SetsockoptInt(w["strange"].FD(), unix.SOL_PACKET, unix.PACKET_AUXDATA, 1))
	lab.Fanout(w["first"], 42)
	lab.Fanout(w["second"], 42)
	lab.Start(t, lab.Helper{Comm: "sniffer"}, w["sniffer"])
	w["sniffer"].Close()
	return w
}

// TestPacketSockets: every socket is what it was made to be, and ss lists the same ones.
func TestPacketSockets(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		w := makePacketWorld(t)
		rows := rowList(live(t, "packet_sockets | select *"))
		for name, want := range map[string]row{
			"sniffer": {"type": "raw", "protocol": "all", "ethertype": 3, "interface": "lo", "running": true,
				"promiscuous": true, "filter": 3, "process": "sniffer", "fanout_id": nil, "rx_ring": nil, "uid": 0,
				"user": "root", "drops": 0, "flags": nil, "owner_status": held(t)},
			"lldp": {"type": "dgram", "protocol": "lldp", "interface": nil, "rx_ring": 128 << 10,
				"rx_ring_frames": 64, "tx_ring": nil, "promiscuous": false, "ring_version": 1},
			"sender": {"protocol": nil, "ethertype": nil, "running": false, "tx_ring": 128 << 10,
				"tx_ring_frames": 64, "filter": nil, "memberships": nil},
			"strange": {"protocol": "other", "ethertype": 0xbeef, "flags": []string{"auxdata"}, "pid": os.Getpid(),
				"fd": w["strange"].FD()},
			"first":  {"protocol": "ip", "fanout_id": 42, "fanout": "lb"},
			"second": {"fanout_id": 42, "fanout": "lb"},
		} {
			expect(t, name, rows.of(t, w[name]), want)
		}
		members := cell(rows.of(t, w["sniffer"])["memberships"])
		if members != `[{"interface":"lo","type":"promiscuous","address":null}]` {
			t.Errorf("memberships %s", members)
		}
		out := lab.Tool(t, "", "ss", "--packet", "--all", "--numeric", "--extended", "--oneline", "--no-header")
		var want, got []string
		for line := range strings.Lines(out) {
			_, rest, _ := strings.Cut(line, "ino:")
			_, cookie, _ := strings.Cut(line, "sk:")
			number, err := strconv.ParseUint(strings.Fields(cookie)[0], 16, 64)
			must(t, err)
			want = append(want, strings.Fields(line)[0]+" "+strings.Fields(rest)[0]+" "+strconv.FormatUint(number, 10))
		}
		for _, r := range rows {
			got = append(got, map[any]string{"raw": "p_raw", "dgram": "p_dgr"}[r["type"]]+" "+cell(r["inode"])+" "+
				cell(r["cookie"]))
		}
		same(t, "ss", got, want)
	})
}
