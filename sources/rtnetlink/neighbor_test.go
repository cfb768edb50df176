package rtnetlink

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"reflect"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
	"netql/sources/netlink/netlinktest"
	"netql/sources/netlink/uapi"
)

// neighborMessage writes struct ndmsg and the attributes that a kernel sends for an IPv4 neighbour.
func encodeNeighbor() []byte {
	b := []byte{unix.AF_INET, 0, 0, 0}
	b = append(b, netlinktest.Numbers(7)...)
	b = binary.NativeEndian.AppendUint16(b, unix.NUD_STALE)
	b = append(b, unix.NTF_ROUTER, unix.RTN_UNICAST)
	b = netlink.AppendAttribute(b, unix.NDA_DST, []byte{192, 0, 2, 1})
	b = netlink.AppendAttribute(b, unix.NDA_LLADDR, []byte{2, 0, 0, 0, 0, 1})
	b = netlink.AppendAttribute(b, uapi.NDA_PROTOCOL, []byte{4})
	b = netlink.AppendAttribute(b, uapi.NDA_FLAGS_EXT, netlinktest.Numbers(1))
	b = netlink.AppendAttribute(b, unix.NDA_PROBES, netlinktest.Numbers(3))
	b = netlink.AppendAttribute(b, 99, []byte("of a newer kernel"))
	return netlink.AppendAttribute(b, unix.NDA_CACHEINFO, netlinktest.Numbers(100, 250, 1, 2))
}

func TestParseNeighbor(t *testing.T) {
	want := Neighbor{
		Family: unix.AF_INET, Index: 7, State: unix.NUD_STALE, Flags: NeighborRouter | NeighborManaged,
		Kind: unix.RTN_UNICAST,
		Addr: netip.MustParseAddr("192.0.2.1"), LinkAddr: "\x02\x00\x00\x00\x00\x01", Protocol: 4, Probes: 3,
		Cache: &NeighborCache{Confirmed: time.Second, Used: 2500 * time.Millisecond, Updated: 10 * time.Millisecond,
			References: 2},
	}
	whole := encodeNeighbor()
	if got, err := parseNeighbor(whole); err != nil || !reflect.DeepEqual(*got, want) {
		t.Errorf("%+v, %v, want %+v", got, err, want)
	}
	longer := slices.Concat(whole[:len(whole)-20],
		netlink.AppendAttribute(nil, unix.NDA_CACHEINFO, netlinktest.Numbers(100, 250, 1, 2, 9, 9)))
	if got, err := parseNeighbor(longer); err != nil || !reflect.DeepEqual(*got, want) {
		t.Errorf("with a longer struct: %+v, %v", got, err)
	}
	odd := netlink.AppendAttribute(netlink.AppendAttribute(whole[:12:12], unix.NDA_DST, []byte{1, 2, 3}),
		unix.NDA_CACHEINFO, netlinktest.Numbers(1))
	if got, err := parseNeighbor(odd); err != nil || got.Addr.IsValid() || got.Cache != nil || got.LinkAddr != "" ||
		got.Proxy() {
		t.Errorf("with what is too short: %+v, %v", got, err)
	}
	for size, want := range map[int]error{0: netlink.ErrTruncated, 11: netlink.ErrTruncated, 12: nil,
		18: netlink.ErrTruncated, 60: netlink.ErrTruncated} {
		if _, err := parseNeighbor(whole[:size]); !errors.Is(err, want) {
			t.Errorf("%d bytes: %v, want %v", size, err, want)
		}
	}
}

// TestNeighborsRequest: which dump is asked for, and that one which changed is read again.
func TestNeighborsRequest(t *testing.T) {
	type asked struct {
		family, flags byte
		attributes    string
	}
	third := string(netlink.AppendAttribute(nil, unix.NDA_IFINDEX, netlinktest.Numbers(3)))
	for query, want := range map[NeighborQuery]asked{
		{}:                                   {},
		{Family: unix.AF_INET6}:              {family: unix.AF_INET6},
		{Family: unix.AF_INET6, Proxy: true}: {family: unix.AF_INET6, flags: unix.NTF_PROXY},
		{Interface: 3}:                       {attributes: third},
		{Interface: 3, Proxy: true}:          {flags: unix.NTF_PROXY, attributes: third},
	} {
		times := 0
		transport := netlinktest.Func(func(r netlink.Request) ([]netlink.Message, error) {
			times++
			b := r.Payload
			if r.Type != unix.RTM_GETNEIGH || b[0] != want.family || b[10] != want.flags ||
				string(b[unix.SizeofNdMsg:]) != want.attributes {
				t.Errorf("%+v: asked %+v", query, r)
			}
			messages := []netlink.Message{{Type: unix.RTM_NEWNEIGH, Data: encodeNeighbor()}}
			if times == 1 {
				return messages, netlink.ErrInterrupted
			}
			return messages, nil
		})
		found := 0
		for _, err := range Neighbors(t.Context(), transport, query) {
			if err != nil {
				t.Error(err)
			}
			found++
		}
		if times != 2 || found != 1 {
			t.Errorf("%+v: asked %d times, %d neighbours", query, times, found)
		}
	}
}
