package conntrack

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"os"
	"reflect"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"netql/sources/decodetest"
	"netql/sources/lab"
	"netql/sources/netlink"
	"netql/sources/netlink/netlinktest"
	"netql/sources/netlink/uapi"
)

func TestMain(m *testing.M) { os.Exit(lab.Main(m)) }

// nested writes an attribute that is a list of attributes.
func nested(kind uint16, parts ...[]byte) []byte {
	return netlink.AppendAttribute(nil, kind|unix.NLA_F_NESTED, slices.Concat(parts...))
}

func plain[K ~uint16](kind K, value ...byte) []byte {
	return netlink.AppendAttribute(nil, uint16(kind), value)
}

// number writes an attribute of 32 bits, in network byte order.
func number[K ~uint16](kind K, n uint32) []byte {
	return plain(kind, binary.BigEndian.AppendUint32(nil, n)...)
}

// tuple writes the addresses and ports of one direction.
func tuple(kind Attribute, src, dst string, sport, dport uint16) []byte {
	from, to, family := netip.MustParseAddr(src), netip.MustParseAddr(dst), uint16(uapi.CTA_IP_V4_SRC)
	if from.Is6() {
		family = uapi.CTA_IP_V6_SRC
	}
	return nested(uint16(kind),
		nested(uapi.CTA_TUPLE_IP, plain(family, from.AsSlice()...), plain(family+1, to.AsSlice()...)),
		nested(uapi.CTA_TUPLE_PROTO, plain(uint16(uapi.CTA_PROTO_NUM), 6),
			plain(uint16(uapi.CTA_PROTO_SRC_PORT), byte(sport>>8), byte(sport)),
			plain(uint16(uapi.CTA_PROTO_DST_PORT), byte(dport>>8), byte(dport))))
}

// message writes struct nfgenmsg and all attributes that are read, in the kernel's order.
func message() []byte {
	counters := func(kind Attribute, packets, bytes byte) []byte {
		return nested(uint16(kind), plain(uint16(1), 0, 0, 0, 1, 0, 0, 0, packets),
			plain(uint16(2), 0, 0, 0, 0, 0, 0, 0, bytes))
	}
	labels := make([]byte, 16)
	binary.NativeEndian.PutUint64(labels, 1<<5)
	binary.NativeEndian.PutUint64(labels[8:], 1<<6)
	return slices.Concat([]byte{unix.AF_INET, 0, 0, 0},
		tuple(AttrOriginal, "10.0.0.1", "192.0.2.1", 40000, 443),
		tuple(AttrReply, "10.0.0.9", "192.0.2.7", 8443, 40000),
		plain(AttrZone, 0, 3), number(AttrStatus, uint32(SeenReply|DstNAT)), number(AttrMark, 42),
		number(AttrID, 0xdeadbeef), number(AttrUse, 2),
		number(AttrTimeout, 431999), nested(uint16(AttrState), nested(1, plain(uint16(1), 3), plain(uint16(2), 7))),
		counters(AttrSent, 5, 99), counters(AttrAnswered, 6, 98),
		nested(uint16(AttrStart), plain(uint16(1), 0x18, 0, 0, 0, 0, 0, 0, 1)),
		nested(uint16(AttrHelper), plain(uint16(1), 'f', 't', 'p', 0)),
		plain(AttrLabels, labels...), number(Attribute(60), 1))
}

func TestParseFlow(t *testing.T) {
	f, err := parseFlow(message())
	if err != nil {
		t.Fatal(err)
	}
	if got := f.LabelNumbers(); !slices.Equal(got, []int{5, 70}) {
		t.Errorf("labels %v", got)
	}
	for _, a := range []Attribute{AttrOriginal, AttrReply, AttrZone, AttrStatus, AttrMark, AttrID, AttrUse,
		AttrTimeout, AttrState, AttrSent, AttrAnswered, AttrStart, AttrHelper, AttrLabels} {
		if !f.Has(a) {
			t.Errorf("attribute %d is not there", a)
		}
	}
	want := Flow{
		Family: unix.AF_INET, Status: SeenReply | DstNAT, Zone: 3, Use: 2, ID: 0xdeadbeef, State: 3,
		Timeout: 431999 * time.Second, Mark: 42,
		Original: Tuple{Src: netip.MustParseAddr("10.0.0.1"), Dst: netip.MustParseAddr("192.0.2.1"), Protocol: 6,
			SrcPort: 40000, DstPort: 443},
		Reply: Tuple{Src: netip.MustParseAddr("10.0.0.9"), Dst: netip.MustParseAddr("192.0.2.7"), Protocol: 6,
			SrcPort: 8443, DstPort: 40000},
		Helper: "ftp", Start: 0x18<<56 | 1, Sent: Counters{1<<32 | 5, 99}, Answered: Counters{1<<32 | 6, 98},
		Labels: f.Labels, Present: f.Present,
	}
	if !reflect.DeepEqual(*f, want) {
		t.Errorf("%+v\nwant %+v", *f, want)
	}
}

// TestParseSome: what the kernel leaves out is not there, and IPv6 and ICMP are understood.
func TestParseSome(t *testing.T) {
	echo := nested(uint16(AttrOriginal),
		nested(uapi.CTA_TUPLE_IP, plain(uint16(uapi.CTA_IP_V6_SRC), netip.MustParseAddr("fe80::1").AsSlice()...)),
		nested(uapi.CTA_TUPLE_PROTO, plain(uint16(uapi.CTA_PROTO_NUM), 58),
			plain(uint16(uapi.CTA_PROTO_ICMPV6_ID), 1, 2), plain(uint16(uapi.CTA_PROTO_ICMPV6_TYPE), 128),
			plain(uint16(uapi.CTA_PROTO_ICMPV6_CODE), 1)),
		plain(uint16(uapi.CTA_TUPLE_ZONE), 0, 9))
	f, err := parseFlow(slices.Concat([]byte{unix.AF_INET6, 0, 0, 0}, echo, nested(uint16(AttrState))))
	want := Tuple{Src: netip.MustParseAddr("fe80::1"), Protocol: 58, Zone: 9, HasICMP: true, ICMPID: 258,
		ICMPType: 128, ICMPCode: 1}
	if err != nil || f.Original != want || f.Has(AttrState) || f.Has(AttrTimeout) || f.Has(AttrSent) ||
		f.Has(AttrMark) || f.LabelNumbers() != nil {
		t.Errorf("%+v, %v", f, err)
	}
}

func TestParseBroken(t *testing.T) {
	whole := message()
	for name, b := range map[string][]byte{
		"nothing": nil, "a part of the header": whole[:3], "a cut attribute": whole[:9], "a cut list": whole[:20],
		"a short number": slices.Concat(whole[:4], plain(AttrID, 1, 2)),
		"a short port": slices.Concat(whole[:4],
			nested(uint16(AttrReply), nested(uapi.CTA_TUPLE_PROTO, plain(uint16(uapi.CTA_PROTO_SRC_PORT), 1)))),
		"a short counter": slices.Concat(whole[:4], nested(uint16(AttrSent), plain(uint16(1), 1, 2, 3, 4))),
	} {
		if f, err := parseFlow(b); !errors.Is(err, netlink.ErrTruncated) {
			t.Errorf("%s: %+v, %v", name, f, err)
		}
	}
}

func FuzzDecoders(f *testing.F) {
	decodetest.Fuzz(f, map[string]decodetest.Decoder{
		"flow": func(b []byte) any {
			flow, err := parseFlow(b)
			if flow == nil {
				return decodetest.Result(err)
			}
			return decodetest.Result(flow, flow.LabelNumbers(), err)
		},
	}, message())
}

// TestDump: the rows before a failure are there, and failures say what they mean.
func TestDump(t *testing.T) {
	for name, test := range map[string]struct{ failure, want error }{
		"complete":      {nil, nil},
		"changed":       {netlink.ErrInterrupted, netlink.ErrInterrupted},
		"not permitted": {&netlink.Error{Errno: unix.EPERM}, ErrPermission},
		"no conntrack":  {&netlink.Error{Errno: unix.EINVAL}, netlink.ErrNoModule},
		"no netfilter":  {unix.EPROTONOSUPPORT, netlink.ErrNoModule},
		"anything else": {unix.ENOBUFS, unix.ENOBUFS},
	} {
		transport := netlinktest.Func(func(r netlink.Request) ([]netlink.Message, error) {
			if r.Protocol != unix.NETLINK_NETFILTER || r.Type != 0x101 ||
				!slices.Equal(r.Payload, []byte{unix.AF_INET6, 0, 0, 0}) {
				t.Errorf("asked %+v", r)
			}
			return []netlink.Message{{Data: message()}, {Data: message()}}, test.failure
		})
		found, last := 0, error(nil)
		for _, err := range Dump(t.Context(), transport, unix.AF_INET6) {
			if last = err; err == nil {
				found++
			}
		}
		if found != 2 || !errors.Is(last, test.want) || (test.want == nil) != (last == nil) {
			t.Errorf("%s: %d flows, %v", name, found, last)
		}
	}
}

// TestPermission: what is missing is said once.
func TestPermission(t *testing.T) {
	if err := explain(&netlink.Error{Errno: unix.EPERM}); err.Error() != "this needs CAP_NET_ADMIN" {
		t.Error(err)
	}
}

// TestDumpLive: the kernel lists what was made, of one family or of both.
func TestDumpLive(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Flows(t)
		count := map[uint8]int{}
		for _, family := range []uint8{0, unix.AF_INET, unix.AF_INET6} {
			for f, err := range Dump(t.Context(), netlink.Kernel{}, family) {
				if err != nil {
					t.Fatal(err)
				}
				if family != 0 && f.Family != family {
					t.Errorf("a flow of family %d, not %d", f.Family, family)
				}
				count[family]++
			}
		}
		if count[0] < 20 || count[0] != count[unix.AF_INET]+count[unix.AF_INET6] || count[unix.AF_INET6] == 0 {
			t.Errorf("flows by family: %v", count)
		}
	})
}
