package rtnetlink

import (
	"errors"
	"reflect"
	"slices"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
	"netql/sources/netlink/netlinktest"
	"netql/sources/netlink/uapi"
)

// qdiscHeader writes struct tcmsg and a kind.
func qdiscHeader() []byte {
	return netlink.AppendAttribute(netlinktest.Numbers(0, 3, 0x80010000, 0xFFFFFFFF, 2), unix.TCA_KIND,
		[]byte("htb\x00"))
}

// The parts of TCA_STATS2. The packets of TCA_STATS_BASIC have 32 bits, and are padded.
func statsParts() (basic, packets, queue, rate, rate64 []byte) {
	return netlink.AppendAttribute(nil, uapi.TCA_STATS_BASIC, slices.Concat(longs(1<<40), netlinktest.Numbers(5, 0))),
		netlink.AppendAttribute(nil, uapi.TCA_STATS_PKT64, longs(1<<33+5)),
		netlink.AppendAttribute(nil, uapi.TCA_STATS_QUEUE, netlinktest.Numbers(1, 1042, 7, 8, 9)),
		netlink.AppendAttribute(nil, uapi.TCA_STATS_RATE_EST, netlinktest.Numbers(100, 2)),
		netlink.AppendAttribute(nil, uapi.TCA_STATS_RATE_EST64, longs(1<<32+100, 2))
}

func encodeQdisc() []byte {
	basic, packets, queue, rate, rate64 := statsParts()
	b := netlink.AppendAttribute(qdiscHeader(), unix.TCA_HW_OFFLOAD, []byte{1})
	b = netlink.AppendAttribute(b, unix.TCA_INGRESS_BLOCK, netlinktest.Numbers(21))
	b = netlink.AppendAttribute(b, unix.TCA_EGRESS_BLOCK, netlinktest.Numbers(22))
	b = netlink.AppendAttribute(b, unix.TCA_STATS2, slices.Concat(rate64, basic, rate, packets, queue))
	return netlink.AppendAttribute(b, unix.TCA_STATS, make([]byte, 40))
}

func TestParseQdisc(t *testing.T) {
	basic, packets, queue, rate, rate64 := statsParts()
	head := Qdisc{Index: 3, Handle: 0x80010000, Parent: HandleRoot, References: 2, Kind: "htb"}
	stats, longStats := &QdiscStats{1 << 40, 5}, &QdiscStats{1 << 40, 1<<33 + 5}
	lengths := &QdiscQueue{Packets: 1, Backlog: 1042, Drops: 7, Requeues: 8, Overlimits: 9}
	old := slices.Concat(longs(1<<40), netlinktest.Numbers(5, 7, 9, 0, 0, 1, 1042))
	in2 := func(parts ...[]byte) []byte {
		return netlink.AppendAttribute(qdiscHeader(), unix.TCA_STATS2, slices.Concat(parts...))
	}
	for name, test := range map[string]struct {
		message []byte
		add     func(*Qdisc)
		want    error
	}{
		"bare": {qdiscHeader(), func(*Qdisc) {}, nil},
		"all": {encodeQdisc(), func(q *Qdisc) {
			q.Offloaded, q.IngressBlock, q.EgressBlock, q.Stats, q.Queue, q.Rate = true, 21, 22, longStats, lengths,
				&QdiscRate{1<<32 + 100, 2}
		}, nil},
		"without an estimate": {in2(basic, queue), func(q *Qdisc) { q.Stats, q.Queue = stats, lengths }, nil},
		"a wide rate first":   {in2(rate64, rate), func(q *Qdisc) { q.Rate = &QdiscRate{1<<32 + 100, 2} }, nil},
		"a narrow rate":       {in2(rate), func(q *Qdisc) { q.Rate = &QdiscRate{100, 2} }, nil},
		"wide packets first":  {in2(packets, basic), func(q *Qdisc) { q.Stats = longStats }, nil},
		"short structs": {in2(netlink.AppendAttribute(nil, uapi.TCA_STATS_BASIC, netlinktest.Numbers(1)),
			netlink.AppendAttribute(nil, uapi.TCA_STATS_QUEUE, netlinktest.Numbers(1, 2))), func(*Qdisc) {}, nil},
		"an old kernel": {netlink.AppendAttribute(qdiscHeader(), unix.TCA_STATS, old), func(q *Qdisc) {
			q.Stats, q.Queue = stats, &QdiscQueue{Packets: 1, Backlog: 1042, Drops: 7, Overlimits: 9}
		}, nil},
		"torn statistics": {in2(basic, queue[:10]), func(q *Qdisc) { q.Stats = stats }, netlink.ErrTruncated},
		"torn":            {encodeQdisc()[:32], func(q *Qdisc) { q.Kind = "htb" }, netlink.ErrTruncated},
	} {
		want := head
		test.add(&want)
		if got, err := parseQdisc(test.message); !errors.Is(err, test.want) || !reflect.DeepEqual(*got, want) {
			t.Errorf("%s: %+v, %v, want %+v, %v", name, got, err, want, test.want)
		}
	}
	if _, err := parseQdisc(make([]byte, qdiscMessage.Header-1)); !errors.Is(err, netlink.ErrTruncated) {
		t.Errorf("too short: %v", err)
	}
}

// TestQdiscs: all of them are asked for, and a failure comes last.
func TestQdiscs(t *testing.T) {
	transport := netlinktest.Func(func(r netlink.Request) ([]netlink.Message, error) {
		if r.Type != unix.RTM_GETQDISC || len(r.Payload) != qdiscMessage.Header {
			t.Errorf("asked %+v", r)
		}
		return []netlink.Message{{Data: encodeQdisc()}, {Data: encodeQdisc()}}, &netlink.Error{Errno: unix.EBUSY}
	})
	found, failure := 0, error(nil)
	for _, err := range Qdiscs(t.Context(), transport) {
		if failure = err; err == nil {
			found++
		}
	}
	if found != 2 || !errors.Is(failure, unix.EBUSY) {
		t.Errorf("%d queueing disciplines, %v", found, failure)
	}
}
