package ethtool

import (
	"context"
	"encoding/binary"
	"errors"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources/decodetest"
	"netql/sources/lab"
	"netql/sources/netlink"
	"netql/sources/netlink/netlinktest"
)

func TestMain(m *testing.M) { os.Exit(lab.Main(m)) }

// message is struct genlmsghdr and attributes, by their types.
func message(attributes map[uint16][]byte) []byte {
	b := make([]byte, unix.GENL_HDRLEN)
	for kind, value := range attributes {
		b = netlink.AppendAttribute(b, kind, value)
	}
	return b
}

var (
	modesAnswer = message(map[uint16][]byte{
		unix.ETHTOOL_A_LINKMODES_SPEED: netlinktest.Numbers(25000), unix.ETHTOOL_A_LINKMODES_DUPLEX: {1},
		unix.ETHTOOL_A_LINKMODES_AUTONEG:                  {1},
		unix.ETHTOOL_A_LINKMODES_LANES:                    netlinktest.Numbers(4),
		unix.ETHTOOL_A_LINKMODES_OURS | unix.NLA_F_NESTED: {8, 0, 1, 0, 0, 0, 0, 0}, 99: {1},
	})
	ringsAnswer = message(map[uint16][]byte{
		unix.ETHTOOL_A_RINGS_RX: netlinktest.Numbers(256), unix.ETHTOOL_A_RINGS_RX_MAX: netlinktest.Numbers(4096),
		unix.ETHTOOL_A_RINGS_TX: netlinktest.Numbers(128), unix.ETHTOOL_A_RINGS_TX_MAX: netlinktest.Numbers(2048),
	})
	channelsAnswer = message(map[uint16][]byte{unix.ETHTOOL_A_CHANNELS_COMBINED_COUNT: netlinktest.Numbers(8),
		unix.ETHTOOL_A_CHANNELS_COMBINED_MAX: netlinktest.Numbers(64)})
	pauseAnswer = message(map[uint16][]byte{unix.ETHTOOL_A_PAUSE_RX: {1}, unix.ETHTOOL_A_PAUSE_TX: {0},
		unix.ETHTOOL_A_PAUSE_AUTONEG: {1}})
	familyAnswer = message(map[uint16][]byte{unix.CTRL_ATTR_FAMILY_ID: {21, 0},
		unix.CTRL_ATTR_FAMILY_NAME: []byte("ethtool\x00")})
)

// kernel answers the family's number and, for a command, what is given.
func kernel(t *testing.T, answers map[byte][]byte, failure error) netlink.Transport {
	return netlinktest.Func(func(r netlink.Request) ([]netlink.Message, error) {
		if r.Type == unix.GENL_ID_CTRL {
			return []netlink.Message{{Data: familyAnswer}}, nil
		}
		var index uint32
		for a := netlink.DecodeAttributes(r.Payload[unix.GENL_HDRLEN:]); a.Next(); {
			a.Nested(func(header *netlink.Attributes) {
				for header.Next() {
					if header.Type() == unix.ETHTOOL_A_HEADER_DEV_INDEX {
						index = header.Uint32()
					}
				}
			})
		}
		if index != 7 || r.Protocol != unix.NETLINK_GENERIC || !r.Single ||
			r.Type != binary.NativeEndian.Uint16([]byte{21, 0}) {
			t.Errorf("asked %+v", r)
		}
		if b, ok := answers[r.Payload[0]]; ok {
			return []netlink.Message{{Data: b}}, failure
		}
		return nil, failure
	})
}

func TestFamily(t *testing.T) {
	ctx := t.Context()
	family, err := Find(ctx, kernel(t, map[byte][]byte{
		unix.ETHTOOL_MSG_LINKMODES_GET: modesAnswer, unix.ETHTOOL_MSG_RINGS_GET: ringsAnswer,
		unix.ETHTOOL_MSG_CHANNELS_GET: channelsAnswer, unix.ETHTOOL_MSG_PAUSE_GET: pauseAnswer,
	}, nil))
	if err != nil {
		t.Fatal(err)
	}
	modes, err := family.LinkModes(ctx, 7)
	expect(t, modes, LinkModes{25000, 1, true, 4}, err)
	rings, err := family.Rings(ctx, 7)
	expect(t, rings, Rings{256, 4096, 128, 2048}, err)
	channels, err := family.Channels(ctx, 7)
	expect(t, channels, Channels{Combined: 8, CombinedMax: 64}, err)
	pause, err := family.Pause(ctx, 7)
	expect(t, pause, Pause{true, true, false}, err)
}

func expect[T comparable](t *testing.T, got, want T, err error) {
	t.Helper()
	if got != want || err != nil {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
}

// TestRefusals: a driver that does not know, an interface that has gone, a kernel without the family, and torn answers.
func TestRefusals(t *testing.T) {
	ctx := t.Context()
	for _, test := range []struct {
		answer  []byte
		failure error
		want    error
	}{
		{nil, &netlink.Error{Errno: unix.EOPNOTSUPP}, ErrUnsupported},
		{nil, &netlink.Error{Errno: unix.ENODEV}, ErrUnsupported},
		{nil, &netlink.Error{Errno: unix.EIO}, unix.EIO},
		{modesAnswer[:3], nil, netlink.ErrTruncated},
		{message(map[uint16][]byte{unix.ETHTOOL_A_LINKMODES_SPEED: {1}}), nil, netlink.ErrTruncated},
	} {
		answers := map[byte][]byte{}
		if test.answer != nil {
			answers[unix.ETHTOOL_MSG_LINKMODES_GET] = test.answer
		}
		family, err := Find(ctx, kernel(t, answers, test.failure))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := family.LinkModes(ctx, 7); !errors.Is(err, test.want) {
			t.Errorf("%v, want %v", err, test.want)
		}
	}
	family, _ := Find(ctx, kernel(t, nil, nil))
	if _, err := family.Rings(ctx, 7); err == nil {
		t.Error("no answer is no error")
	}
	none := netlinktest.Func(func(netlink.Request) ([]netlink.Message, error) {
		return nil,
			&netlink.Error{Errno: unix.ENOENT}
	})
	if _, err := Find(ctx, none); !errors.Is(err, netlink.ErrNoModule) {
		t.Errorf("no family: %v", err)
	}
}

// texts are texts of 32 bytes each.
func texts(list ...string) (b []byte) {
	for _, s := range list {
		b = append(b, s...)
		b = append(b, make([]byte, -len(b)&31)...)
	}
	return b
}

func TestParseDriver(t *testing.T) {
	b := slices.Concat(netlinktest.Numbers(3), texts("e1000e", "6.18", "0.13-4", "0000:00:1f.6"), make([]byte, 68))
	got, err := parseDriver(b)
	expect(t, got, Driver{"e1000e", "6.18", "0.13-4", "0000:00:1f.6"}, err)
	got, err = parseDriver(slices.Concat(netlinktest.Numbers(3),
		texts("bridge", "2.3", "N/A", strings.Repeat("x", 32))))
	expect(t, got, Driver{"bridge", "2.3", "", strings.Repeat("x", 32)}, err)
	if _, err := parseDriver(b[:100]); err == nil {
		t.Error("a short structure is accepted")
	}
}

func TestParseStatistics(t *testing.T) {
	names := slices.Concat(netlinktest.Numbers(0x1b), netlinktest.Numbers(statistics), netlinktest.Numbers(2),
		texts("rx_drops", "  padded  "), make([]byte, 64))
	values := slices.Concat(netlinktest.Numbers(0x1d), netlinktest.Numbers(2),
		binary.NativeEndian.AppendUint64(nil, 5), binary.NativeEndian.AppendUint64(nil, 1<<64-1), make([]byte, 8))
	got, err := parseStatistics(names, values)
	if want := []Statistic{{"rx_drops", 5}, {"padded", 1<<64 - 1}}; !reflect.DeepEqual(got, want) || err != nil {
		t.Errorf("%v, %v", got, err)
	}
	more := slices.Clone(values)
	copy(more[4:], netlinktest.Numbers(3))
	for what, pair := range map[string][2][]byte{
		"no header": {names[:11], values}, "no values": {names, values[:7]}, "other counts": {names, more},
		"cut names": {names[:70], values}, "cut values": {names, values[:20]},
	} {
		if list, err := parseStatistics(pair[0], pair[1]); err == nil {
			t.Errorf("%s: %v", what, list)
		}
	}
	set := statisticsSet()
	copy(set[16:], netlinktest.Numbers(9))
	if n := parseSetSize(set); n != 9 {
		t.Errorf("%d names", n)
	}
	clear(set[8:16]) // the driver has no such set
	if n := parseSetSize(set); n != 0 || parseSetSize(set[:19]) != 0 {
		t.Errorf("%d names", n)
	}
}

// TestKernel asks the drivers of a bridge and of the loopback, which has none.
func TestKernel(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Link(t, "lab0")
		driver, err := Kernel{}.Driver(t.Context(), "lab0")
		if err != nil || driver.Name != "veth" && driver.Name != "dummy" {
			t.Errorf("%+v, %v", driver, err)
		}
		if driver.Name == "veth" {
			list, err := Kernel{}.Statistics(t.Context(), "lab0")
			if err != nil || len(list) < 2 || list[0].Name != "peer_ifindex" || list[0].Value == 0 {
				t.Errorf("%v, %v", list, err)
			}
		}
		for _, name := range []string{"lo", "absent", "a name that is far too long"} {
			if _, err := (Kernel{}).Statistics(t.Context(), name); !errors.Is(err, ErrUnsupported) {
				t.Errorf("statistics of %s: %v", name, err)
			}
			if _, err := (Kernel{}).Driver(t.Context(), name); !errors.Is(err, ErrUnsupported) {
				t.Errorf("driver of %s: %v", name, err)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := (Kernel{}).Driver(ctx, "lo"); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
		family, err := Find(t.Context(), netlink.Kernel{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := family.Rings(t.Context(), 1); !errors.Is(err, ErrUnsupported) {
			t.Errorf("rings of lo: %v", err)
		}
	})
}

func FuzzDecoders(f *testing.F) {
	decodetest.Fuzz(f, map[string]decodetest.Decoder{
		"family":   func(b []byte) any { return decodetest.Result(ParseFamily(b)) },
		"modes":    func(b []byte) any { return decodetest.Result(parseLinkModes(b)) },
		"rings":    func(b []byte) any { return decodetest.Result(parseRings(b)) },
		"channels": func(b []byte) any { return decodetest.Result(parseChannels(b)) },
		"pause":    func(b []byte) any { return decodetest.Result(parsePause(b)) },
		"driver":   func(b []byte) any { return decodetest.Result(parseDriver(b)) },
		"set":      func(b []byte) any { return parseSetSize(b) },
		"statistics": func(b []byte) any {
			return decodetest.Result(parseStatistics(b[:len(b)/5*4], b[len(b)/5*4:]))
		},
	}, modesAnswer, ringsAnswer, channelsAnswer, pauseAnswer, familyAnswer,
		slices.Concat(netlinktest.Numbers(0x1b), netlinktest.Numbers(statistics), netlinktest.Numbers(1),
			texts("rx_drops"), netlinktest.Numbers(0x1d), netlinktest.Numbers(1), make([]byte, 8)))
}
