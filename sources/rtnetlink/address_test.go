package rtnetlink

import (
	"errors"
	"net/netip"
	"os"
	"reflect"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"netql/sources/lab"
	"netql/sources/netlink"
	"netql/sources/netlink/netlinktest"
	"netql/sources/netlink/uapi"
)

// addressMessage writes struct ifaddrmsg and attributes.
func encodeAddress(family, bits, flags, scope byte, list ...attr) []byte {
	b := append([]byte{family, bits, flags, scope}, netlinktest.Numbers(3)...)
	return append(b, with(nil, list...)...)
}

func TestParseAddress(t *testing.T) {
	own, peer := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
	six, sixPeer := netip.MustParseAddr("2001:db8::1"), netip.MustParseAddr("2001:db8::2")
	times := append(append(append(netlinktest.Numbers(1<<32-1), netlinktest.Numbers(60)...),
		netlinktest.Numbers(250)...), netlinktest.Numbers(300)...)
	for name, test := range map[string]struct {
		message []byte
		want    Address
		err     error
	}{
		"inet": {encodeAddress(unix.AF_INET, 24, 0x80, unix.RT_SCOPE_UNIVERSE, attr{unix.IFA_ADDRESS, own.AsSlice()},
			attr{unix.IFA_LOCAL, own.AsSlice()},
			attr{unix.IFA_BROADCAST, []byte{192, 0, 2, 255}}, attr{unix.IFA_LABEL, []byte("eth0:1\x00")},
			attr{unix.IFA_FLAGS, netlinktest.Numbers(0x280)},
			attr{unix.IFA_RT_PRIORITY, netlinktest.Numbers(5)}, attr{uapi.IFA_PROTO, []byte{2}},
			attr{unix.IFA_CACHEINFO, times}, attr{77, nil}),
			Address{Family: unix.AF_INET, Bits: 24, Flags: 0x280, Local: own,
				Broadcast: netip.MustParseAddr("192.0.2.255"), Label: "eth0:1", Metric: 5, Protocol: 2,
				Lifetimes: &Lifetimes{Forever, Lifetime(time.Minute), 2500 * time.Millisecond, 3 * time.Second}}, nil},
		"point to point": {encodeAddress(unix.AF_INET, 32, 0, 0, attr{unix.IFA_ADDRESS, peer.AsSlice()},
			attr{unix.IFA_LOCAL, own.AsSlice()}),
			Address{Family: unix.AF_INET, Bits: 32, Local: own, Remote: peer}, nil},
		"inet6": {encodeAddress(unix.AF_INET6, 64, 0x80, unix.RT_SCOPE_LINK, attr{unix.IFA_ADDRESS, six.AsSlice()}),
			Address{Family: unix.AF_INET6, Bits: 64, Flags: 0x80, Scope: unix.RT_SCOPE_LINK, Local: six}, nil},
		"inet6 with a peer": {encodeAddress(unix.AF_INET6, 64, 0, 0, attr{unix.IFA_LOCAL, six.AsSlice()},
			attr{unix.IFA_ADDRESS, sixPeer.AsSlice()}),
			Address{Family: unix.AF_INET6, Bits: 64, Local: six, Remote: sixPeer}, nil},
		"short lifetimes": {encodeAddress(unix.AF_INET, 8, 0, 0, attr{unix.IFA_LOCAL, own.AsSlice()},
			attr{unix.IFA_CACHEINFO, times[:15]}),
			Address{Family: unix.AF_INET, Bits: 8, Local: own}, nil},
		"no address": {encodeAddress(unix.AF_INET, 8, 0, 0, attr{unix.IFA_LOCAL, []byte{1, 2}}),
			Address{Family: unix.AF_INET, Bits: 8}, nil},
		"short flags": {encodeAddress(unix.AF_INET, 8, 0, 0, attr{unix.IFA_FLAGS, []byte{1}}),
			Address{Family: unix.AF_INET, Bits: 8}, netlink.ErrTruncated},
	} {
		test.want.Index = 3
		got, err := parseAddress(test.message)
		if !errors.Is(err, test.err) || !reflect.DeepEqual(got, &test.want) {
			t.Errorf("%s:\n%+v, %v\nwant\n%+v", name, got, err, test.want)
		}
	}
	if _, err := parseAddress(make([]byte, 7)); !errors.Is(err, netlink.ErrTruncated) {
		t.Errorf("a short address: %v", err)
	}
}

func TestAddressesLive(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Link(t, "lab0")
		found := map[string]bool{}
		for a, err := range Addresses(t.Context(), netlink.Kernel{}) {
			if err != nil || a.Lifetimes == nil || a.Lifetimes.Valid != Forever {
				t.Fatalf("%+v, %v", a, err)
			}
			found[netip.PrefixFrom(a.Local, a.Bits).String()] = true
		}
		for _, want := range []string{"127.0.0.1/8", "::1/128", "192.0.2.1/24", "fe80::1/64"} {
			if !found[want] {
				t.Errorf("no %s among %v", want, found)
			}
		}
	})
}

// TestNamespaceOf: a namespace gets its number when a link leads there.
func TestNamespaceOf(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		if id, ok, err := NamespaceOfProcess(t.Context(), netlink.Kernel{}, os.Getpid()); ok || err != nil {
			t.Errorf("our own: %d, %v, %v", id, ok, err)
		}
		if _, _, err := NamespaceOfProcess(t.Context(), netlink.Kernel{}, 1<<30); !errors.Is(err, unix.ESRCH) {
			t.Errorf("no such process: %v", err)
		}
		file, err := os.Open("/proc/self/ns/net")
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		if id, ok, err := NamespaceOfFile(t.Context(), netlink.Kernel{}, file.Name(), 1); ok || err != nil {
			t.Errorf("our own: %d, %v, %v", id, ok, err)
		}
	})
	transport := netlinktest.Func(func(netlink.Request) ([]netlink.Message, error) {
		return []netlink.Message{{Data: append(make([]byte, 4),
			with(nil, attr{unix.NETNSA_NSID, netlinktest.Numbers(6)})...)}}, nil
	})
	if id, ok, err := NamespaceOfProcess(t.Context(), transport, 1); id != 6 || !ok || err != nil {
		t.Errorf("%d, %v, %v", id, ok, err)
	}
	if _, err := parseNamespace([]byte{1}); !errors.Is(err, netlink.ErrTruncated) {
		t.Errorf("a short namespace: %v", err)
	}
}
