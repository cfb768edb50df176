package rtnetlink

import (
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"net"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"netql/sources/lab"
	"netql/sources/netlink"
	"netql/sources/netlink/netlinktest"
	"netql/sources/netlink/uapi"
)

var order = binary.NativeEndian

// output is struct rtnexthop.
func output(ttl byte, index uint32) []byte {
	return append(order.AppendUint16(nil, unix.SizeofRtNexthop),
		append([]byte{0, ttl}, netlinktest.Numbers(index)...)...)
}

// multicastRoute is struct rtmsg and attributes.
func multicastRoute(family, table byte, flags uint32, attributes ...attr) []byte {
	return with(append([]byte{family, 32, 32, 0, table, unix.RTPROT_MROUTED, 0, unix.RTN_MULTICAST},
		netlinktest.Numbers(flags)...), attributes...)
}

var (
	toGroup    = attr{unix.RTA_DST, []byte{239, 1, 2, 3}}
	fromSource = attr{unix.RTA_SRC, []byte{198, 51, 100, 1}}
	resolved   = multicastRoute(Multicast4, 100, unix.RTNH_F_OFFLOAD, attr{unix.RTA_TABLE, netlinktest.Numbers(1000)},
		fromSource, toGroup, attr{unix.RTA_IIF, netlinktest.Numbers(3)},
		attr{unix.RTA_MULTIPATH, slices.Concat(output(1, 4), output(255, 1<<20))},
		attr{unix.RTA_MFC_STATS, longs(2, 256, 1)}, attr{unix.RTA_EXPIRES, longs(150)})
	unresolved = multicastRoute(Multicast4, 253, unix.RTNH_F_UNRESOLVED, fromSource, toGroup)
	emptyList  = multicastRoute(Multicast4, 253, 0, fromSource, toGroup, attr{unix.RTA_MULTIPATH, nil})
)

func vif(attributes ...attr) attr { return attr{uapi.IPMRA_VIF, with(nil, attributes...)} }

// multicastTable is struct ifinfomsg and a table.
func multicastTable(family byte, vifs ...attr) []byte {
	b := make([]byte, unix.SizeofIfInfomsg)
	b[0] = family
	return with(b, attr{unix.IFLA_AF_SPEC,
		with(nil, attr{uapi.IPMRA_TABLE_ID, netlinktest.Numbers(253)},
			attr{uapi.IPMRA_TABLE_VIFS, with(nil, vifs...)})})
}

var twoVifs = multicastTable(Multicast4,
	vif(attr{uapi.IPMRA_VIFA_IFINDEX, netlinktest.Numbers(3)}, attr{uapi.IPMRA_VIFA_VIF_ID, netlinktest.Numbers(0)},
		attr{uapi.IPMRA_VIFA_FLAGS, []byte{8, 0}}, attr{uapi.IPMRA_VIFA_BYTES_IN, longs(84)},
		attr{uapi.IPMRA_VIFA_PACKETS_IN, longs(1)},
		attr{uapi.IPMRA_VIFA_BYTES_OUT, longs(1 << 40)}, attr{uapi.IPMRA_VIFA_PACKETS_OUT, longs(2)},
		attr{uapi.IPMRA_VIFA_LOCAL_ADDR, []byte{198, 51, 100, 1}},
		attr{uapi.IPMRA_VIFA_REMOTE_ADDR, []byte{0, 0, 0, 0}}),
	vif(attr{uapi.IPMRA_VIFA_IFINDEX, netlinktest.Numbers(4)}, attr{uapi.IPMRA_VIFA_VIF_ID, netlinktest.Numbers(1)},
		attr{99, nil}))

func TestMulticastRoutes(t *testing.T) {
	shortStats := multicastRoute(Multicast4, 253, 0, toGroup, attr{unix.RTA_MFC_STATS, longs(1, 2)})
	for name, test := range map[string]struct {
		bodies  [][]byte
		failure error
		rows    []string
		want    error
	}{
		"resolved": {[][]byte{resolved}, nil,
			[]string{"1000 239.1.2.3 198.51.100.1 17 true true 3 [{4 1} {1048576 255}] 1.5s {2 256 1}"}, nil},
		"unresolved": {[][]byte{unresolved}, nil,
			[]string{"253 239.1.2.3 198.51.100.1 17 false false 0 [] 0s"}, nil},
		"no output": {[][]byte{emptyList}, nil, []string{"253 239.1.2.3 198.51.100.1 17 true false 0 [] 0s"},
			nil},
		"other families": {[][]byte{multicastRoute(unix.AF_INET, 254, 0, toGroup), {},
			multicastRoute(Multicast6, 254, 0)}, nil, nil, nil},
		"always interrupted": {[][]byte{unresolved}, netlink.ErrInterrupted,
			[]string{"253 239.1.2.3 198.51.100.1 17 false false 0 [] 0s"}, netlink.ErrInterrupted},
		"refused":        {nil, unix.EPERM, nil, unix.EPERM},
		"short header":   {[][]byte{resolved[:11]}, nil, nil, netlink.ErrTruncated},
		"torn attribute": {[][]byte{resolved[:33]}, nil, nil, netlink.ErrTruncated},
		"short group": {[][]byte{multicastRoute(Multicast4, 253, 0, attr{unix.RTA_DST, []byte{239, 1, 2}})},
			nil, nil, netlink.ErrTruncated},
		"short stats": {[][]byte{shortStats}, nil, nil, netlink.ErrTruncated},
		"torn output": {[][]byte{multicastRoute(Multicast4, 253, 0,
			attr{unix.RTA_MULTIPATH, output(1, 4)[:6]})}, nil, nil, netlink.ErrTruncated},
		"endless output": {[][]byte{multicastRoute(Multicast4, 253, 0,
			attr{unix.RTA_MULTIPATH, make([]byte, 8)})}, nil, nil, netlink.ErrTruncated},
		"an age that is over": {[][]byte{multicastRoute(Multicast4, 253, 0, toGroup, fromSource,
			attr{unix.RTA_EXPIRES, longs(1<<64 - 1)})}, nil,
			[]string{"253 239.1.2.3 198.51.100.1 17 false false 0 [] " +
				time.Duration(1<<63-1).Truncate(time.Second/100).String()}, nil},
	} {
		rows, err := drain(MulticastRoutes(t.Context(), answers(test.bodies, test.failure), Multicast4), routeText)
		if !slices.Equal(rows, test.rows) || !errors.Is(err, test.want) {
			t.Errorf("%s: %q, %v; want %q, %v", name, rows, err, test.rows, test.want)
		}
	}
}

func TestMulticastInterfaces(t *testing.T) {
	ordinary := message(1, "lo")
	for name, test := range map[string]struct {
		bodies [][]byte
		rows   []string
		want   error
	}{
		"two": {[][]byte{twoVifs},
			[]string{"253 0 3 8 84 1 1099511627776 2 198.51.100.1 0.0.0.0", "253 1 4 0 0 0 0 0 invalid IP invalid IP"},
			nil},
		"an empty table": {[][]byte{multicastTable(Multicast4)}, nil, nil},
		"ordinary links": {[][]byte{ordinary}, nil, nil},
		"short header":   {[][]byte{twoVifs[:15]}, nil, netlink.ErrTruncated},
		"torn":           {[][]byte{twoVifs[:len(twoVifs)-40]}, nil, netlink.ErrTruncated},
		"short counter": {[][]byte{multicastTable(Multicast4,
			vif(attr{uapi.IPMRA_VIFA_BYTES_IN, netlinktest.Numbers(1)}))},
			[]string{"253 0 0 0 0 0 0 0 invalid IP invalid IP"}, netlink.ErrTruncated},
	} {
		rows, err := drain(MulticastInterfaces(t.Context(), answers(test.bodies, nil)), vifText)
		if !slices.Equal(rows, test.rows) || !errors.Is(err, test.want) {
			t.Errorf("%s: %q, %v; want %q, %v", name, rows, err, test.rows, test.want)
		}
	}
}

func answers(bodies [][]byte, failure error) netlink.Transport {
	return netlinktest.Func(func(netlink.Request) (messages []netlink.Message, err error) {
		for _, b := range bodies {
			messages = append(messages, netlink.Message{Data: b})
		}
		return messages, failure
	})
}

// drain gives each element as text, and the error at the end.
func drain[T any](list iter.Seq2[T, error], text func(T) string) (texts []string, failure error) {
	for element, err := range list {
		if err != nil {
			return texts, err
		}
		texts = append(texts, text(element))
	}
	return texts, nil
}

func vifText(m MulticastInterface) string { return strings.Trim(fmt.Sprint(m), "{}") }

func routeText(r MulticastRoute) string {
	text := fmt.Sprint(r.Table, r.Group, r.Source, r.Protocol, r.Resolved, r.Offloaded, r.In, r.Out, r.Idle)
	if r.Stats != nil {
		text += fmt.Sprint(" ", *r.Stats)
	}
	return text
}

// TestMulticastLive makes a router, and reads what it has set up in two tables.
func TestMulticastLive(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Cable(t, "m0", "m0peer", "198.51.100.1/24", "2001:db8:a::1/64")
		four, six, other := lab.Router4(t, 0), lab.Router6(t, 0), lab.Router4(t, 1000)
		four.Vif(2, "m0", lab.VifUseIndex)
		other.Vif(7, "m0", lab.VifUseIndex)
		six.Vif(0, "m0", 0)
		four.Route("198.51.100.1", "239.1.2.3", 2, map[uint16]byte{2: 9})
		other.Route("0.0.0.0", "239.9.9.9", 7, map[uint16]byte{7: 1})
		six.Route("2001:db8:a::1", "ff0e::7", 0, nil)
		link, err := net.InterfaceByName("m0")
		if err != nil {
			t.Fatal(err)
		}
		index := strconv.Itoa(link.Index)
		for family, want := range map[uint8][]string{
			Multicast4: {
				"1000 239.9.9.9 0.0.0.0 17 true false " + index + " [{" + index + " 1}] 0s {0 0 0}",
				"253 239.1.2.3 198.51.100.1 17 true false " + index + " [{" + index + " 9}] 0s {0 0 0}",
			},
			Multicast6: {"254 ff0e::7 2001:db8:a::1 17 true false " + index + " [] 0s {0 0 0}"},
		} {
			rows, err := drain(MulticastRoutes(t.Context(), netlink.Kernel{}, family), func(r MulticastRoute) string {
				r.Idle = 0 // nonsense
				return routeText(r)
			})
			if err != nil {
				t.Fatal(err)
			}
			if slices.Sort(rows); !slices.Equal(rows, want) {
				t.Errorf("%d: %q, want %q", family, rows, want)
			}
		}
		vifs, err := drain(MulticastInterfaces(t.Context(), netlink.Kernel{}), vifText)
		slices.Sort(vifs)
		if err != nil || len(vifs) != 2 || !strings.HasPrefix(vifs[0], "1000 7 "+index+" 8 0 0 0 0 ") ||
			!strings.HasPrefix(vifs[1], "253 2 "+index+" 8 0 0 0 0 ") {
			t.Errorf("%q, %v", vifs, err)
		}
	})
}
