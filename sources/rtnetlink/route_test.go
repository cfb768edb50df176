package rtnetlink

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"reflect"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
	"netql/sources/netlink/netlinktest"
	"netql/sources/netlink/uapi"
)

func ip(text string) []byte { return netip.MustParseAddr(text).AsSlice() }

// header is struct rtmsg, or struct fib_rule_hdr.
func header(family, dstBits, srcBits, tos, table, protocol, scope, kind byte, flags uint32) []byte {
	return append([]byte{family, dstBits, srcBits, tos, table, protocol, scope, kind}, netlinktest.Numbers(flags)...)
}

// hop is struct rtnexthop and its attributes.
func hop(flags, weight byte, index uint32, attributes ...attr) []byte {
	b := with(append([]byte{0, 0, flags, weight - 1}, netlinktest.Numbers(index)...), attributes...)
	binary.NativeEndian.PutUint16(b, uint16(len(b)))
	return b
}

var (
	metricsOf = with(nil, attr{unix.RTAX_MTU, netlinktest.Numbers(1400)}, attr{unix.RTAX_LOCK, netlinktest.Numbers(4)},
		attr{unix.RTAX_CC_ALGO, []byte("reno\x00")}, attr{99, netlinktest.Numbers(1)})
	multipath = append(hop(4, 3, 7, attr{unix.RTA_GATEWAY, ip("192.0.2.1")}),
		hop(0, 1, 8, attr{unix.RTA_VIA, append([]byte{10, 0}, ip("fe80::1")...)},
			attr{unix.RTA_ENCAP_TYPE, []byte{2, 0}}, attr{unix.RTA_FLOW, netlinktest.Numbers(5)})...)
	single = with(header(unix.AF_INET6, 48, 64, 0, 254, 3, 0, 1, 0),
		attr{unix.RTA_TABLE, netlinktest.Numbers(4000000000)},
		attr{unix.RTA_DST, ip("2001:db8:1::")}, attr{unix.RTA_SRC, ip("2001:db8:2::")},
		attr{unix.RTA_PRIORITY, netlinktest.Numbers(1024)},
		attr{unix.RTA_OIF, netlinktest.Numbers(3)}, attr{unix.RTA_GATEWAY, ip("fe80::9")},
		attr{unix.RTA_PREFSRC, ip("2001:db8::1")},
		attr{unix.RTA_METRICS, metricsOf}, attr{unix.RTA_PREF, []byte{1}}, attr{200, []byte("newer")},
		attr{unix.RTA_CACHEINFO, append(append(append(netlinktest.Numbers(2), netlinktest.Numbers(150)...),
			netlinktest.Numbers(500)...), append(netlinktest.Numbers(0), netlinktest.Numbers(9)...)...)})
	several = with(header(unix.AF_INET, 0, 0, 16, 254, 2, 253, 1, 0), attr{uapi.RTA_NH_ID, netlinktest.Numbers(10)},
		attr{unix.RTA_FLOW, netlinktest.Numbers(1<<16 | 2)},
		attr{unix.RTA_MULTIPATH, multipath})
)

func TestParseRoute(t *testing.T) {
	r, err := parseRoute(single)
	if err != nil {
		t.Fatal(err)
	}
	mtu, hasMTU := r.Metrics.Get(MTU)
	_, hasRTT := r.Metrics.Get(RTT)
	if mtu != 1400 || !hasMTU || hasRTT || r.Metrics.Congestion != "reno" {
		t.Errorf("metrics %+v", r.Metrics)
	}
	r.Metrics, r.own = nil, [1]Nexthop{}
	want := &Route{
		Family: unix.AF_INET6, Type: 1, Protocol: 3, Table: 4000000000, Metric: 1024, HasMetric: true, Pref: 1,
		Dst: netip.MustParsePrefix("2001:db8:1::/48"), Src: netip.MustParsePrefix("2001:db8:2::/64"),
		PrefSrc:  netip.MustParseAddr("2001:db8::1"),
		Cache:    CacheInfo{References: 2, LastUse: 1500 * time.Millisecond, Expires: 5 * time.Second, Used: 9},
		Nexthops: r.Nexthops,
	}
	if !reflect.DeepEqual(r, want) {
		t.Errorf("%+v\nwant\n%+v", r, want)
	}

	if r, err = parseRoute(several); err != nil {
		t.Fatal(err)
	}
	hops := []Nexthop{
		{Gateway: netip.MustParseAddr("192.0.2.1"), Interface: 7, Weight: 3, Flags: Onlink},
		{Gateway: netip.MustParseAddr("fe80::1"), Interface: 8, Weight: 1, Encap: 2, Realms: 5},
	}
	if r.Dst.String() != "0.0.0.0/0" || r.Src.IsValid() || r.TOS != 16 || r.NexthopID != 10 || r.Realms != 1<<16|2 ||
		r.Pref != NoPreference || r.HasMetric {
		t.Errorf("%+v", r)
	}
	if !reflect.DeepEqual(r.Nexthops, hops) {
		t.Errorf("nexthops %+v", r.Nexthops)
	}
}

// TestBrokenRoutes: what lies about its length is refused.
func TestBrokenRoutes(t *testing.T) {
	path := func(b []byte) []byte {
		return with(header(unix.AF_INET, 0, 0, 0, 254, 0, 0, 1, 0), attr{unix.RTA_MULTIPATH, b})
	}
	long, short := hop(0, 1, 1), hop(0, 1, 1)
	long[0], short[0] = 9, 7
	for name, b := range map[string][]byte{
		"empty":            nil,
		"a short header":   single[:11],
		"a cut attribute":  single[:len(single)-3],
		"a short metric":   with(header(unix.AF_INET, 0, 0, 0, 0, 0, 0, 0, 0), attr{unix.RTA_PRIORITY, []byte{1}}),
		"33 bits":          header(unix.AF_INET, 33, 0, 0, 0, 0, 0, 0, 0),
		"129 bits":         header(unix.AF_INET6, 129, 0, 0, 0, 0, 0, 0, 0),
		"33 source bits":   header(unix.AF_INET, 0, 33, 0, 0, 0, 0, 0, 0),
		"a long nexthop":   path(long),
		"a short nexthop":  path(short),
		"half a nexthop":   path(hop(0, 1, 1)[:4]),
		"a torn nexthop":   path(append(hop(0, 1, 1), 1, 2, 3)),
		"a torn attribute": path(hop(0, 1, 1, attr{unix.RTA_ENCAP_TYPE, []byte{1}})),
		"torn metrics": with(header(unix.AF_INET, 0, 0, 0, 0, 0, 0, 0, 0),
			attr{unix.RTA_METRICS, []byte{20, 0, 2, 0}}),
	} {
		if r, err := parseRoute(b); !errors.Is(err, netlink.ErrTruncated) {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
	// What is only shorter than today's kernel has it, or of a size that no address has, is not there.
	r, err := parseRoute(with(header(unix.AF_INET, 8, 0, 0, 0, 0, 0, 0, 0), attr{unix.RTA_DST, ip("10.0.0.0")},
		attr{unix.RTA_CACHEINFO, netlinktest.Numbers(3)}, attr{unix.RTA_GATEWAY, []byte{1, 2, 3}},
		attr{unix.RTA_VIA, []byte{2}}, attr{unix.RTA_MULTIPATH, nil}))
	if err != nil || r.Cache != (CacheInfo{References: 3}) || r.Nexthops[0] != (Nexthop{}) || len(r.Nexthops) != 1 {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestDestination: read alone, a destination is that of the whole route.
func TestDestination(t *testing.T) {
	standard := with(header(unix.AF_INET6, 0, 0, 0, 0, 0, 0, 0, 0), attr{unix.RTA_OIF, netlinktest.Numbers(3)})
	for name, b := range map[string][]byte{"single": single, "several": several, "default": standard} {
		r, err := parseRoute(b)
		if err != nil {
			t.Fatal(err)
		}
		if dst, err := parseDestination(b); err != nil || dst != r.Dst {
			t.Errorf("%s: %v, %v, want %v", name, dst, err, r.Dst)
		}
	}
	if _, err := parseDestination(single[:5]); !errors.Is(err, netlink.ErrTruncated) {
		t.Errorf("half a header: %v", err)
	}
}
