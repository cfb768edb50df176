package tables_test

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources"
	"netql/sources/netlink"
	"netql/sources/netlink/netlinktest"
	"netql/sources/vfs/vfstest"
)

// dump is how a made-up kernel answers one type of request.
type dump = func(netlink.Request) ([]netlink.Message, error)

// answering is a kernel that has an answer for each type of request, and none for others.
func answering(answers map[uint16]dump) *sources.System {
	return &sources.System{Name: "fake", Files: vfstest.Files{},
		Netlink: netlinktest.Func(func(r netlink.Request) ([]netlink.Message, error) {
			if answer := answers[r.Type]; answer != nil {
				return answer(r)
			}
			return nil, nil
		})}
}

// objectMessage is a message: a fixed header and attributes by type.
func objectMessage(header []byte, attributes map[uint16][]byte) netlink.Message {
	return netlink.Message{Data: netlinktest.WithAttributes(header, attributes)}
}

// fakeNeighbor is struct ndmsg and an address. Its interface is gone, or none.
func fakeNeighbor(index uint32, state, flags byte, addr ...byte) netlink.Message {
	family := byte(unix.AF_INET)
	if len(addr) == 16 {
		family = unix.AF_INET6
	}
	header := slices.Concat([]byte{family, 0, 0, 0}, netlinktest.Numbers(index),
		[]byte{state, 0, flags, unix.RTN_UNICAST})
	return objectMessage(header, map[uint16][]byte{unix.NDA_DST: addr, 12: {250}})
}

// TestDegradedNeighbors: what cannot be read is warned about, and the rest is there; what the kernel does not tell is
// NULL.
func TestDegradedNeighbors(t *testing.T) {
	real4, mapped := fakeNeighbor(9, unix.NUD_STALE, 0, 192, 0, 2, 1),
		fakeNeighbor(9, 0x3, 0, append(slices.Repeat([]byte{0}, 10), 255, 255, 192, 0, 2, 1)...)
	proxy := fakeNeighbor(0, 0, unix.NTF_PROXY, 192, 0, 2, 2)
	rows := []string{
		"addr=192.0.2.1 dev=9 family=inet mac=- protocol=250 proxy=false refs=- state=STALE used=-",
		"addr=192.0.2.1 dev=9 family=inet6 mac=- protocol=250 proxy=false refs=- state=- used=-",
	}
	proxies := []string{"addr=192.0.2.2 dev=- family=inet mac=- protocol=250 proxy=true refs=- state=- used=-"}
	for name, test := range map[string]struct {
		real, proxy error
		rows        []string
		warning     string
	}{
		"nothing":           {nil, nil, slices.Concat(rows, proxies), ""},
		"changed meanwhile": {netlink.ErrInterrupted, nil, slices.Concat(rows, proxies), "the neighbours changed"},
		"proxies refused": {nil, &netlink.Error{Errno: unix.EPERM}, slices.Concat(rows, proxies),
			"not all neighbours could be read: list the neighbours: "},
		"torn": {netlink.ErrTruncated, nil, slices.Concat(rows, proxies), "truncated"},
	} {
		system := answering(map[uint16]dump{unix.RTM_GETNEIGH: func(r netlink.Request) ([]netlink.Message, error) {
			if r.Payload[10] == unix.NTF_PROXY {
				return []netlink.Message{proxy}, test.proxy
			}
			return []netlink.Message{real4, mapped}, test.real
		}})
		a := ask(t, system, "neighbors | select addr, dev, family, mac, protocol, proxy, refs, state, used")
		same(t, name, lines(a.rows), test.rows)
		if (test.warning == "") != (len(a.warnings) == 0) || len(a.warnings) > 1 ||
			!strings.Contains(strings.Join(a.warnings, ""), test.warning) {
			t.Errorf("%s: warnings %q, want %q", name, a.warnings, test.warning)
		}
	}
}

// TestDegradedQdiscs: an old kernel, or one that tells less, leaves NULL.
func TestDegradedQdiscs(t *testing.T) {
	header := func(handle, parent uint32) []byte { return netlinktest.Numbers(0, 5, handle, parent, 1) }
	statistics := slices.Concat(binary.NativeEndian.AppendUint64(nil, 1000),
		netlinktest.Numbers(10, 3, 2, 0, 0, 4, 400))
	system := answering(map[uint16]dump{unix.RTM_GETQDISC: func(netlink.Request) ([]netlink.Message, error) {
		return []netlink.Message{
			objectMessage(header(0, 0xFFFFFFFF), map[uint16][]byte{1: []byte("old\x00"), 3: statistics}),
			objectMessage(header(0x12340000, 0), map[uint16][]byte{1: []byte("bare\x00"), 99: []byte("new")}),
			objectMessage(header(0, 0x0000000a),
				map[uint16][]byte{7: netlink.AppendAttribute(nil, 5,
					binary.NativeEndian.AppendUint64(binary.NativeEndian.AppendUint64(nil, 1<<63), 7))}),
			objectMessage(header(0xffff0000, 0xfffffff1), nil),
			objectMessage(header(0x00100000, 0x00010000), nil),
		}, netlink.ErrInterrupted
	}})
	a := ask(t, system, "qdiscs | select dev, kind, handle, parent, bytes, packets, drops, overlimits, backlog, "+
		"qlen, rate")
	same(t, "rows", lines(a.rows), []string{
		"backlog=400 bytes=1000 dev=5 drops=3 handle=0: kind=old overlimits=2 packets=10 parent=root qlen=4 rate=-",
		"backlog=- bytes=- dev=5 drops=- handle=1234: kind=bare overlimits=- packets=- parent=- qlen=- rate=-",
		"backlog=- bytes=- dev=5 drops=- handle=0: kind=- overlimits=- packets=- parent=:a qlen=- " +
			"rate=9223372036854775807",
		"backlog=- bytes=- dev=5 drops=- handle=ffff: kind=- overlimits=- packets=- parent=ingress qlen=- rate=-",
		"backlog=- bytes=- dev=5 drops=- handle=10: kind=- overlimits=- packets=- parent=1: qlen=- rate=-",
	})
	if len(a.warnings) != 1 || !strings.Contains(a.warnings[0], "the queueing disciplines changed") {
		t.Errorf("warnings %q", a.warnings)
	}
}

// TestDegradedFlows: protocols and states that nobody has named are NULL, and so is what an offloaded flow lacks.
func TestDegradedFlows(t *testing.T) {
	protocol := func(number byte) []byte {
		return netlink.AppendAttribute(nil, 2, netlink.AppendAttribute(nil, 1, []byte{number}))
	}
	state := func(list uint16, n byte) []byte {
		return netlink.AppendAttribute(nil, list, netlink.AppendAttribute(nil, 1, []byte{n}))
	}
	header := []byte{unix.AF_INET, 0, 0, 0}
	flow := func(attributes map[uint16][]byte) netlink.Message { return objectMessage(header, attributes) }
	system := answering(map[uint16]dump{0x101: func(netlink.Request) ([]netlink.Message, error) {
		return []netlink.Message{
			// offloaded, with bits to come
			flow(map[uint16][]byte{1: protocol(6), 3: {0xff, 1, 0x40, 2}, 12: {0, 0, 0, 1}}),
			flow(map[uint16][]byte{1: protocol(6), 4: state(1, 77), 7: {0, 0, 0, 9}}),
			flow(map[uint16][]byte{1: protocol(33), 4: state(2, 4)}),
			flow(map[uint16][]byte{1: protocol(200), 22: make([]byte, 16)}),
			flow(nil),
		}, nil
	}})
	a := ask(t, system, "conntrack | select id, proto, proto_number, state, src, sport, timeout, status, mark, "+
		"labels, start, packets")
	same(t, "rows", lines(a.rows), []string{
		`id=1 labels=- mark=- packets=- proto=tcp proto_number=6 sport=- src=- start=- state=- ` +
			`status=["SEEN_REPLY","OFFLOAD"] timeout=-`,
		"id=- labels=- mark=- packets=- proto=tcp proto_number=6 sport=- src=- start=- state=- status=- timeout=9",
		"id=- labels=- mark=- packets=- proto=dccp proto_number=33 sport=- src=- start=- state=OPEN status=- timeout=-",
		"id=- labels=- mark=- packets=- proto=- proto_number=200 sport=- src=- start=- state=- status=- timeout=-",
		"id=- labels=- mark=- packets=- proto=- proto_number=- sport=- src=- start=- state=- status=- timeout=-",
	})
	if len(a.warnings) > 0 {
		t.Errorf("warnings %q", a.warnings)
	}
}
