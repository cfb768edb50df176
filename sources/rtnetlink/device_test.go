package rtnetlink

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"reflect"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources/lab"
	"netql/sources/netlink"
	"netql/sources/netlink/netlinktest"
	"netql/sources/netlink/uapi"
)

// deviceMessage writes struct ifinfomsg and attributes.
func deviceMessage(kind uint16, index, flags uint32, list ...attr) []byte {
	b := make([]byte, unix.SizeofIfInfomsg)
	binary.NativeEndian.PutUint16(b[2:], kind)
	binary.NativeEndian.PutUint32(b[4:], index)
	binary.NativeEndian.PutUint32(b[8:], flags)
	return append(b, with(nil, list...)...)
}

// full is a device with about everything.
func full() []byte {
	return deviceMessage(unix.ARPHRD_ETHER, 7, unix.IFF_UP|unix.IFF_RUNNING,
		attr{unix.IFLA_IFNAME, []byte("eth0\x00")}, attr{unix.IFLA_MTU, netlinktest.Numbers(1500)},
		attr{unix.IFLA_MIN_MTU, netlinktest.Numbers(68)}, attr{unix.IFLA_MAX_MTU, netlinktest.Numbers(9000)},
		attr{unix.IFLA_TXQLEN, netlinktest.Numbers(1000)}, attr{unix.IFLA_OPERSTATE, []byte{6}},
		attr{unix.IFLA_LINKMODE, []byte{1}}, attr{unix.IFLA_CARRIER, []byte{1}},
		attr{unix.IFLA_CARRIER_CHANGES, netlinktest.Numbers(5)},
		attr{unix.IFLA_CARRIER_UP_COUNT, netlinktest.Numbers(3)},
		attr{unix.IFLA_CARRIER_DOWN_COUNT, netlinktest.Numbers(2)},
		attr{unix.IFLA_PROTO_DOWN, []byte{1}}, attr{unix.IFLA_NUM_TX_QUEUES, netlinktest.Numbers(8)},
		attr{unix.IFLA_NUM_RX_QUEUES, netlinktest.Numbers(4)}, attr{unix.IFLA_GROUP, netlinktest.Numbers(9)},
		attr{unix.IFLA_PROMISCUITY, netlinktest.Numbers(1)}, attr{unix.IFLA_ALLMULTI, netlinktest.Numbers(2)},
		attr{unix.IFLA_MASTER, netlinktest.Numbers(3)}, attr{unix.IFLA_LINK, netlinktest.Numbers(4)},
		attr{unix.IFLA_LINK_NETNSID, netlinktest.Numbers(0)}, attr{unix.IFLA_QDISC, []byte("mq\x00")},
		attr{unix.IFLA_IFALIAS, []byte("an alias\x00")},
		attr{unix.IFLA_PROP_LIST, with(nil, attr{unix.IFLA_ALT_IFNAME, []byte("long\x00")},
			attr{unix.IFLA_ALT_IFNAME, []byte("other\x00")})},
		attr{unix.IFLA_ADDRESS, []byte{2, 0, 0, 0, 0, 1}},
		attr{unix.IFLA_BROADCAST, []byte{255, 255, 255, 255, 255, 255}},
		attr{unix.IFLA_PERM_ADDRESS, []byte{2, 0, 0, 0, 0, 2}},
		attr{unix.IFLA_PARENT_DEV_NAME, []byte("0000:00:03.0\x00")},
		attr{unix.IFLA_PARENT_DEV_BUS_NAME, []byte("pci\x00")},
		attr{unix.IFLA_GSO_MAX_SIZE, netlinktest.Numbers(65536)},
		attr{unix.IFLA_GSO_MAX_SEGS, netlinktest.Numbers(65535)},
		attr{unix.IFLA_GRO_MAX_SIZE, netlinktest.Numbers(65537)},
		attr{unix.IFLA_TSO_MAX_SIZE, netlinktest.Numbers(65538)},
		attr{unix.IFLA_LINKINFO, with(nil, attr{unix.IFLA_INFO_KIND, []byte("vxlan")},
			attr{unix.IFLA_INFO_SLAVE_KIND, []byte("bridge")},
			attr{unix.IFLA_INFO_DATA, with(nil, attr{unix.IFLA_VXLAN_ID, netlinktest.Numbers(42)},
				attr{unix.IFLA_VXLAN_LOCAL, []byte{192, 0, 2, 1}},
				attr{unix.IFLA_VXLAN_GROUP6, netip.MustParseAddr("ff05::1").AsSlice()})})},
		attr{unix.IFLA_XDP, with(nil, attr{unix.IFLA_XDP_ATTACHED, []byte{2}},
			attr{unix.IFLA_XDP_PROG_ID, netlinktest.Numbers(12)},
			attr{unix.IFLA_XDP_SKB_PROG_ID, netlinktest.Numbers(12)})},
		attr{unix.IFLA_STATS, make([]byte, 96)}, attr{unix.IFLA_STATS64, longs(1, 2, 3, 1<<63)},
		attr{900, []byte("of a newer kernel")},
	)
}

func TestParseDevice(t *testing.T) {
	got, err := parseDevice(full())
	if err != nil {
		t.Fatal(err)
	}
	want := &Device{
		Link: Link{7, "eth0"}, Type: unix.ARPHRD_ETHER, Flags: unix.IFF_UP | unix.IFF_RUNNING, OperState: 6,
		LinkMode: 1, Carrier: true,
		CarrierChanges: 5, CarrierUps: 3, CarrierDowns: 2, ProtoDown: true, MTU: 1500, MinMTU: 68, MaxMTU: 9000,
		TxQueueLength: 1000, TxQueues: 8, RxQueues: 4,
		GSOMaxSize: 65536, GSOMaxSegments: 65535, GROMaxSize: 65537, TSOMaxSize: 65538, Qdisc: "mq", Group: 9,
		Promiscuity: 1, AllMulti: 2,
		Alias: "an alias", AltNames: []string{"long", "other"}, Address: "\x02\x00\x00\x00\x00\x01",
		PermanentAddress: "\x02\x00\x00\x00\x00\x02",
		Broadcast:        "\xff\xff\xff\xff\xff\xff", Master: 3, Lower: 4, Parent: "0000:00:03.0", ParentBus: "pci",
		Kind: "vxlan", SlaveKind: "bridge",
		Detail: Detail{VNI: 42, HasVNI: true, Local: netip.MustParseAddr("192.0.2.1"),
			Remote: netip.MustParseAddr("ff05::1")},
		XDP: XDP{2, 12}, Counters: parseCounters(longs(1, 2, 3, 1<<63), 8), Present: got.Present,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("\n%+v\nwant\n%+v", got, want)
	}
	if !got.Has(unix.IFLA_MTU) || got.Has(unix.IFLA_NUM_VF) || got.Has(900) || !got.HasLowerNamespace() {
		t.Errorf("attributes %b", got.Present)
	}
}

// TestParseDeviceParts: kinds, tunnels, XDP in more than one way, 32-bit counters, and what is broken.
func TestParseDeviceParts(t *testing.T) {
	info := func(kind string, data ...attr) attr {
		return attr{unix.IFLA_LINKINFO,
			with(nil, attr{unix.IFLA_INFO_KIND, []byte(kind + "\x00")}, attr{unix.IFLA_INFO_DATA, with(nil, data...)})}
	}
	for name, test := range map[string]struct {
		kind uint16
		attr attr
		want func(*Device) bool
		err  error
	}{
		"vlan": {0, info("vlan", attr{unix.IFLA_VLAN_ID, []byte{17, 0}}),
			func(d *Device) bool { return d.Detail.VLAN == binary.NativeEndian.Uint16([]byte{17, 0}) }, nil},
		"vrf": {0, info("vrf", attr{unix.IFLA_VRF_TABLE, netlinktest.Numbers(10)}),
			func(d *Device) bool { return d.Detail.Table == 10 }, nil},
		"geneve": {0,
			info("geneve", attr{unix.IFLA_GENEVE_ID, netlinktest.Numbers(0)},
				attr{unix.IFLA_GENEVE_REMOTE, []byte{192, 0, 2, 7}}),
			func(d *Device) bool { return d.Detail.HasVNI && d.Detail.Remote == netip.MustParseAddr("192.0.2.7") },
			nil},
		"bond": {0, info("bond", attr{unix.IFLA_BOND_MODE, []byte{4}}),
			func(d *Device) bool { return d.Detail.HasMode && d.Detail.Mode == 4 }, nil},
		"tap": {0, info("tun", attr{unix.IFLA_TUN_TYPE, []byte{2}}),
			func(d *Device) bool { return d.Detail.Mode == 2 }, nil},
		"macvtap": {0, info("macvtap", attr{unix.IFLA_MACVLAN_MODE, netlinktest.Numbers(4)}),
			func(d *Device) bool { return d.Detail.Mode == 4 }, nil},
		"ipvlan": {0, info("ipvlan", attr{unix.IFLA_IPVLAN_MODE, []byte{0, 0}}),
			func(d *Device) bool { return d.Detail.HasMode && d.Detail.Mode == 0 }, nil},
		"other kind": {0, info("wireguard", attr{1, []byte{1}}),
			func(d *Device) bool { return d.Kind == "wireguard" && d.Detail == Detail{} }, nil},
		"bad detail": {0, info("vrf", attr{unix.IFLA_VRF_TABLE, []byte{1}}),
			func(d *Device) bool { return d.Kind == "vrf" }, netlink.ErrTruncated},
		"tunnel": {unix.ARPHRD_TUNNEL, attr{unix.IFLA_ADDRESS, []byte{192, 0, 2, 1}},
			func(d *Device) bool { return d.IsTunnel() && d.Detail.Local == netip.MustParseAddr("192.0.2.1") }, nil},
		"any end": {unix.ARPHRD_IPGRE, attr{unix.IFLA_ADDRESS, make([]byte, 4)},
			func(d *Device) bool { return !d.Detail.Local.IsValid() }, nil},
		"other namespace unknown": {0, attr{unix.IFLA_LINK_NETNSID, netlinktest.Numbers(1<<32 - 1)},
			func(d *Device) bool { return !d.HasLowerNamespace() }, nil},
		"two XDP programs": {0, attr{unix.IFLA_XDP,
			with(nil, attr{unix.IFLA_XDP_ATTACHED, []byte{4}}, attr{unix.IFLA_XDP_SKB_PROG_ID, netlinktest.Numbers(1)},
				attr{unix.IFLA_XDP_DRV_PROG_ID, netlinktest.Numbers(2)})},
			func(d *Device) bool { return d.XDP == XDP{4, 2} }, nil},
		"old counters": {0, attr{unix.IFLA_STATS, append(netlinktest.Numbers(5), netlinktest.Numbers(1<<32-1)...)},
			func(d *Device) bool {
				packets, ok := d.Counters.Get(TxPackets)
				_, more := d.Counters.Get(RxBytes)
				return packets == 1<<32-1 && ok && !more
			}, nil},
		"more counters": {0, attr{unix.IFLA_STATS64, make([]byte, 40*8+3)}, func(d *Device) bool {
			_, last := d.Counters.Get(RxOtherHostDropped)
			_, beyond := d.Counters.Get(counters)
			return last && !beyond
		}, nil},
		"short number": {0, attr{unix.IFLA_MTU, []byte{1}}, func(d *Device) bool { return d.MTU == 0 },
			netlink.ErrTruncated},
	} {
		d, err := parseDevice(deviceMessage(test.kind, 1, 0, test.attr))
		if !errors.Is(err, test.err) || d == nil || !test.want(d) {
			t.Errorf("%s: %+v, %v", name, d, err)
		}
	}
	if _, err := parseDevice(full()[:15]); !errors.Is(err, netlink.ErrTruncated) {
		t.Errorf("a short link: %v", err)
	}
}

// TestDevicesMask: counters are left out where they are not wanted, as far as the kernel does that.
func TestDevicesMask(t *testing.T) {
	for wanted, mask := range map[bool]uint32{true: 0, false: uapi.RTEXT_FILTER_SKIP_STATS} {
		transport := netlinktest.Func(func(r netlink.Request) ([]netlink.Message, error) {
			for a := netlink.DecodeAttributes(r.Payload[unix.SizeofIfInfomsg:]); a.Next(); {
				if a.Type() == unix.IFLA_EXT_MASK && a.Uint32() != mask {
					t.Errorf("counters %v: mask %d", wanted, a.Uint32())
				}
			}
			return []netlink.Message{{Data: full()}}, nil
		})
		devices, err := collect(Devices(t.Context(), transport, wanted))
		if len(devices) != 1 || err != nil {
			t.Errorf("%v, %v", devices, err)
		}
	}
}

func TestDevicesLive(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Link(t, "lab0")
		devices, err := collect(Devices(t.Context(), netlink.Kernel{}, true))
		if err != nil || len(devices) < 2 || devices[0].Name != "lo" || devices[0].Type != unix.ARPHRD_LOOPBACK ||
			devices[0].Flags&unix.IFF_UP == 0 {
			t.Fatalf("%v, %v", devices, err)
		}
		for _, d := range devices {
			if _, ok := d.Counters.Get(RxBytes); !ok || d.MTU == 0 {
				t.Errorf("%+v", d)
			}
		}
	})
}
